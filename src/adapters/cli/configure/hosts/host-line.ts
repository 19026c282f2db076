import { durationText } from '../../../../domain/duration.ts';
import type { HostSettings } from '../../../../domain/host-settings.ts';

/** `nas.example.org: follows=home.example.org interface_id=::a:b:c:d`, with the keys of the configuration. */
export function hostLine(host: HostSettings): string {
  const { name, follows, interfaceId, prefixLength, ttl, offline, expect, offlineAfter } = host;
  const settings = [
    ['follows', follows],
    ['interface_id', interfaceId?.text],
    ['prefix_length', prefixLength],
    ['ttl', ttl],
    ['offline', offline || undefined],
    ['expect', expect && durationText(expect)],
    ['offline_after', offlineAfter && durationText(offlineAfter)],
  ].filter(([, value]) => value !== undefined);
  const known = settings.map(([setting, value]) => `${setting}=${value}`);
  return `${name}: ${known.length === 0 ? '(nothing)' : known.join(' ')}`;
}
