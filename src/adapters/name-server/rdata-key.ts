import { RrType } from '../dns-wire/constants.ts';

/**
 * Types whose RDATA ends in domain names, with the number of octets before them and behind them. Names are
 * compared without case, also within RDATA (RFC 4034 section 6.2 has the list); all other RDATA is compared
 * octet by octet (RFC 3597 section 6).
 */
const NAMES: ReadonlyMap<number, readonly [before: number, behind: number]> = new Map([
  [RrType.NS, [0, 0]],
  [RrType.CNAME, [0, 0]],
  [RrType.SOA, [0, 20]],
  [RrType.PTR, [0, 0]],
  [RrType.DNAME, [0, 0]],
  [RrType.RP, [0, 0]],
  [RrType.MX, [2, 0]],
  [RrType.AFSDB, [2, 0]],
  [RrType.KX, [2, 0]],
  [RrType.SRV, [6, 0]],
]);

/** Two RDATAs of one type are the same exactly when their keys are. */
export function rdataKey(type: number, rdata: Buffer): string {
  const text = rdata.toString('latin1');
  const names = NAMES.get(type);
  if (names === undefined) return text;
  const [before, behind] = names;
  const end = text.length - behind;
  // The length octets of labels are below those of the letters, and so are not touched.
  return text.slice(0, before) + lowerAscii(text.slice(before, end)) + text.slice(end);
}

const lowerAscii = (text: string): string =>
  /[A-Z]/.test(text) ? text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) : text;
