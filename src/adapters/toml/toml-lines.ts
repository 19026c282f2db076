/** A part of a text, and the text that replaces it. */
export type Splice = { readonly start: number; readonly end: number; readonly text: string };

/** Applies splices to a text. They are in the order of the text, and do not overlap. */
export const spliced = (text: string, splices: readonly Splice[]): string =>
  splices.reduceRight(
    (before, { start, end, text }) => before.slice(0, start) + text + before.slice(end),
    text,
  );

/** The line break of a text: that of its first line. */
export function lineBreakOf(text: string): string {
  return /\r?\n/.exec(text)?.[0] ?? '\n';
}

/** The start of the line of `at`. */
export function lineStart(text: string, at: number): number {
  return at === 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1;
}

/** The end of the line of `at`, in front of its line break. */
export function lineEnd(text: string, at: number): number {
  const feed = text.indexOf('\n', at);
  if (feed === -1) return text.length;
  return feed > at && text[feed - 1] === '\r' ? feed - 1 : feed;
}

/** The start of the next line. The end of the text when there is none. */
export function nextLine(text: string, at: number): number {
  const feed = text.indexOf('\n', at);
  return feed === -1 ? text.length : feed + 1;
}

/** The blank space between the start of the line and `at`. Empty when there is other text. */
export function indentAt(text: string, at: number): string {
  const before = text.slice(lineStart(text, at), at);
  return /^[ \t]*$/.test(before) ? before : '';
}
