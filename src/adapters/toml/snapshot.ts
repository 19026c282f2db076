import type { ConfigurationProblem } from './configuration-fault.ts';
import { Content } from './content.ts';
import { type NamedFile, namedFiles } from './named-files.ts';
import { judgeConfiguration } from './schema.ts';
import { pathText, SourceLines } from './source-lines.ts';
import { readToml, type TomlTable } from './toml-reader.ts';
import { TomlSyntaxError } from './toml-syntax.ts';

/** What a text says as a configuration, or all that is wrong with it. */
export type Judgement =
  | { readonly ok: true; readonly content: Content }
  | { readonly ok: false; readonly problems: readonly ConfigurationProblem[] };

/** One version of a configuration file. */
export type Snapshot = {
  readonly text: string;
  readonly judgement: Judgement;
  /** The other files that it names. */
  readonly files: readonly NamedFile[];
};

/** What a text says as TOML. */
export type Reading =
  | { readonly ok: true; readonly table: TomlTable }
  | { readonly ok: false; readonly problems: readonly ConfigurationProblem[] };

export function readTable(text: string): Reading {
  try {
    return { ok: true, table: readToml(text) };
  } catch (error) {
    if (!(error instanceof TomlSyntaxError)) throw error;
    const lines = new SourceLines(text);
    const message = `column ${lines.columnAt(error.offset)}: ${error.message}`;
    return { ok: false, problems: [{ key: '', line: lines.lineAt(error.offset), message }] };
  }
}

/** `text` means `table`; it is looked into for the lines of problems. */
export function judgeTable(text: string, table: TomlTable): Judgement {
  const { configuration, issues } = judgeConfiguration(table);
  if (configuration !== undefined) return { ok: true, content: new Content(configuration) };
  const lines = new SourceLines(text);
  const problems = issues.map(({ path, message }) => ({
    key: pathText(path),
    line: lines.lineOf(path),
    message,
  }));
  return { ok: false, problems };
}

export function snapshotOf(text: string): Snapshot {
  const reading = readTable(text);
  return reading.ok
    ? { text, judgement: judgeTable(text, reading.table), files: namedFiles(reading.table) }
    : { text, judgement: reading, files: [] };
}
