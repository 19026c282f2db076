import { readFile } from 'node:fs/promises';
import { readToml } from './toml-reader.ts';
import { findAll, isTable, member, type TomlValue } from './toml-value.ts';

/**
 * The names in a configuration file. Its values are not judged: that takes long in a large file, and a command that
 * mends a value may need completion too. Rejects when the file cannot be read, or is no TOML.
 */
export async function namesInFile(file: string) {
  const table = readToml(await readFile(file, 'utf8'));
  const users = member(table, 'users');
  return {
    users: new Map(
      Object.entries(isTable(users) ? users : {}).map(([name, user]) => [
        name,
        {
          domains: textsAt(user, 'domains.*'),
          tokens: textsAt(user, 'tokens.*.name'),
          passkeys: textsAt(user, 'passkeys.*.name'),
        },
      ]),
    ),
    hosts: keysOf(member(table, 'hosts')),
    zones: textsAt(table, 'nameserver.zones.*.name'),
    keys: textsAt(table, 'nameserver.keys.*.name'),
  };
}

function textsAt(value: TomlValue, pattern: string): readonly string[] {
  return findAll(value, pattern).flatMap(({ value: text }) => (typeof text === 'string' ? text : []));
}

function keysOf(value: TomlValue | undefined): readonly string[] {
  return isTable(value) ? Object.keys(value) : [];
}
