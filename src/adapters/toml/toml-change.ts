import { isDeepStrictEqual } from 'node:util';
import type { TomlTable, TomlValue } from './toml-reader.ts';

/** The keys, and indexes of lists, that lead from the top of a document to a value. */
export type Path = readonly (string | number)[];

/** One change of a document. What else is in it stays. */
export type Change =
  /** The value at the path becomes this one; the tables on the way come into being. */
  | { readonly kind: 'set'; readonly path: Path; readonly value: TomlValue }
  /** The list at the path gets one more item. */
  | { readonly kind: 'append'; readonly path: Path; readonly value: TomlValue }
  /** What is at the path goes, and everything below it. */
  | { readonly kind: 'remove'; readonly path: Path };

/** The smallest changes that turn one value into the other. No table is empty in between that was not before. */
export function changesBetween(old: TomlValue | undefined, next: TomlValue, path: Path = []): Change[] {
  if (isDeepStrictEqual(old, next)) return [];
  if (next instanceof Map) {
    if (old instanceof Map) return changesOfTable(old, next, path);
    // A table of tables comes with the first of them; whatever its form, it has no text of its own.
    const isOfTables = next.size > 0 && [...next.values()].every((value) => value instanceof Map);
    if (old === undefined && isOfTables) return changesOfTable(new Map(), next, path);
    if (old === undefined) return changesOfNewTable(next, path);
  }
  const items = Array.isArray(old) && Array.isArray(next) ? changesOfList(old, next, path) : undefined;
  return items ?? [{ kind: 'set', path, value: next }];
}

/** Lists of tables come behind the rest, one table after another, so that each may have a header of its own. */
function changesOfNewTable(table: TomlTable, path: Path): Change[] {
  const lists = [...table].filter(([, value]) => isListOfTables(value));
  const rest: TomlTable = new Map([...table].filter(([, value]) => !isListOfTables(value)));
  if (rest.size === 0 || lists.length === 0) return [{ kind: 'set', path, value: table }];
  return [
    { kind: 'set', path, value: rest },
    ...lists.flatMap(([key, items]) =>
      (items as TomlValue[]).map((value): Change => ({ kind: 'append', path: [...path, key], value })),
    ),
  ];
}

const isListOfTables = (value: TomlValue): boolean =>
  Array.isArray(value) && value.length > 0 && value.every((item) => item instanceof Map);

function changesOfTable(old: TomlTable, next: TomlTable, path: Path): Change[] {
  const changes: Change[] = [];
  for (const [key, value] of next) {
    const before = old.get(key);
    if (before !== value) changes.push(...changesBetween(before, value, [...path, key]));
  }
  for (const key of old.keys()) {
    if (!next.has(key)) changes.push({ kind: 'remove', path: [...path, key] });
  }
  return changes;
}

/** Items that go, and others behind those that stay; undefined when it takes more than that. */
function changesOfList(
  old: readonly TomlValue[],
  next: readonly TomlValue[],
  path: Path,
): Change[] | undefined {
  const stays = (item: TomlValue): boolean => next.some((other) => isDeepStrictEqual(item, other));
  const kept = old.filter(stays);
  const added = next.slice(kept.length);
  if (!isDeepStrictEqual([...kept, ...added], next)) return undefined;
  // From the end, so that the indexes of the others stay right.
  const gone = [...old.keys()].filter((index) => !stays(old[index] as TomlValue)).reverse();
  return [
    ...gone.map((index): Change => ({ kind: 'remove', path: [...path, index] })),
    ...added.map((value): Change => ({ kind: 'append', path, value })),
  ];
}

/**
 * True when two documents mean the same. A table without keys means what no table means: when the last user
 * goes, `[users.alice]` takes the table `users` along while `[users]` leaves it.
 */
export function meanTheSame(one: TomlValue | undefined, other: TomlValue | undefined): boolean {
  if (one === other) return true;
  if (one instanceof Map || other instanceof Map) {
    const [a, b] = [one ?? new Map(), other ?? new Map()];
    if (!(a instanceof Map && b instanceof Map)) return false;
    return [...new Set([...a.keys(), ...b.keys()])].every((key) => meanTheSame(a.get(key), b.get(key)));
  }
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => meanTheSame(item, other[index]));
  }
  return isDeepStrictEqual(one, other);
}

/** The document with this value at a path of keys, or without one there. The old one is left as it is. */
export function withValue(
  table: TomlTable,
  path: readonly string[],
  value: TomlValue | undefined,
): TomlTable {
  const [key, ...rest] = path;
  if (key === undefined) return table;
  const inner = table.get(key);
  const next = rest.length === 0 ? value : withValue(inner instanceof Map ? inner : new Map(), rest, value);
  const copy = new Map(table);
  if (next === undefined) copy.delete(key);
  else copy.set(key, next);
  return copy;
}

/** The list at a path of keys; without one, an empty list. */
export function listAt(table: TomlTable, path: readonly string[]): readonly TomlValue[] {
  const value = path.reduce<TomlValue | undefined>(
    (at, key) => (at instanceof Map ? at.get(key) : undefined),
    table,
  );
  return Array.isArray(value) ? value : [];
}
