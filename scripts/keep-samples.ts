import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { meaningOf, type Plain, settingsOf } from '../test/support/kept/meaning.ts';
import { openKept } from '../test/support/kept/open-kept.ts';
import { SECRETS } from '../test/support/kept/people.ts';
import {
  ADDRESS,
  DUMP,
  FILES,
  folderOf,
  type Meaning,
  meaningFileOf,
  STORE,
  sampleOf,
} from '../test/support/kept/samples.ts';
import { writeDatabase } from '../test/support/kept/write-database.ts';
import { writeFiles } from '../test/support/kept/write-files.ts';
import { REPOSITORY } from '../test/support/run-program.ts';

const USAGE = `usage: npm run samples -- MAJOR.MINOR

Writes test/golden/kept/MAJOR.MINOR: what the program keeps in files and in PostgreSQL, as this version writes it. What a
released version has written is never written anew.
`;

async function main(version: string): Promise<void> {
  const folder = folderOf(version);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await writeFiles(folder);
  const { dump, meaning: database } = await writeDatabase(`${version}.0`);
  writeFileSync(join(folder, DUMP), dump);
  const { files, settings } = await read(version);
  const meaning: Meaning = { secrets: SECRETS, files, database, settings };
  writeFileSync(meaningFileOf(version), `${laidOut(meaning)}\n`);
}

/** Reads copies, as the tests do: the files as they were written stay as they are. */
async function read(version: string): Promise<Pick<Meaning, 'files' | 'settings'>> {
  const { copy } = sampleOf(version);
  const settings: Record<string, Plain> = {};
  for (const name of [FILES, STORE, ADDRESS]) {
    const folder = copy(name);
    const kept = await openKept(join(folder, 'dynonym.toml'));
    settings[name] = await settingsOf(kept, folder);
    await kept.close();
  }
  const folder = copy(FILES);
  const kept = await openKept(join(folder, 'dynonym.toml'));
  const files = await meaningOf(kept, folder);
  await kept.close();
  return { files, settings };
}

/** JSON with each field of the upper levels, and each item of their lists, on a line of its own. */
function laidOut(value: unknown, levels = 4, indent = ''): string {
  const isList = Array.isArray(value);
  if (levels === 0 || typeof value !== 'object' || value === null) return JSON.stringify(value);
  const inside = `${indent} `;
  const lines = Object.entries(value).map(([key, item]) => {
    const name = isList ? '' : `${JSON.stringify(key)}: `;
    return `${inside}${name}${laidOut(item, levels - 1, inside)}`;
  });
  const [begin, end] = isList ? '[]' : '{}';
  return lines.length === 0 ? `${begin}${end}` : `${begin}\n${lines.join(',\n')}\n${indent}${end}`;
}

/** Why it is not to be written. Undefined: nothing is against it. */
function refusalOf(version: string): string | undefined {
  if (!/^\d+\.\d+$/.test(version)) return USAGE;
  const changelog = readFileSync(join(REPOSITORY, 'CHANGELOG.md'), 'utf8');
  if (!changelog.includes(`\n## [${version}.`)) return undefined;
  return `${version} is released, and its samples stay as they are\n`;
}

const [version = ''] = process.argv.slice(2);
const refusal = refusalOf(version);
if (refusal === undefined) await main(version);
else {
  process.stderr.write(refusal);
  process.exitCode = 2;
}
