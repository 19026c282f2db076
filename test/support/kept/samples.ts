import { chmodSync, cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '../run-program.ts';
import { tempFolder } from '../temp-folder.ts';
import type { Plain } from './meaning.ts';
import type { SECRETS } from './people.ts';

/** A folder for each version, with what it has written. README.md there says more. */
export const SAMPLES = join(REPOSITORY, 'test/golden/kept');

/** A folder of configuration, files of the program, and all that it names. */
export const FILES = 'files';
/** A folder with a configuration that has [store], and the files that it names. */
export const STORE = 'store';
/** A folder with a configuration that has the address of the database in it. */
export const ADDRESS = 'address';
export const DUMP = 'database.sql';
const MEANING = 'meaning.json';

/** What the version that wrote a sample read in it. */
export type Meaning = {
  readonly secrets: typeof SECRETS;
  readonly files: Plain;
  readonly database: Plain;
  /** By the name of the folder. */
  readonly settings: Readonly<Record<string, Plain>>;
};

export type Sample = {
  readonly version: string;
  readonly folder: string;
  meaning(): Meaning;
  /** A copy of one of the folders, as the program left it. Gives its path. */
  copy(name: string): string;
  dump(): string;
};

/** Samples of all versions, the oldest first. */
export function allSamples(): readonly Sample[] {
  const versions = readdirSync(SAMPLES).filter((name) => /^\d+\.\d+$/.test(name));
  return versions.toSorted(byVersion).map(sampleOf);
}

export const folderOf = (version: string): string => join(SAMPLES, version);
export const meaningFileOf = (version: string): string => join(folderOf(version), MEANING);

export function sampleOf(version: string): Sample {
  const folder = folderOf(version);
  return {
    ...{ version, folder },
    meaning: () => JSON.parse(readFileSync(meaningFileOf(version), 'utf8')),
    copy: (name) => copied(join(folder, name)),
    dump: () => readFileSync(join(folder, DUMP), 'utf8'),
  };
}

function copied(from: string): string {
  const to = tempFolder();
  cpSync(from, to, { recursive: true });
  // Git does not keep the mode of a folder.
  if (existsSync(join(to, 'acme'))) chmodSync(join(to, 'acme'), 0o700);
  return to;
}

function byVersion(one: string, other: string): number {
  const [major = 0, minor = 0] = one.split('.').map(Number);
  const [otherMajor = 0, otherMinor = 0] = other.split('.').map(Number);
  return major - otherMajor || minor - otherMinor;
}
