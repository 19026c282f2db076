import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseDatabaseAddress } from '../../application/manage/database-address.ts';
import { invalid, type Parsed, valid } from '../../domain/errors.ts';
import { parseNoticeSecret, parseSigningSecret } from '../../domain/notice.ts';
import { isWholeKey, parseTsigSecret } from '../../domain/tsig-key.ts';
import { reasonAndPathOf } from '../files/system-error.ts';
import type { Issue } from './schema-parts.ts';
import { parseAccountKey, parseCertificates } from './schema-values.ts';
import { findAll, member, type Path, type TomlTable } from './toml-value.ts';

/** A file that holds a value of the configuration, the path of the key that names it, and who reads it. */
export type NamedFile = {
  readonly path: Path;
  readonly name: string;
  readonly parse: (text: string) => Parsed<unknown>;
};

/** The texts of files, by the names that the configuration has for them. */
export type FileTexts = ReadonlyMap<string, string>;

const parsePassword = (text: string) => (text === '' ? invalid('nothing is in it') : valid(text));

const PLACES: readonly (readonly [place: string, parse: NamedFile['parse']])[] = [
  ['dns.tsig.secret_file', parseTsigSecret],
  ['dns.tls.ca_file', parseCertificates],
  ['dns.servers.*.tsig.secret_file', parseTsigSecret],
  ['dns.servers.*.tls.ca_file', parseCertificates],
  ['nameserver.keys.*.secret_file', parseTsigSecret],
  ['admin.password_file', parsePassword],
  ['http.tls.acme.ca_file', parseCertificates],
  ['http.tls.acme.eab_key_file', parseAccountKey],
  ['mail.password_file', parsePassword],
  ['web.oidc.client_secret_file', parsePassword],
  ['store.postgres_file', parseDatabaseAddress],
];

/** The files that a document names. The document may have problems. */
export function namedFiles(table: TomlTable): NamedFile[] {
  const notices = findAll(table, 'notices.*').map(({ path, value }) => ({
    path: [...path, 'secret_file'],
    value: member(value, 'secret_file'),
    parse: (member(value, 'form') ?? 'json') === 'json' ? parseSigningSecret : parseNoticeSecret,
  }));
  const others = PLACES.flatMap(([place, parse]) =>
    findAll(table, place).map((found) => ({ ...found, parse })),
  );
  return [...others, ...notices].flatMap(({ path, value, parse }) =>
    typeof value === 'string' && value !== '' ? [{ path, name: value, parse }] : [],
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
  for (const { path, name, parse } of files) {
    try {
      const text = (await readFile(resolve(folder, name), 'utf8')).trim();
      const parsed = parse(text);
      if (parse === parseTsigSecret && isWholeKey(text)) issues.push({ path, message: wholeKey(path) });
      else if (!parsed.ok) issues.push({ path, message: `in this file: ${parsed.reason}` });
      texts.set(name, text);
    } catch (error) {
      issues.push({ path, message: `this file cannot be read: ${reasonAndPathOf(error)}` });
    }
  }
  return { texts, issues };
}
