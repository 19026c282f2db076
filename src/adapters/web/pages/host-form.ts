import { type DomainName, parseDomainName } from '../../../domain/domain-name.ts';
import { durationText, parseDuration } from '../../../domain/duration.ts';
import { invalid, type Parsed } from '../../../domain/errors.ts';
import type { HostSettings } from '../../../domain/host-settings.ts';
import { parseIpv6 } from '../../../domain/ip-address.ts';
import type { SeenSummary } from '../../../domain/seen-event.ts';
import { parseTtl } from '../../../domain/ttl.ts';
import type { User } from '../../../domain/user.ts';
import { field, form } from '../components.ts';
import { readField, readForm, type Tried, type Typed } from '../forms.ts';
import { type Content, html } from '../html.ts';
import type { Visit } from '../visit.ts';

/** The settings of a host that its user may change. */
export function readHostChange(
  typed: Typed,
  host: DomainName,
  user: User,
  reasons: Readonly<Record<string, string>>,
) {
  // Only names of one's own: reports of others must not move a host.
  const parseOwnName = (text: string): Parsed<DomainName> => {
    const name = parseDomainName(text);
    if (!name.ok) return name;
    if (name.value === host) return invalid('a host cannot follow itself');
    return user.domains.includes(name.value) ? name : invalid('this is none of your names');
  };
  const fields = {
    ttl: readField(parseTtl),
    follows: readField(parseOwnName),
    interfaceId: readField(parseIpv6),
    expect: readField(parseDuration),
  };
  return readForm(typed, fields, reasons);
}

export function addressForm(
  visit: Visit,
  path: string,
  summary: SeenSummary | undefined,
  { typed, errors = {} }: Tried,
): Content {
  const { host } = visit.words;
  const value = (family: 'ipv4' | 'ipv6') => typed?.[family] ?? summary?.addresses[family]?.join(' ') ?? '';
  return form(
    visit,
    `${path}/addresses`,
    html`${field('ipv4', host.ipv4, { value: value('ipv4'), error: errors['ipv4'], optional: true })}
${field('ipv6', host.ipv6, { value: value('ipv6'), error: errors['ipv6'], optional: true, hint: host.leave })}
<div><button>${host.setAddresses}</button></div>`,
    'stack',
  );
}

export function settingsForm(
  visit: Visit,
  path: string,
  settings: HostSettings,
  { typed, errors = {} }: Tried,
): Content {
  const { host } = visit.words;
  const written: Readonly<Record<string, string | undefined>> = {
    ttl: settings.ttl?.toString(),
    follows: settings.follows,
    interfaceId: settings.interfaceId?.text,
    expect: settings.expect === undefined ? undefined : durationText(settings.expect),
  };
  const setting = (name: string, label: string, hint: string) =>
    field(name, label, {
      value: typed?.[name] ?? written[name] ?? '',
      error: errors[name],
      optional: true,
      hint,
    });
  return form(
    visit,
    `${path}/settings`,
    html`${setting('ttl', host.ttl, host.ttlHint)}
${setting('expect', host.expect, host.expectHint)}
${setting('follows', host.follows, host.followsHint)}
${setting('interfaceId', host.interfaceId, host.interfaceIdHint)}
<div><button>${host.save}</button></div>`,
    'stack',
  );
}
