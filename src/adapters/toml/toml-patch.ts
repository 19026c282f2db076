import { ParseError } from 'toml-eslint-parser';
import { ConfigurationFault } from './configuration-fault.ts';
import type { Issue } from './schema-parts.ts';
import { pathText } from './source-lines.ts';
import { type Change, changesBetween, meanTheSame } from './toml-change.ts';
import { editToml, TomlEditRefusal } from './toml-edit.ts';
import { isRefusedKey, REFUSED_KEY, readToml } from './toml-reader.ts';
import { isTable, member, type TomlTable, type TomlValue } from './toml-value.ts';

export type TomlPatch =
  | { readonly ok: true; readonly text: string; readonly table: TomlTable }
  /** No text with the intended meaning was found. There is at least one problem. */
  | { readonly ok: false; readonly problems: readonly Issue[] };

/**
 * Changes a text that means `old` so that it means `next`, by the smallest changes. The result is read again and
 * compared with `next`: an edit that went wrong is never returned.
 */
export function patchToml(text: string, old: TomlTable, next: TomlTable): TomlPatch {
  const added = newEntries(old, next);
  if (added.length >= MANY) {
    const patch = attempt([], next, () => `${[text.trimEnd(), ...added.map(entryText)].join('\n\n')}\n`);
    if (patch.ok) return patch;
  }
  const changes = changesBetween(old, next);
  const patch = attempt(changes, next, () =>
    editToml(text, changes, (whole) => withoutOthers(whole, changes)),
  );
  return patch.ok ? patch : attempt(changes, next, () => editToml(text, changes));
}

/** From this many on, new users or hosts are written behind everything else: an edit for each would take too long. */
const MANY = 20;

type New = { readonly section: 'users' | 'hosts'; readonly name: string; readonly value: TomlValue };

function newEntries(old: TomlTable, next: TomlTable): readonly New[] {
  return (['users', 'hosts'] as const).flatMap((section) => {
    const [before, after] = [member(old, section), member(next, section)];
    if (!isTable(after)) return [];
    return Object.entries(after)
      .filter(([name]) => member(before, name) === undefined)
      .map(([name, value]) => ({ section, name, value }));
  });
}

const entryText = ({ section, name, value }: New): string =>
  editToml('', changesBetween({}, { [section]: { [name]: value } })).trim();

function attempt(changes: readonly Change[], next: TomlTable, write: () => string): TomlPatch {
  const failed = (message: string): TomlPatch => ({
    ok: false,
    problems: [{ path: changes[0]?.path ?? [], message }],
  });
  const byHand = (reason: string) =>
    failed(`this cannot be changed safely in the form in which it is written (${reason}); change it by hand`);
  try {
    const patched = write();
    const table = readToml(patched);
    if (meanTheSame(table, next)) return { ok: true, text: patched, table };
    return byHand('the change would touch something else');
  } catch (error) {
    if (error instanceof TomlEditRefusal || error instanceof ParseError) return byHand(error.message);
    // The change has a name that cannot be used, or the edited text is not valid.
    if (error instanceof ConfigurationFault) {
      const refused = changes.flatMap(refusedKeys);
      // Several changes add one user with tokens.
      const problems = [...new Map(refused.map((issue) => [pathText(issue.path), issue])).values()];
      return problems.length > 0
        ? { ok: false, problems }
        : failed(error.problems.map(({ message }) => message).join('; '));
    }
    throw error;
  }
}

/** The keys of a change that a file cannot have. Many users are added at once, and few of them have such a name. */
function refusedKeys(change: Change): readonly Issue[] {
  const at = change.path.findIndex(isRefusedKey);
  if (at !== -1) return [{ path: change.path.slice(0, at + 1), message: REFUSED_KEY }];
  if (!('value' in change) || !isTable(change.value)) return [];
  return Object.entries(change.value).flatMap(([key, value]) =>
    refusedKeys({ kind: 'set', path: [...change.path, key], value }),
  );
}

/** A text that looks like a user: a header at the start of a line, and the lines up to the next header. */
const USER = /^\[{1,2}[ \t]*users\.[^\n]*\n(?:[^[\n][^\n]*\n|\n)*/gm;

/**
 * Replaces users by blanks, so that offsets stay the same. The users of the changes stay, and so does the last one,
 * after which new users are written. Without this, the syntax tree of 10,000 users would take longer than the rest of
 * an edit. A line of a long string may look like a header. Then the edit goes wrong, and is made again with the whole
 * text.
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
