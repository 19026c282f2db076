import { isDeepStrictEqual } from 'node:util';
import { isListOfTables, isTable, member, type Path, type TomlTable, type TomlValue } from './toml-value.ts';

/** One change of a document. Everything else stays. */
export type Change =
  /** Sets the value at the path. Tables on the way are created. */
  | { readonly kind: 'set'; readonly path: Path; readonly value: TomlValue }
  /** Appends an item to the list at the path. */
  | { readonly kind: 'append'; readonly path: Path; readonly value: TomlValue }
  /** Removes the value at the path, with everything below it. */
  | { readonly kind: 'remove'; readonly path: Path };

/** The smallest changes that turn one value into another. Between them, no table becomes empty. */
export function changesBetween(old: TomlValue | undefined, next: TomlValue, path: Path = []): Change[] {
  if (isDeepStrictEqual(old, next)) return [];
  if (isTable(next)) {
    if (isTable(old)) return changesOfTable(old, next, path);
    // A table of tables has no text of its own: it is created by the first table in it.
    const isOfTables = Object.keys(next).length > 0 && Object.values(next).every(isTable);
    if (old === undefined && isOfTables) return changesOfTable({}, next, path);
    if (old === undefined) return changesOfNewTable(next, path);
  }
  const items = Array.isArray(old) && Array.isArray(next) ? changesOfList(old, next, path) : undefined;
  return items ?? [{ kind: 'set', path, value: next }];
}

/** Lists of tables follow the rest, table by table, so that each table can have its own header. */
function changesOfNewTable(table: TomlTable, path: Path): Change[] {
  const entries = Object.entries(table);
  const rest = entries.filter(([, value]) => !isListOfTables(value));
  if (rest.length === 0 || rest.length === entries.length) return [{ kind: 'set', path, value: table }];
  const changes: Change[] = [{ kind: 'set', path, value: Object.fromEntries(rest) }];
  for (const [key, items] of entries) {
    if (!isListOfTables(items)) continue;
    for (const value of items) changes.push({ kind: 'append', path: [...path, key], value });
  }
  return changes;
}

function changesOfTable(old: TomlTable, next: TomlTable, path: Path): Change[] {
  const changes: Change[] = [];
  for (const [key, value] of Object.entries(next)) {
    const before = member(old, key);
    if (before !== value) changes.push(...changesBetween(before, value, [...path, key]));
  }
  for (const key of Object.keys(old)) {
    if (!Object.hasOwn(next, key)) changes.push({ kind: 'remove', path: [...path, key] });
  }
  return changes;
}

type List = readonly TomlValue[];

/** Undefined when a list cannot be changed in parts, and has to be written anew. */
const changesOfList = (old: List, next: List, path: Path): Change[] | undefined =>
  changesOfTables(old, next, path) ?? changesOfItems(old, next, path);

const isIn = (list: List, item: TomlValue): boolean => list.some((other) => isDeepStrictEqual(item, other));

/** Changes each table of a list where it stands. Undefined if they are no tables, or one of them moves. */
function changesOfTables(old: List, next: List, path: Path): Change[] | undefined {
  if (old.length !== next.length || !isListOfTables(old) || !isListOfTables(next)) return undefined;
  const hasMoved = old.some((item, index) => isIn(next, item) && !isDeepStrictEqual(item, next[index]));
  if (hasMoved) return undefined;
  return next.flatMap((item, index) => changesBetween(old[index], item, [...path, index]));
}

/** Removes some items, and appends others. Undefined if that is not enough. */
function changesOfItems(old: List, next: List, path: Path): Change[] | undefined {
  const kept = old.filter((item) => isIn(next, item));
  const added = next.slice(kept.length);
  if (!isDeepStrictEqual([...kept, ...added], next)) return undefined;
  // From the end, so that the indexes of earlier items stay valid.
  const gone = [...old.keys()].filter((index) => !isIn(next, old[index] as TomlValue)).reverse();
  return [
    ...gone.map((index): Change => ({ kind: 'remove', path: [...path, index] })),
    ...added.map((value): Change => ({ kind: 'append', path, value })),
  ];
}

/**
 * True when two documents mean the same. An empty table means the same as no table: when the last user is removed, the
 * table `users` vanishes with a header `[users.alice]`, and stays with a header `[users]`.
 */
export function meanTheSame(one: TomlValue | undefined, other: TomlValue | undefined): boolean {
  if (one === other) return true;
  if (typeof one === 'string' || typeof other === 'string') return false;
  if (isTable(one) || isTable(other)) {
    const [a, b] = [one ?? {}, other ?? {}];
    if (!(isTable(a) && isTable(b))) return false;
    return (
      Object.keys(a).every((key) => meanTheSame(a[key], member(b, key))) &&
      Object.keys(b).every((key) => Object.hasOwn(a, key) || meanTheSame(undefined, b[key]))
    );
  }
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => meanTheSame(item, other[index]));
  }
  return isDeepStrictEqual(one, other);
}
