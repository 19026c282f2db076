/** What a TOML text means. The reader refuses keys that are names of Object.prototype. */
export type TomlTable = { readonly [key: string]: TomlValue };
export type TomlValue = string | number | bigint | boolean | Date | readonly TomlValue[] | TomlTable;

/** The keys and list indexes from the top of a document to a value. */
export type Path = readonly (string | number)[];

export function isTable(value: unknown): value is TomlTable {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

export function isListOfTables(value: TomlValue | undefined): value is readonly TomlTable[] {
  return Array.isArray(value) && value.length > 0 && value.every(isTable);
}

/** The value of a key. Undefined when there is none, or when `value` is not a table. */
export function member(value: TomlValue | undefined, key: string): TomlValue | undefined {
  return isTable(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** A copy of the document with this value at a path. Undefined removes what is there. */
export function withValue(
  table: TomlTable,
  [key, ...rest]: readonly string[],
  value: TomlValue | undefined,
): TomlTable {
  if (key === undefined) return table;
  const inner = member(table, key);
  const next = rest.length === 0 ? value : withValue(isTable(inner) ? inner : {}, rest, value);
  const { [key]: _old, ...others } = table;
  if (next === undefined) return others;
  return inner === undefined ? { ...others, [key]: next } : { ...table, [key]: next };
}

/** The list at a path. Empty when there is none. */
export function listAt(table: TomlTable, path: readonly string[]): readonly TomlValue[] {
  const value = path.reduce<TomlValue | undefined>(member, table);
  return Array.isArray(value) ? value : [];
}

/** A table of the members that are not undefined. */
export function tableOf(members: Readonly<Record<string, TomlValue | undefined>>): TomlTable {
  const present = Object.entries(members).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present) as TomlTable;
}

/** A value and its path. */
export type Found = { readonly path: Path; readonly value: TomlValue };

/** The values at a path like `dns.servers.*.tsig`; an asterisk stands for every key, or every index of a list. */
export function findAll(value: TomlValue, pattern: string): readonly Found[] {
  const found: Found[] = [];
  collect(value, pattern === '' ? [] : pattern.split('.'), [], found);
  return found;
}

/** @param path the path of `value`; it is changed during the search, and restored */
function collect(
  value: TomlValue,
  steps: readonly string[],
  path: (string | number)[],
  found: Found[],
): void {
  const step = steps[path.length];
  if (step === undefined) {
    found.push({ path: [...path], value });
    return;
  }
  for (const [key, inner] of step === '*' ? entriesOf(value) : [[step, member(value, step)] as const]) {
    if (inner === undefined) continue;
    path.push(key);
    collect(inner, steps, path, found);
    path.pop();
  }
}

function entriesOf(value: TomlValue): Iterable<readonly [string | number, TomlValue]> {
  if (Array.isArray(value)) return value.entries();
  return isTable(value) ? Object.entries(value) : [];
}
