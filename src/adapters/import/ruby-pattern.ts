/** What means something else in JavaScript, or nothing. */
const FOREIGN = /\\[AzZGhHRXKkgpP]|\(\?(?![:=!])|\[\[:|&&|[*+?}]\+/;

/**
 * The pattern of a user of dyndnsd, which Ruby reads with EXTENDED and IGNORECASE: white space and comments outside of
 * brackets say nothing. Undefined for a pattern that would mean something else here.
 */
export function rubyPattern(pattern: string): RegExp | undefined {
  if (FOREIGN.test(pattern.replaceAll(/\\[.\\-]/g, ''))) return undefined;
  const plain = pattern.replaceAll(
    /(\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\])|\s+|#.*$/gm,
    (_all, kept = '') => kept,
  );
  try {
    return new RegExp(plain, 'im');
  } catch {
    return undefined;
  }
}
