import { type DomainName, parseDomainName } from '../../../domain/domain-name.ts';
import { parseDuration } from '../../../domain/duration.ts';
import { invalid, type Parsed } from '../../../domain/errors.ts';
import { parseIpv6 } from '../../../domain/ip-address.ts';
import { parseTtl } from '../../../domain/ttl.ts';
import type { User } from '../../../domain/user.ts';
import { readField, readForm } from '../forms.ts';

/** The settings of a host that its user may change. */
export function readHostChange(
  typed: Readonly<Record<string, string>>,
  user: User,
  reasons: Readonly<Record<string, string>>,
) {
  // Only names of one's own: reports of others must not move a host.
  const parseOwnName = (text: string): Parsed<DomainName> => {
    const name = parseDomainName(text);
    return !name.ok || user.domains.includes(name.value) ? name : invalid('this is none of your names');
  };
  const fields = {
    ttl: readField(parseTtl),
    follows: readField(parseOwnName),
    interfaceId: readField(parseIpv6),
    expect: readField(parseDuration),
  };
  return readForm(typed, fields, reasons);
}
