import { isTable, type TomlTable, type TomlValue } from './toml-value.ts';

const BARE = /^[A-Za-z0-9_-]+$/;

/** `name` as a key. */
export function keyText(name: string): string {
  return BARE.test(name) ? name : basicString(name);
}

/**
 * A value on one line. `like` is the text of the value that it replaces, or of one beside it: strings get the same
 * quotes when that is possible.
 */
export function valueText(value: TomlValue, like = ''): string {
  if (isTable(value)) return inlineTableText(value);
  if (Array.isArray(value)) return `[${value.map((item) => valueText(item, like)).join(', ')}]`;
  if (typeof value === 'string') return stringText(value, like);
  return value instanceof Date ? value.toISOString() : String(value);
}

function inlineTableText(table: TomlTable): string {
  const entries = Object.entries(table).map(([key, value]) => `${keyText(key)} = ${valueText(value)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

function stringText(text: string, like: string): string {
  const literal = like.startsWith("'") && !text.includes("'") && !/\p{Cc}/u.test(text);
  return literal ? `'${text}'` : basicString(text);
}

/** A string of JSON is one of TOML, except that TOML wants DEL escaped. */
function basicString(text: string): string {
  return JSON.stringify(text).replaceAll('\x7f', '\\u007f');
}
