import { setImmediate } from 'node:timers/promises';
import { ConfigurationFault, type ConfigurationProblem, faultOfProblems } from './configuration-fault.ts';
import { type Content, contentOf } from './content.ts';
import { type NamedFile, namedFiles } from './named-files.ts';
import { judgeConfiguration } from './schema.ts';
import type { Issue } from './schema-parts.ts';
import type { ValueChecks } from './schema-rules.ts';
import { pathText, SourceLines } from './source-lines.ts';
import { reading, readToml } from './toml-reader.ts';
import type { TomlTable } from './toml-value.ts';

/** One version of a configuration file. */
export type Snapshot = {
  /** Undefined when the file could not be read. */
  readonly text: string | undefined;
  /** The other files that it names. */
  readonly files: readonly NamedFile[];
  /** What it says, or why it cannot be used. */
  readonly judged: Content | ConfigurationFault;
};

/** What a text that means `table` says. Throws a ConfigurationFault with all that is wrong with it. */
export function contentIn(file: string, text: string, table: TomlTable, checks: ValueChecks): Content {
  return reading(file, text, () => {
    const { configuration, issues } = judgeConfiguration(table, checks);
    if (configuration !== undefined) return contentOf(configuration);
    throw faultOfProblems('CONFIG_INVALID', file, problemsAt(text, issues));
  });
}

/** Adds keys and lines to issues. The text is parsed for that, so only when there is an issue. */
export function problemsAt(text: string, issues: readonly Issue[]): ConfigurationProblem[] {
  if (issues.length === 0) return [];
  const lines = new SourceLines(text);
  return issues.map(({ path, message }) => ({ key: pathText(path), line: lines.lineOf(path), message }));
}

export async function snapshotOf(file: string, text: string, checks: ValueChecks): Promise<Snapshot> {
  let files: readonly NamedFile[] = [];
  try {
    const table = readToml(text, file);
    files = namedFiles(table);
    // Reading a large file takes a while: requests that wait get their turn here.
    await setImmediate();
    return { text, files, judged: contentIn(file, text, table, checks) };
  } catch (error) {
    if (!(error instanceof ConfigurationFault)) throw error;
    return { text, files, judged: error };
  }
}
