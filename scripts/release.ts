import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkLicences } from './licences.ts';
import type { Pinned } from './package/fetch.ts';
import { packForNpm, REPOSITORY, readManifest } from './package/npm.ts';
import { run } from './package/run.ts';
import { inScratchFolder } from './package/scratch.ts';
import { NODES } from './package/tree.ts';
import { sourceTime } from './package/uniform.ts';
import { KINDS, type Kind, makePackages } from './package.ts';

const USAGE = `usage: npm run release -- [--dry-run] [--only=KIND …]

Checks that what is committed can be released, and makes all packages in the folder artifacts, with their checksums and
the list of what they contain (SHA256SUMS, sbom.cdx.json).

  --dry-run    does without what only the commit of a release has: a clean tree, and a version with its date at the top
               of CHANGELOG.md
  --only=KIND  makes only these packages: ${Object.keys(KINDS).join(', ')}
`;

const ARTIFACTS = join(REPOSITORY, 'artifacts');

/** What a package for npm has, and all that it may have. */
const CONTENTS = {
  wanted: [
    'package.json',
    'README.md',
    'LICENSE',
    'CHANGELOG.md',
    'dist/main.js',
    'dist/index.js',
    'dist/index.d.ts',
    'dist/dynonym.schema.json',
  ],
  allowed: /^(dist|docs|packaging)\/|^(package\.json|LICENSE|[A-Z]+\.md)$/,
};

/** What a check gives that could not be made. */
const UNKNOWN = Symbol('unknown');

/** Gives what is wrong, if anything is. */
type Check = { readonly title: string; readonly run: () => Promise<string | typeof UNKNOWN | undefined> };

const OF_COMMIT: readonly Check[] = [
  { title: 'Everything is committed', run: () => printsNothing('git', ['status', '--porcelain']) },
  { title: 'The changelog begins with this version and its date', run: changelogHasVersion },
];

const ALWAYS: readonly Check[] = [
  {
    title: 'Style, types and architecture are in order',
    run: () => passes('npm', ['run', '--silent', 'lint']),
  },
  { title: 'All licences are among those that are allowed', run: checkLicences },
  { title: 'No package has a known vulnerability', run: audit },
  { title: 'The package has what it should, and nothing else', run: packageIsInOrder },
];

async function passes(command: string, args: readonly string[]): Promise<string | undefined> {
  try {
    await run(command, args, { cwd: REPOSITORY });
    return undefined;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    return `${stdout}${stderr}`.trim() || String(error);
  }
}

async function printsNothing(command: string, args: readonly string[]): Promise<string | undefined> {
  return (await run(command, args, { cwd: REPOSITORY })).trim() || undefined;
}

async function changelogHasVersion(): Promise<string | undefined> {
  const [first] = readFileSync(join(REPOSITORY, 'CHANGELOG.md'), 'utf8').match(/^## \[\d.*$/m) ?? [];
  const { version } = readManifest();
  const isDated = first?.match(/^## \[(.+)\] - \d{4}-\d\d-\d\d$/)?.[1] === version;
  return isDated ? undefined : `package.json has ${version}; CHANGELOG.md has ${first ?? 'no version'}`;
}

/** A registry that does not answer stops nothing. */
async function audit(): Promise<string | typeof UNKNOWN | undefined> {
  const problem = await passes('npm', ['audit', '--omit=dev', '--audit-level=low']);
  const isUnanswered = /audit endpoint|ENOTFOUND|ECONN|EAI_AGAIN|E4\d\d|E5\d\d/.test(problem ?? '');
  return isUnanswered ? UNKNOWN : problem;
}

function packageIsInOrder(): Promise<string | undefined> {
  return inScratchFolder(async (folder) => {
    const file = await packForNpm(folder);
    await run('tar', ['-xzf', file, '-C', folder]);
    const root = join(folder, 'package');
    const [entry] = Object.values(
      JSON.parse(await run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: root })),
    ) as { files: { path: string }[] }[];
    const paths = (entry?.files ?? []).map(({ path }) => path);
    const missing = CONTENTS.wanted.filter((path) => !paths.includes(path));
    const foreign = paths.filter((path) => !CONTENTS.allowed.test(path));
    if (missing.length + foreign.length > 0) return `missing: ${missing}; not to be there: ${foreign}`;
    const { publint } = await import('publint');
    const { messages } = await publint({ pkgDir: root, pack: false, strict: true });
    return messages.map((message) => JSON.stringify(message)).join('\n') || undefined;
  });
}

/** What is used here of a list in the form of CycloneDX. */
type Component = {
  readonly 'bom-ref': string;
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
};
type Bill = {
  serialNumber?: string;
  readonly metadata: { timestamp: string; readonly component: { name: string } };
  components: Component[];
  dependencies: { readonly ref: string; readonly dependsOn: readonly string[] }[];
};

const isForDevelopment = ({ properties = [] }: Component): boolean =>
  properties.some(({ name }) => name === 'cdx:npm:package:development');

/** Lists what the packages contain, in the form of CycloneDX. */
async function writeBill(): Promise<string> {
  const file = join(ARTIFACTS, 'sbom.cdx.json');
  const args = ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application'];
  const bill: Bill = JSON.parse(await run('npm', args, { cwd: REPOSITORY }));
  bill.metadata.component.name = 'dynonym'; // npm takes the name of the folder
  // The same commit has the same list: no number at random, no time of today.
  delete bill.serialNumber;
  bill.metadata.timestamp = new Date((await sourceTime()) * 1000).toISOString();
  // `--omit dev` would leave out what a package for development needs too, koa among them.
  const omitted = new Set(bill.components.filter(isForDevelopment).map((component) => component['bom-ref']));
  bill.components = bill.components.filter((component) => !isForDevelopment(component));
  bill.components.push(...NODES.map(nodeComponent));
  bill.dependencies = bill.dependencies
    .filter(({ ref }) => !omitted.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((other) => !omitted.has(other)) }));
  writeFileSync(file, `${JSON.stringify(bill, null, 2)}\n`);
  return file;
}

/** The Node.js that the archive and the Debian package bring. */
const nodeComponent = ({ name, version, integrity }: Pinned) => ({
  type: 'platform',
  'bom-ref': `${name}@${version}`,
  name,
  version,
  purl: `pkg:npm/${name}@${version}`,
  hashes: [
    { alg: 'SHA-512', content: Buffer.from(integrity.replace('sha512-', ''), 'base64').toString('hex') },
  ],
});

function writeChecksums(files: readonly string[]): void {
  const lines = files.map((file) => {
    const digest = createHash('sha256').update(readFileSync(file)).digest('hex');
    return `${digest}  ${basename(file)}\n`;
  });
  writeFileSync(join(ARTIFACTS, 'SHA256SUMS'), lines.join(''));
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function isKind(word: string): word is Kind {
  return Object.hasOwn(KINDS, word);
}

/** Makes all of these checks, and says how each ended. */
async function holds(checks: readonly Check[]): Promise<boolean> {
  let failed = 0;
  for (const { title, run: check } of checks) {
    const problem = await check();
    if (problem === undefined) say(`ok      ${title}`);
    else if (problem === UNKNOWN) say(`unknown ${title} (the registry did not answer)`);
    else {
      say(`failed  ${title}\n${problem}`);
      failed += 1;
    }
  }
  return failed === 0;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      'dry-run': { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: Object.keys(KINDS) },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help || !values.only.every(isKind)) {
    say(USAGE);
    return values.help ? 0 : 2;
  }
  if (!values['dry-run'] && !(await holds(OF_COMMIT))) return 1;
  if (!(await holds(ALWAYS))) return 1;
  rmSync(ARTIFACTS, { recursive: true, force: true });
  const made = await makePackages(values.only.filter(isKind));
  writeChecksums([...made, await writeBill()]);
  return 0;
}

process.exitCode = await main();
