/** Which command a command line names. `path` has the words that were understood, in full. */
export type Reading =
  /** `rest` is everything else, unchanged: options, their values, arguments. */
  | {
      readonly kind: 'command' | 'group';
      readonly path: readonly string[];
      readonly rest: readonly string[];
    }
  | {
      readonly kind: 'unknown' | 'ambiguous';
      readonly path: readonly string[];
      readonly word: string;
      /** What follows the word. */
      readonly rest: readonly string[];
      /** The words that may have been meant: all that can follow the path, or those that begin with the word. */
      readonly candidates: readonly string[];
    };

/**
 * Finds the words that name one of `commands`. Each stands in full, or as a prefix that no other word shares. Options
 * may stand before and between them. The values of options are skipped (`takesValue` tells which options have one in
 * the next argument), and so is everything behind the last word or a `--`.
 */
export function readCommandPath(
  argv: readonly string[],
  commands: readonly (readonly string[])[],
  takesValue: (option: string) => boolean,
): Reading {
  const path: string[] = [];
  const rest: string[] = [];
  let next = wordsBehind(path, commands);
  let at = 0;
  for (; next.length > 0 && at < argv.length; at += 1) {
    const word = argv[at] ?? '';
    if (word === '--') break;
    if (word.startsWith('-')) {
      rest.push(word);
      if (takesValue(word)) {
        at += 1;
        rest.push(...argv.slice(at, at + 1));
      }
      continue;
    }
    const candidates = namesFor(word, next);
    const [name] = candidates;
    const behind = argv.slice(at + 1);
    if (name === undefined) return { kind: 'unknown', path, word, rest: behind, candidates: next };
    if (candidates.length > 1) return { kind: 'ambiguous', path, word, rest: behind, candidates };
    path.push(name);
    next = wordsBehind(path, commands);
  }
  rest.push(...argv.slice(at));
  return { kind: next.length === 0 ? 'command' : 'group', path, rest };
}

/** The words that can follow a path. None can follow a path that names a whole command. */
function wordsBehind(path: readonly string[], commands: readonly (readonly string[])[]): readonly string[] {
  const group = commands.filter((words) => path.every((word, index) => words[index] === word));
  return [...new Set(group.flatMap((words) => words.slice(path.length, path.length + 1)))];
}

/** The names that `word` may stand for. An empty word is a mistake: it stands for none. */
function namesFor(word: string, names: readonly string[]): readonly string[] {
  if (names.includes(word)) return [word];
  return word === '' ? [] : names.filter((name) => name.startsWith(word));
}
