import { invalid, type Parsed, valid } from '../../domain/errors.ts';
import { encodeName } from './name.ts';
import { ifReadable } from './wire-fault.ts';

const FORM = 'a mailbox is written like hostmaster@example.org';

/** Parses `jo.doe@example.org`, or its form in a SOA, `jo\.doe.example.org` (RFC 1035 section 8). Gives the latter. */
export function parseMailbox(text: string): Parsed<string> {
  const [local = '', domain, ...excess] = text.split('@');
  if (local === '' || domain === '' || excess.length > 0 || /\s/.test(text)) return invalid(FORM);
  const name = domain === undefined ? local : `${local.replaceAll('.', '\\.')}.${domain}`;
  const relative = name.endsWith('.') ? name.slice(0, -1) : name;
  return ifReadable(() => encodeName(relative)) === undefined ? invalid(FORM) : valid(relative);
}
