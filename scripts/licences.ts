import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const REPOSITORY = join(import.meta.dirname, '..');

/** A package in node_modules, as its own package.json has it. */
type Shipped = { readonly name: string; readonly version: string; readonly licence: string };

/** The licences of all packages that the files come from, with their texts, which have to go with every copy. */
export function licencesOf(files: readonly string[]): string {
  const folders = new Set(
    files.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []),
  );
  const texts = new Map(
    [...folders].map((folder) => {
      const { name, version, licence } = describePackage(folder);
      const title = `${name} ${version} (${licence})`;
      return [title, `${title}\n${'-'.repeat(title.length)}\n\n${licenceText(folder)}\n`] as const;
    }),
  );
  const sorted = [...texts].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, text]) => text);
  return `The files in this folder contain parts of these packages.\n\n${sorted.join('\n')}`;
}

/** What a package says elsewhere than in its package.json. */
const STATED: Readonly<Record<string, string>> = { buffercursor: 'MIT' };

/** What may be part of a program under the MIT licence, and given away in one file with it. */
const ALLOWED: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'ISC',
  'MIT',
  'MIT-0',
  'Unlicense',
]);

/** Gives the packages whose licence is not allowed, of all that an installation has, if there are any. */
export async function checkLicences(): Promise<string | undefined> {
  const { packages } = JSON.parse(readFileSync(join(REPOSITORY, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean; devOptional?: boolean }>;
  };
  const folders = Object.entries(packages)
    .filter(([folder, { dev, devOptional }]) => folder !== '' && !dev && !devOptional)
    .map(([folder]) => folder)
    .filter((folder) => existsSync(join(REPOSITORY, folder)));
  const forbidden = folders.map(describePackage).filter(({ licence }) => !isAllowed(licence));
  const lines = forbidden.map(({ name, version, licence }) => `${name} ${version}: ${licence}`);
  return lines.join('\n') || undefined;
}

/** Of `(A OR B)`, one is enough. */
const isAllowed = (licence: string): boolean =>
  licence
    .replace(/[()]/g, '')
    .split(' OR ')
    .some((one) => ALLOWED.has(one));

function describePackage(folder: string): Shipped {
  const { name, version, license, licenses } = JSON.parse(
    readFileSync(join(REPOSITORY, folder, 'package.json'), 'utf8'),
  ) as { name: string; version: string; license?: string; licenses?: { type: string }[] };
  const licence = license ?? licenses?.map(({ type }) => type).join(' OR ') ?? STATED[name] ?? 'not stated';
  return { name, version, licence };
}

function licenceText(folder: string): string {
  const read = (file: string) => readFileSync(join(REPOSITORY, folder, file), 'utf8').trim();
  const files = readdirSync(join(REPOSITORY, folder));
  const texts = files.filter((file) => /^(licen[cs]e|copying|notice)/i.test(file)).map(read);
  // Older packages have it at the head of their files.
  const heads = files
    .filter((file) => file.endsWith('.js'))
    .map((file) => /^(?:\/\/.*\n)+/.exec(read(file))?.[0] ?? '');
  const found =
    texts.length > 0 ? texts : heads.filter((head) => head.includes('Permission is hereby granted'));
  return found.length > 0 ? `${found.join('\n\n')}\n` : '(The package has no text of its licence.)\n';
}
