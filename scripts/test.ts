import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { LONG_VARIABLE } from '../test/support/fuzz-runs.ts';
import { FOLDER_VARIABLE, findSecrets } from '../test/support/kept-output.ts';
import { TOOLS, type Tool } from '../test/support/tools.ts';
import { installTools } from './install-tools.ts';

const USAGE = `usage: npm test -- [--long] [--minutes=N] [KIND or PATH …]

Runs the tests of a kind (unit, contract, golden, integration, e2e, fuzz, simulation, long, architecture), of a folder or of a
file; without an argument all but those in test/long. Ends them after N minutes, 20 unless said. Then it looks whether
any program under test has printed a secret that it was given.

  --long  the long form of what hangs on chance; without a KIND or PATH, test/long, test/fuzz and test/simulation
          (npm run test:long)

For more of it: FUZZ_RUNS is the number of random cases, kills and requests of each test, FAULT_ROUNDS the number of
rounds in test/long/faults.
`;

const REPOSITORY = fileURLToPath(new URL('..', import.meta.url));
const TESTS = join(REPOSITORY, 'test');
const LONG = join(TESTS, 'long');

/** Kinds whose tests run programs of others. All of these are installed for any of them, so that none is forgotten. */
const KINDS_WITH_TOOLS: ReadonlySet<string> = new Set(['contract', 'integration', 'e2e', 'long']);

/**
 * Kinds whose files run many to a process. They share nothing, and to start a process and load the program costs most
 * of a file's time: 199 files took 289 s of processor time, each by itself, and 85 s together.
 */
const KINDS_THAT_SHARE: ReadonlySet<string> = new Set(['unit', 'golden']);

/** A user's mistake: one line, no stack. */
class UsageError extends Error {}

function findTests(argument: string): string[] {
  const found = [resolve(argument), join(TESTS, argument), join(TESTS, `${argument}.test.ts`)].find(
    existsSync,
  );
  if (found === undefined) throw new UsageError(`there are no tests called ${argument}`);
  if (!statSync(found).isDirectory()) return [found];
  const files = readdirSync(found, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.ts'))
    .map((path) => join(found, path));
  if (files.length === 0) throw new UsageError(`there are no tests in ${argument}`);
  return files;
}

/** What `npm test` runs, or `npm run test:long`. */
function filesOfRun(long: boolean): string[] {
  if (long) return [LONG, join(TESTS, 'fuzz'), join(TESTS, 'simulation')].flatMap(findTests);
  return findTests(TESTS).filter((file) => !file.startsWith(`${LONG}/`));
}

function kindOf(file: string): string {
  return relative(TESTS, file).split('/')[0] ?? '';
}

/** Writes into `folder` one file for each process, which loads its share of the files that share one. */
function grouped(files: readonly string[], folder: string): readonly string[] {
  const sharing = files.filter((file) => KINDS_THAT_SHARE.has(kindOf(file)));
  const processes = 2 * availableParallelism();
  if (sharing.length <= processes) return files;
  const groups = Array.from({ length: processes }, (_, group) => {
    const share = sharing.filter((_file, index) => index % processes === group);
    const path = join(folder, `group-${group + 1}.test.mjs`);
    writeFileSync(
      path,
      share.map((file) => `import ${JSON.stringify(pathToFileURL(file).href)};\n`).join(''),
    );
    return path;
  });
  return [...groups, ...files.filter((file) => !sharing.includes(file))];
}

function toolsFor(files: readonly string[]): readonly Tool[] {
  return files.some((file) => KINDS_WITH_TOOLS.has(kindOf(file))) ? (Object.keys(TOOLS) as Tool[]) : [];
}

type Run = { readonly minutes: number; readonly long: boolean };

/** Gives the exit status. */
async function runTests(files: readonly string[], { minutes, long }: Run, kept: string): Promise<number> {
  const runner = spawn(
    process.execPath,
    [
      ...['--import', 'tsx', '--test', '--test-reporter=spec'],
      // Half of the time, a test waits for what other programs do.
      `--test-concurrency=${2 * availableParallelism()}`,
      // A file that hangs is named, and the others still have their turn.
      `--test-timeout=${Math.round(minutes * 54_000)}`,
      ...grouped(files, kept),
    ],
    // In a process group of its own, so that the end of the run is the end of everything that it started.
    {
      cwd: REPOSITORY,
      env: { ...process.env, [FOLDER_VARIABLE]: kept, ...(long ? { [LONG_VARIABLE]: 'true' } : {}) },
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: true,
    },
  );
  let ended = false;
  const end = (signal: NodeJS.Signals) => {
    ended = true;
    if (runner.pid !== undefined && runner.exitCode === null) process.kill(-runner.pid, signal);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  const deadline = setTimeout(() => {
    say(`The tests took longer than ${minutes} minutes and were ended`);
    end('SIGTERM');
    setTimeout(end, 10_000, 'SIGKILL').unref();
  }, minutes * 60_000);

  const [status] = await once(runner, 'close');
  clearTimeout(deadline);
  return ended ? 1 : (status ?? 1);
}

/** Gives the exit status. The folder stays where something was found, so that one can look at it. */
async function runAndScan(files: readonly string[], run: Run): Promise<number> {
  const kept = mkdtempSync(join(tmpdir(), 'dynonym-kept-'));
  const status = await runTests(files, run, kept);
  const finds = findSecrets(kept);
  for (const { file, line } of finds) say(`A secret is shown in line ${line} of ${file}`);
  if (finds.length > 0) return status || 1;
  rmSync(kept, { recursive: true, force: true });
  return status;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      minutes: { type: 'string', default: '20' },
      long: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    say(USAGE);
    return 0;
  }
  const minutes = Number(values.minutes);
  if (!(minutes > 0)) throw new UsageError('--minutes takes a number above 0');
  const files = positionals.length > 0 ? positionals.flatMap(findTests) : filesOfRun(values.long);
  await installTools(toolsFor(files), say);
  return runAndScan([...new Set(files)].sort(), { minutes, long: values.long });
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof UsageError) && !isParseError(error)) throw error;
  process.stderr.write(`${error.message}\n\n${USAGE}`);
  process.exitCode = 2;
}

function isParseError(error: unknown): error is TypeError {
  return error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}
