import { invalid, type Parsed, valid } from './errors.ts';

declare const brand: unique symbol;

/**
 * A domain name as the DNS compares it: lower case, A-labels, no final dot (RFC 1035 section 2.3, RFC 5890).
 * The root is the empty string. Two names are the same name exactly when the strings are equal.
 */
export type DomainName = string & { readonly [brand]: 'DomainName' };

/** Octets of a label (RFC 1035 section 2.3.4). */
const MAX_LABEL = 63;
/** Characters of a name without its final dot. Such a name takes at most 255 octets on the wire. */
const MAX_NAME = 253;

/** Letters, digits, hyphens inside (RFC 1123 section 2.1), and underscores (RFC 8552) anywhere. */
const LABEL = /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?$/;

/**
 * Reads a name that a person or a client wrote: any case, with or without the final dot, U-labels or A-labels,
 * perhaps with `*` as its first label (RFC 4592).
 */
export function parseDomainName(text: string): Parsed<DomainName> {
  if (text === '' || text === '.') return invalid('a domain name is needed');
  // Far above any limit of the DNS. It only keeps very long input from costing time below.
  if (text.length > 1024) return invalid('a domain name has at most 253 characters');

  const ascii = toAscii(text);
  if (ascii === undefined) return invalid('the international characters form no domain name (RFC 5890)');
  const name = ascii.endsWith('.') ? ascii.slice(0, -1) : ascii;
  if (name.length > MAX_NAME) return invalid('a domain name has at most 253 characters');

  const labels = name.split('.');
  for (const [index, label] of labels.entries()) {
    if (label === '') return invalid('a domain name has no empty labels');
    if (label.length > MAX_LABEL) return invalid('a label of a domain name has at most 63 characters');
    if (label === '*' && index === 0 && labels.length > 1) continue;
    if (!LABEL.test(label)) {
      return invalid(
        label.includes('*')
          ? 'an asterisk stands only as the whole first label'
          : 'a label is made of letters, digits, underscores and inner hyphens',
      );
    }
  }
  return valid(name as DomainName);
}

/** Like {@link parseDomainName} for the name of a zone. */
export function parseZone(text: string): Parsed<DomainName> {
  const name = parseDomainName(text);
  return name.ok && name.value.startsWith('*') ? invalid('a zone has no asterisk') : name;
}

/**
 * Like {@link parseDomainName} for a name that is to be granted. Refuses addresses and single labels, which are
 * mistakes.
 */
export function parseGrantedName(text: string): Parsed<DomainName> {
  if (/^[\d.]+$/.test(text) || text.includes(':')) {
    return invalid('that is an address; a name is granted, such as home.example.org');
  }
  const name = parseDomainName(text);
  return name.ok && !name.value.includes('.')
    ? invalid('a whole name is needed, such as home.example.org')
    : name;
}

/** Like {@link parseDomainName} for names that the program itself writes. Throws a TypeError. */
export function domainName(text: string): DomainName {
  const parsed = parseDomainName(text);
  if (!parsed.ok) throw new TypeError(`"${text}": ${parsed.reason}`);
  return parsed.value;
}

/** True for `zone` itself and for every name below it, on label boundaries. */
export function isAtOrBelow(name: DomainName, zone: DomainName): boolean {
  return zone === '' || name === zone || name.endsWith(`.${zone}`);
}

/** The name without its first label: `a.b.c` → `b.c`, and the root (empty) above a single label. */
export function parentOf(name: DomainName): DomainName {
  const dot = name.indexOf('.');
  return (dot === -1 ? '' : name.slice(dot + 1)) as DomainName;
}

/** The closest of `zones` that holds `name`: the longest suffix on label boundaries. */
export function closestZone(name: DomainName, zones: Iterable<DomainName>): DomainName | undefined {
  let closest: DomainName | undefined;
  for (const zone of zones) {
    if (isAtOrBelow(name, zone) && (closest === undefined || zone.length > closest.length)) closest = zone;
  }
  return closest;
}

/** Lower case, and U-labels as A-labels by UTS #46, which is what a browser would do with the same text. */
function toAscii(text: string): string | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: "all of ASCII" begins with the control characters.
  if (/^[\x00-\x7f]*$/.test(text)) return text.toLowerCase();
  // Refuses the ASCII characters that the URL parser would decode, or take for the end of the host name. Other
  // characters are mapped and checked by the parser.
  if (/[^A-Za-z0-9*._\-\u0080-\uffff]/.test(text)) return undefined;
  try {
    const { hostname } = new URL(`http://${text}/`);
    // A host that ends in a number comes back as an IPv4 address: full-width digits must not become one.
    return /^[\d.]+$/.test(hostname) ? undefined : hostname;
  } catch {
    return undefined;
  }
}
