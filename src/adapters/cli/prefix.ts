/** The words of all commands: what may follow what. A word that nothing follows names a command. */
export type CommandTree = ReadonlyMap<string, CommandTree>;

/** How the words of a command line name a command. `path` is what was understood, in full words. */
export type Reading =
  /** `rest` is everything that is not a word of the path, as it was: options, their values, arguments. */
  | {
      readonly kind: 'command' | 'group';
      readonly path: readonly string[];
      readonly rest: readonly string[];
    }
  | {
      readonly kind: 'unknown' | 'ambiguous';
      readonly path: readonly string[];
      readonly word: string;
      /** What might have been meant: all that could follow the path, or those that begin with the word. */
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
 * Finds the words that name a command, each in full or as a prefix that no other word shares, among options
 * that stand before or between them. Nothing else is looked at: neither the values of options
 * (`takesValue` tells which have one in the next argument) nor anything behind the last word or a `--`.
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

/** The names that `word` may stand for. An empty word is a mistake, and not the prefix of everything. */
function namesFor(word: string, node: CommandTree): readonly string[] {
  if (node.has(word)) return [word];
  return word === '' ? [] : [...node.keys()].filter((name) => name.startsWith(word));
}
