import { changesBetween, meanTheSame } from './toml-change.ts';
import { editToml, TomlEditRefusal } from './toml-edit.ts';
import { readToml, type TomlDocument, TomlFault } from './toml-reader.ts';
import type { Path, TomlTable } from './toml-value.ts';

export type TomlPatch =
  | { readonly ok: true; readonly text: string; readonly table: TomlTable }
  /** No text was found that means just this. */
  | { readonly ok: false; readonly path: Path; readonly reason: string };

/**
 * Makes a text into one that means `next`, by the smallest changes. The result is read anew, and counts only if it
 * means exactly what was intended: where an edit went wrong, nothing comes of it.
 */
export function patchToml(text: string, { table: old, tree }: TomlDocument, next: TomlTable): TomlPatch {
  const changes = changesBetween(old, next);
  const path = changes[0]?.path ?? [];
  try {
    const patched = editToml(text, changes, tree);
    const table = readToml(patched);
    if (meanTheSame(table, next)) return { ok: true, text: patched, table };
    return { ok: false, path, reason: byHand('the change would touch something else') };
  } catch (error) {
    if (error instanceof TomlEditRefusal) return { ok: false, path, reason: byHand(error.message) };
    // A name that cannot be used, or a text that this program should not have written.
    if (error instanceof TomlFault) return { ok: false, path, reason: error.message };
    throw error;
  }
}

const byHand = (reason: string): string =>
  `this cannot be changed safely in the form in which it is written (${reason}); change it by hand`;
