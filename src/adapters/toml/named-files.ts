import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { invalid, valid } from '../../domain/errors.ts';
import { parseTsigSecret } from '../../domain/tsig-key.ts';
import { reasonAndPathOf } from '../files/system-error.ts';
import type { Issue } from './schema-parts.ts';
import { parseCertificates } from './schema-rules.ts';
import type { Path } from './toml-change.ts';
import type { TomlTable, TomlValue } from './toml-reader.ts';

/** A file that a configuration names as the holder of a value. */
export type NamedFile = { readonly path: Path; readonly name: string };

/** What is in named files, by their names. */
export type FileTexts = ReadonlyMap<string, string>;

const PARSERS = {
  secret_file: parseTsigSecret,
  ca_file: parseCertificates,
  password_file: (text: string) => (text === '' ? invalid('nothing is in it') : valid(text)),
};

/** The files that a document names, whatever else is right or wrong with it. */
export function namedFiles(table: TomlTable): NamedFile[] {
  const dns = table.get('dns');
  const servers = member(dns, 'servers');
  const primaries: [Path, TomlValue | undefined][] = [[['dns'], dns]];
  if (Array.isArray(servers)) {
    for (const [index, server] of servers.entries()) primaries.push([['dns', 'servers', index], server]);
  }
  const password = named(['admin', 'password_file'], member(table.get('admin'), 'password_file'));
  const ofPrimaries = primaries.flatMap(([path, primary]) => [
    ...named([...path, 'tsig', 'secret_file'], member(member(primary, 'tsig'), 'secret_file')),
    ...named([...path, 'tls', 'ca_file'], member(member(primary, 'tls'), 'ca_file')),
  ]);
  const keys = member(table.get('nameserver'), 'keys');
  const ofKeys = (Array.isArray(keys) ? keys : []).flatMap((key, index) =>
    named(['nameserver', 'keys', index, 'secret_file'], member(key, 'secret_file')),
  );
  return [...ofPrimaries, ...ofKeys, ...password];
}

/** Reads them; relative names start at `folder`. Blank space around a text does not count. */
export async function readNamedFiles(
  folder: string,
  files: readonly NamedFile[],
): Promise<{ texts: FileTexts; issues: readonly Issue[] }> {
  const texts = new Map<string, string>();
  const issues: Issue[] = [];
  for (const { path, name } of files) {
    try {
      const text = (await readFile(resolve(folder, name), 'utf8')).trim();
      const parsed = PARSERS[path.at(-1) as keyof typeof PARSERS](text);
      if (!parsed.ok) issues.push({ path, message: `in this file: ${parsed.reason}` });
      texts.set(name, text);
    } catch (error) {
      issues.push({ path, message: `this file cannot be read: ${reasonAndPathOf(error)}` });
    }
  }
  return { texts, issues };
}

const member = (table: TomlValue | undefined, key: string): TomlValue | undefined =>
  table instanceof Map ? table.get(key) : undefined;

const named = (path: Path, name: TomlValue | undefined): NamedFile[] =>
  typeof name === 'string' && name !== '' ? [{ path, name }] : [];
