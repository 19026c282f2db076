/** A piece of a text, and what takes its place. */
export type Splice = { readonly start: number; readonly end: number; readonly text: string };

/**
 * The text with the splices of several changes. Undefined when splices of two changes touch: then the place of one
 * depends on the other.
 */
export function spliced(text: string, changes: readonly (readonly Splice[])[]): string | undefined {
  const splices = changes
    .flatMap((own, change) => own.map((splice) => ({ ...splice, change })))
    // Two at one place stay in their order.
    .sort((one, other) => one.start - other.start);
  let [result, at, previous] = ['', 0, -1];
  for (const { start, end, text: replacement, change } of splices) {
    if (previous !== -1 && previous !== change && start <= at) return undefined;
    result += text.slice(at, start) + replacement;
    [at, previous] = [end, change];
  }
  return result + text.slice(at);
}

/** How the lines of a text end: as the first one does. */
export function lineBreakOf(text: string): string {
  return /\r?\n/.exec(text)?.[0] ?? '\n';
}

/** Where the line that holds `at` starts. */
export function lineStart(text: string, at: number): number {
  return at === 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1;
}

/** Where the line that holds `at` ends, in front of its line break. */
export function lineEnd(text: string, at: number): number {
  const feed = text.indexOf('\n', at);
  if (feed === -1) return text.length;
  return feed > at && text[feed - 1] === '\r' ? feed - 1 : feed;
}

/** Where the next line starts; the end of the text when there is none. */
export function nextLine(text: string, at: number): number {
  const feed = text.indexOf('\n', at);
  return feed === -1 ? text.length : feed + 1;
}

/** The blank space in front of `at` on its line, or nothing when something else stands there. */
export function indentAt(text: string, at: number): string {
  const before = text.slice(lineStart(text, at), at);
  return /^[ \t]*$/.test(before) ? before : '';
}
