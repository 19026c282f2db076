import { WireFault } from './wire-fault.ts';
import type { WireReader } from './wire-reader.ts';

/**
 * Passes over the substitution of a NAPTR (RFC 3402 section 3.2). It is empty, or has a delimiter, a POSIX extended
 * regular expression, the delimiter, a replacement, the delimiter, and flags. Throws `WIRE_MALFORMED`.
 */
export function substitution(reader: WireReader): void {
  const start = reader.offset;
  const text = reader.string().toString('latin1');
  if (text !== '' && !isSubstitution(text))
    throw WireFault.malformed('a substitution is not well formed', start);
}

function isSubstitution(text: string): boolean {
  const delimiter = text.charAt(0);
  if (/[\dIi\\\0]/.test(delimiter) || text.includes('\0')) return false;
  const parts = [''];
  for (const [token] of text.slice(1).matchAll(/\\.|./gs)) {
    if (token === delimiter) parts.push('');
    else parts.push(`${parts.pop()}${token}`);
  }
  const [expression = '', replacement = '', flags, ...excess] = parts;
  if (flags === undefined || excess.length > 0 || !/^i?$/.test(flags)) return false;
  const groups = groupsIn(expression);
  const references = [...replacement.matchAll(/\\(.?)/gs)].map(([, character = '']) => character);
  return (
    groups !== undefined &&
    references.every((one) => !/\d/.test(one) || (one !== '0' && Number(one) <= groups))
  );
}

/** The tokens of a regular expression. Any other text (`other`) is refused. */
const TOKEN =
  /(?<set>\[\^?(?:\]|\[:\w+:\]|[^\][])(?:\[:\w+:\]|[^\][])*\])|(?<atom>[^\\()[\]{}|*+?]|\\[^0-9A-Za-z])|(?<repeat>[*+?]|\{\d{1,2}(?:,\d{0,2})?\})|(?<mark>[()|])|(?<other>.)/gs;

const CLASS = /\[:(?:alnum|alpha|blank|cntrl|digit|graph|lower|print|punct|space|upper|xdigit):\]/g;

/** True for a set of characters with known classes and ascending ranges. */
function isSet(text: string): boolean {
  const inside = text.slice(text.startsWith('[^') ? 2 : 1, -1).replace(CLASS, '');
  // An empty set, and a class without its outer brackets.
  if (inside.includes('[:') || /^\[(?:[.:=]|\^\]$)/.test(text)) return false;
  const ranges = [...inside.matchAll(/([^-])-([^-])/gs)];
  return (
    /^-?(?:[^-]-[^-](?!-)|[^-])*-?$/s.test(inside) &&
    ranges.every(([, from = '', to = '']) => from.charCodeAt(0) <= to.charCodeAt(0))
  );
}

/** The number of groups of a regular expression. Undefined where BIND refuses the expression. */
function groupsIn(expression: string): number | undefined {
  let groups = 0;
  let depth = 0;
  let hasAtom = false;
  let mayRepeat = false;
  for (const { 0: token, groups: kind = {} } of expression.matchAll(TOKEN)) {
    if (kind['other'] !== undefined) return undefined;
    if (kind['set'] !== undefined && !isSet(token)) return undefined;
    if (kind['repeat'] !== undefined) {
      const [, least, most] = /(\d+),(\d+)/.exec(token) ?? [];
      if (!mayRepeat || Number(least) > Number(most)) return undefined;
      mayRepeat = false;
    } else if (token === '(') {
      groups += 1;
      depth += 1;
      hasAtom = false;
      mayRepeat = false;
    } else if (token === ')' || token === '|') {
      if (!hasAtom) return undefined;
      if (token === ')') depth -= 1;
      if (depth < 0) return undefined;
      hasAtom = token === ')';
      mayRepeat = hasAtom;
    } else {
      hasAtom = true;
      mayRepeat = token !== '^' && token !== '$';
    }
  }
  return hasAtom && depth === 0 ? groups : undefined;
}
