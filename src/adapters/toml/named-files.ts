import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { invalid, valid } from '../../domain/errors.ts';
import { isWholeKey, parseTsigSecret } from '../../domain/tsig-key.ts';
import { reasonAndPathOf } from '../files/system-error.ts';
import type { Issue } from './schema-parts.ts';
import { parseAccountKey, parseCertificates } from './schema-values.ts';
import { findAll, type Path, type TomlTable } from './toml-value.ts';

/** A file that holds a value of the configuration, and the path of the key that names it. */
export type NamedFile = { readonly path: Path; readonly name: string };

/** The texts of files, by the names that the configuration has for them. */
export type FileTexts = ReadonlyMap<string, string>;

const PARSERS = {
  secret_file: parseTsigSecret,
  ca_file: parseCertificates,
  eab_key_file: parseAccountKey,
  password_file: (text: string) => (text === '' ? invalid('nothing is in it') : valid(text)),
};

const PLACES = [
  'dns.tsig.secret_file',
  'dns.tls.ca_file',
  'dns.servers.*.tsig.secret_file',
  'dns.servers.*.tls.ca_file',
  'nameserver.keys.*.secret_file',
  'admin.password_file',
  'http.tls.acme.ca_file',
  'http.tls.acme.eab_key_file',
];

/** The files that a document names. The document may have problems. */
export function namedFiles(table: TomlTable): NamedFile[] {
  return PLACES.flatMap((place) => findAll(table, place)).flatMap(({ path, value }) =>
    typeof value === 'string' && value !== '' ? [{ path, name: value }] : [],
  );
}

/** The command writes the key of [dns] alone. */
function wholeKey(path: Path): string {
  const message = 'this is a whole key file, and secret_file wants the base64 secret alone';
  return path.join('.') === 'dns.tsig.secret_file'
    ? `${message}; use: dynonym configure dns --tsig-key-file FILE`
    : message;
}

/** Reads the files. Relative names start at `folder`. Blank space around a text is removed. */
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
      if (path.at(-1) === 'secret_file' && isWholeKey(text)) issues.push({ path, message: wholeKey(path) });
      else if (!parsed.ok) issues.push({ path, message: `in this file: ${parsed.reason}` });
      texts.set(name, text);
    } catch (error) {
      issues.push({ path, message: `this file cannot be read: ${reasonAndPathOf(error)}` });
    }
  }
  return { texts, issues };
}
