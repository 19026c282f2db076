import { ParseError } from 'toml-eslint-parser';
import { type Change, changesBetween, meanTheSame } from './toml-change.ts';
import { editToml, TomlEditRefusal } from './toml-edit.ts';
import { readToml, TomlFault } from './toml-reader.ts';
import { parseTree } from './toml-tree.ts';
import type { Path, TomlTable } from './toml-value.ts';

export type TomlPatch =
  | { readonly ok: true; readonly text: string; readonly table: TomlTable }
  /** No text was found that means just this. */
  | { readonly ok: false; readonly path: Path; readonly reason: string };

/**
 * Makes a text that means `old` into one that means `next`, by the smallest changes. The result is read anew, and
 * counts only if it means exactly what was intended: where an edit went wrong, nothing comes of it.
 */
export function patchToml(text: string, old: TomlTable, next: TomlTable): TomlPatch {
  const changes = changesBetween(old, next);
  const patch = attempt(text, changes, next, withoutOthers(text, changes));
  return patch.ok ? patch : attempt(text, changes, next, text);
}

/** @param known the text, or as much of it as the changes have to know */
function attempt(text: string, changes: readonly Change[], next: TomlTable, known: string): TomlPatch {
  const path = changes[0]?.path ?? [];
  const byHand = (reason: string): TomlPatch => ({
    ok: false,
    path,
    reason: `this cannot be changed safely in the form in which it is written (${reason}); change it by hand`,
  });
  try {
    const patched = editToml(text, changes, parseTree(known));
    const table = readToml(patched);
    if (meanTheSame(table, next)) return { ok: true, text: patched, table };
    return byHand('the change would touch something else');
  } catch (error) {
    if (error instanceof TomlEditRefusal || error instanceof ParseError) return byHand(error.message);
    // A name that cannot be used, or a text that this program should not have written.
    if (error instanceof TomlFault) return { ok: false, path, reason: error.message };
    throw error;
  }
}

/** What looks like a user: a header at the start of a line, and the lines up to the next such one. */
const USER = /^\[{1,2}[ \t]*users\.[^\n]*\n(?:[^[\n][^\n]*\n|\n)*/gm;

/**
 * The text with blanks in place of the users that the changes are not about, except for the last one, which new users
 * follow. The syntax tree of 10,000 users costs more than all the rest of an edit. Offsets stay the same. A line in
 * a long string may look like a header: then the edit does not come out right, and is made with the whole text.
 */
function withoutOthers(text: string, changes: readonly Change[]): string {
  const names = changes.flatMap(({ path }) => (path[0] === 'users' ? [String(path[1])] : []));
  const others = [...text.matchAll(USER)]
    .slice(0, -1)
    .filter(([user]) => !names.some((name) => user.slice(0, user.indexOf('\n')).includes(name)));
  let [known, at] = ['', 0];
  for (const { 0: user, index } of others) {
    known += `${text.slice(at, index)}${' '.repeat(user.length - 1)}\n`;
    at = index + user.length;
  }
  return known + text.slice(at);
}
