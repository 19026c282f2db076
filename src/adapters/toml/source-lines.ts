import { blocksOf, partsOf } from './toml-tree.ts';
import type { Path } from './toml-value.ts';
import { keyText } from './toml-write.ts';

/** A table or a value: the line where it is named first, and its members. */
type Named = { readonly line: number; readonly members: Map<string | number, Named> };

/** The lines of the keys in a text. The first line is 1. */
export class SourceLines {
  readonly #root: Named = { line: 1, members: new Map() };

  /** Throws a ParseError of toml-eslint-parser. */
  constructor(text: string) {
    for (const { path, line } of partsOf(blocksOf(text))) {
      path.reduce((at, key) => memberOf(at, key, line), this.#root);
    }
  }

  /** The line of a value. When there is no such value, the line of the innermost table or list around it. */
  lineOf(path: Path): number {
    let at = this.#root;
    for (const key of path) at = at.members.get(key) ?? { ...at, members: new Map() };
    return at.line;
  }
}

/** A path as it is written in a header, with indexes in brackets: `dns.servers[0].zones`. */
export function pathText(path: Path): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? keyText(key) : `${text}.${keyText(key)}`;
  }, '');
}

function memberOf(table: Named, key: string | number, line: number): Named {
  let named = table.members.get(key);
  if (named === undefined) {
    named = { line, members: new Map() };
    table.members.set(key, named);
  }
  return named;
}
