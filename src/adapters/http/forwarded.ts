import { type IpAddress, parsePeerAddress } from '../../domain/ip-address.ts';

/** An address that a proxy wrote down, with the port if it did. */
export type Hop = { readonly address: IpAddress; readonly port: number | undefined };

/** `address`, `address:port`, `[address]`, `[address]:port`; a port may be obfuscated (RFC 7239 section 6.2). */
const NODE = /^(?:\[([^\]]*)\]|([^:[\]]*)|([^:[\]]*:[^:[\]]*:[^[\]]*))(?::(?:(\d{1,5})|_[\w.-]+))?$/;

/** A `token=token` or `token="quoted string"` (RFC 7239 section 4), with the semicolon before all but the first. */
const PAIR = /(?:^|;)[ \t]*([!#$%&'*+.^_`|~\w-]+)=(?:([!#$%&'*+.^_`|~\w-]+)|"((?:[^"\\]|\\.)*)")[ \t]*/y;

/** The entries of X-Forwarded-For, the last first; undefined stands for one that is no address. */
export function* hopsOfXForwardedFor(field: string): Generator<Hop | undefined> {
  for (const entry of field.split(',').reverse()) yield parseHop(entry.trim());
}

/** The `for` of each element of Forwarded (RFC 7239), the last first; undefined for one without an address. */
export function* hopsOfForwarded(field: string): Generator<Hop | undefined> {
  for (const element of elementsFromTheEnd(field)) {
    const node = forOf(element);
    yield node === undefined ? undefined : parseHop(node);
  }
}

/**
 * Splits at the commas outside of quotes, from the end: what a trusted proxy appended is read the same
 * whatever a client wrote before it, an opening quote for example.
 */
function* elementsFromTheEnd(field: string): Generator<string> {
  let end = field.length;
  let quoted = false;
  for (let at = field.length - 1; at >= 0; at -= 1) {
    const character = field[at];
    if (character === '"' && !isEscaped(field, at)) quoted = !quoted;
    if (character !== ',' || quoted) continue;
    yield field.slice(at + 1, end);
    end = at;
  }
  yield field.slice(0, end);
}

function isEscaped(field: string, at: number): boolean {
  let backslashes = 0;
  while (field[at - 1 - backslashes] === '\\') backslashes += 1;
  return backslashes % 2 === 1;
}

/** The one `for` of a well-formed element. */
function forOf(element: string): string | undefined {
  let node: string | undefined;
  PAIR.lastIndex = 0;
  for (let at = 0; at < element.length; at = PAIR.lastIndex) {
    const pair = PAIR.exec(element);
    if (pair === null) return undefined;
    if (pair[1]?.toLowerCase() !== 'for') continue;
    if (node !== undefined) return undefined;
    node = pair[2] ?? pair[3]?.replace(/\\(.)/g, '$1');
  }
  return node;
}

function parseHop(node: string): Hop | undefined {
  const match = NODE.exec(node);
  const address = parsePeerAddress(match?.[1] ?? match?.[2] ?? match?.[3] ?? '');
  if (match === null || !address.ok) return undefined;
  const port = match[4] === undefined ? undefined : Number(match[4]);
  return port !== undefined && port > 65535 ? undefined : { address: address.value, port };
}
