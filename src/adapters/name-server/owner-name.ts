/**
 * Arithmetic on names in the text form of `dns-wire/name.ts`: no final dot, the root is an empty string, a dot inside a
 * label is written `\.`. Comparison is exact, so callers lower the case of names first.
 */

const DOT = 0x2e;
const BACKSLASH = 0x5c;

/** The name without its first label. The parent of a single label is the root. */
export function parentName(name: string): string {
  let dot = name.indexOf('.');
  while (dot !== -1 && !isSeparator(name, dot)) dot = name.indexOf('.', dot + 1);
  return dot === -1 ? '' : name.slice(dot + 1);
}

/** True for `zone` itself and for every name below it, on label boundaries. */
export function isAtOrBelow(name: string, zone: string): boolean {
  if (zone === '' || name === zone) return true;
  const dot = name.length - zone.length - 1;
  return dot > 0 && name.endsWith(zone) && isSeparator(name, dot);
}

/**
 * The index in `name` at which the label begins that ends before `end`: the length of the name, or a separating dot.
 */
export function labelStart(name: string, end: number): number {
  let dot = name.lastIndexOf('.', end - 1);
  while (dot > 0 && !isSeparator(name, dot)) dot = name.lastIndexOf('.', dot - 1);
  return dot + 1;
}

/** The index at which the labels below `zone` end. `name` is at or below the zone; -1 where it is the zone itself. */
export function labelsEnd(name: string, zone: string): number {
  return zone === '' ? name.length : name.length - zone.length - 1;
}

/** The labels of a name, the first one first. */
export function labelsOf(name: string): readonly string[] {
  const labels: string[] = [];
  for (let end = name.length; end > 0; ) {
    const start = labelStart(name, end);
    labels.push(name.slice(start, end));
    end = start - 1;
  }
  return labels.reverse();
}

/** `name` below `origin`: `www` and `example.org` make `www.example.org`. */
export function joinNames(name: string, origin: string): string {
  if (name === '') return origin;
  return origin === '' ? name : `${name}.${origin}`;
}

/** A dot behind an odd number of backslashes is a part of its label. */
function isSeparator(name: string, dot: number): boolean {
  if (name.charCodeAt(dot) !== DOT) return false;
  let at = dot - 1;
  while (at >= 0 && name.charCodeAt(at) === BACKSLASH) at -= 1;
  return (dot - 1 - at) % 2 === 0;
}
