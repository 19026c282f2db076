import { changesBetween, meanTheSame, type Path } from './toml-change.ts';
import { editToml, TomlEditRefusal } from './toml-edit.ts';
import { readToml, type TomlTable } from './toml-reader.ts';
import { TomlSyntaxError } from './toml-syntax.ts';

export type TomlPatch =
  | { readonly ok: true; readonly text: string; readonly table: TomlTable }
  /** No text was found that means just this. */
  | { readonly ok: false; readonly path: Path; readonly reason: string };

/**
 * Makes a text that means `old` into one that means `next`, by the smallest changes. The result is read anew,
 * and counts only if it means exactly what was intended: where an edit was too clever, nothing comes of it.
 */
export function patchToml(
  text: string,
  old: TomlTable,
  next: TomlTable,
  read: (text: string) => TomlTable = readToml,
): TomlPatch {
  const changes = changesBetween(old, next);
  const path = changes[0]?.path ?? [];
  try {
    const patched = changes.reduce(editToml, text);
    const table = read(patched);
    if (meanTheSame(table, next)) return { ok: true, text: patched, table };
    return { ok: false, path, reason: 'the change would touch something else' };
  } catch (error) {
    if (!(error instanceof TomlEditRefusal || error instanceof TomlSyntaxError)) throw error;
    return { ok: false, path, reason: error.message };
  }
}
