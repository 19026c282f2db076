/** A part of a text, and the text that replaces it. */
export type Splice = { readonly start: number; readonly end: number; readonly text: string };

/**
 * Applies the splices of several changes to a text. Undefined when splices of two changes touch, because then the
 * result would depend on their order.
 */
export function spliced(text: string, changes: readonly (readonly Splice[])[]): string | undefined {
  const splices = changes
    .flatMap((own, change) => own.map((splice) => ({ ...splice, change })))
    // The sort is stable: two splices at one place keep their order.
    .sort((one, other) => one.start - other.start);
  let [result, at, previous] = ['', 0, -1];
  for (const { start, end, text: replacement, change } of splices) {
    if (previous !== -1 && previous !== change && start <= at) return undefined;
    result += text.slice(at, start) + replacement;
    [at, previous] = [end, change];
  }
  return result + text.slice(at);
}

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
