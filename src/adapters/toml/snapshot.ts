import { setImmediate } from 'node:timers/promises';
import type { PasswordHasher } from '../../application/ports/password-hasher.ts';
import { ConfigurationFault, faultOfProblems } from './configuration-fault.ts';
import { Content } from './content.ts';
import { type NamedFile, namedFiles } from './named-files.ts';
import { judgeConfiguration } from './schema.ts';
import { pathText, SourceLines } from './source-lines.ts';
import { readToml, type TomlTable } from './toml-reader.ts';
import { TomlSyntaxError } from './toml-syntax.ts';

/** One version of a configuration file. */
export type Snapshot = {
  readonly text: string;
  /** The other files that it names. */
  readonly files: readonly NamedFile[];
  /** What it says, or why it cannot be used. */
  readonly judged: Content | ConfigurationFault;
};

/** What the text of `file` means. Throws a ConfigurationFault if it is no TOML. */
export function tableIn(file: string, text: string, read: (text: string) => TomlTable = readToml): TomlTable {
  try {
    return read(text);
  } catch (error) {
    if (!(error instanceof TomlSyntaxError)) throw error;
    const lines = new SourceLines(text);
    const message = `column ${lines.columnAt(error.offset)}: ${error.message}`;
    throw faultOfProblems('CONFIG_INVALID', file, [{ key: '', line: lines.lineAt(error.offset), message }]);
  }
}

/** What a text that means `table` says. Throws a ConfigurationFault with all that is wrong with it. */
export function contentIn(
  file: string,
  text: string,
  table: TomlTable,
  recognises: PasswordHasher['recognises'],
): Content {
  const { configuration, issues } = judgeConfiguration(table, recognises);
  if (configuration !== undefined) return new Content(configuration);
  const lines = new SourceLines(text);
  const problems = issues.map(({ path, message }) => ({
    key: pathText(path),
    line: lines.lineOf(path),
    message,
  }));
  throw faultOfProblems('CONFIG_INVALID', file, problems);
}

export async function snapshotOf(
  file: string,
  text: string,
  read: (text: string) => TomlTable,
  recognises: PasswordHasher['recognises'],
): Promise<Snapshot> {
  let files: readonly NamedFile[] = [];
  try {
    const table = tableIn(file, text, read);
    files = namedFiles(table);
    // A large file takes a while, and requests are waiting.
    await setImmediate();
    return { text, files, judged: contentIn(file, text, table, recognises) };
  } catch (error) {
    if (!(error instanceof ConfigurationFault)) throw error;
    return { text, files, judged: error };
  }
}
