/** The words of all commands, as a tree. A word without children ends a command. */
export type CommandTree = ReadonlyMap<string, CommandTree>;

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
      /** The words that may have been meant: all that can follow the path, or those that begin with the word. */
      readonly candidates: readonly string[];
    };

export function commandTree(paths: Iterable<readonly string[]>): CommandTree {
  type Node = Map<string, Node>;
  const root: Node = new Map();
  for (const path of paths) {
    let node = root;
    for (const word of path) {
      const next = node.get(word) ?? new Map();
      node.set(word, next);
      node = next;
    }
  }
  return root;
}

/**
 * Finds the words that name a command. Each stands in full, or as a prefix that no other word shares. Options may stand
 * before and between them. The values of options are skipped (`takesValue` tells which options have one in the next
 * argument), and so is everything behind the last word or a `--`.
 */
export function readCommandPath(
  argv: readonly string[],
  tree: CommandTree,
  takesValue: (option: string) => boolean,
): Reading {
  const path: string[] = [];
  const rest: string[] = [];
  let node = tree;
  let at = 0;
  for (; node.size > 0 && at < argv.length; at += 1) {
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
    const candidates = namesFor(word, node);
    const [name = word] = candidates;
    const next = node.get(name);
    if (next === undefined) return { kind: 'unknown', path, word, candidates: [...node.keys()] };
    if (candidates.length > 1) return { kind: 'ambiguous', path, word, candidates };
    path.push(name);
    node = next;
  }
  rest.push(...argv.slice(at));
  return { kind: node.size === 0 ? 'command' : 'group', path, rest };
}

/** The names that `word` may stand for. An empty word is a mistake: it stands for none. */
function namesFor(word: string, node: CommandTree): readonly string[] {
  if (node.has(word)) return [word];
  return word === '' ? [] : [...node.keys()].filter((name) => name.startsWith(word));
}
