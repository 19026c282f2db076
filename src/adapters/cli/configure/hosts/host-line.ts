import type { HostSettings } from '../../../../domain/host-settings.ts';

/** `nas.example.org: follows=home.example.org interface_id=::a:b:c:d`, by the names of the configuration. */
export function hostLine({ name, follows, interfaceId, prefixLength, ttl, offline }: HostSettings): string {
  const settings = [
    ['follows', follows],
    ['interface_id', interfaceId?.text],
    ['prefix_length', prefixLength],
    ['ttl', ttl],
    ['offline', offline || undefined],
  ].filter(([, value]) => value !== undefined);
  const known = settings.map(([setting, value]) => `${setting}=${value}`);
  return `${name}: ${known.length === 0 ? '(nothing)' : known.join(' ')}`;
}
