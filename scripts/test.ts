import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { FOLDER_VARIABLE, findSecrets } from '../test/support/kept-output.ts';
import { TOOLS, type Tool } from '../test/support/tools.ts';
import { installTools } from './install-tools.ts';

const USAGE = `usage: npm test -- [--minutes=N] [KIND or PATH …]

Runs the tests of a kind (unit, contract, golden, integration, faults, e2e, fuzz, architecture), of a folder or of a
file; all of them without an argument. Ends them after N minutes, 12 unless said. Then it looks whether any program
under test has printed a secret that it was given.

Long forms: npm run test:faults (FAULT_ROUNDS rounds, 10 unless said), npm run test:abuse (FUZZ_RUNS random requests,
100,000 unless said), npm run fuzz (FUZZ_RUNS random cases of each property).
`;

const REPOSITORY = fileURLToPath(new URL('..', import.meta.url));
const TESTS = join(REPOSITORY, 'test');

/** Kinds whose tests run programs of others. All of these are installed for any of them, so that none is forgotten. */
const KINDS_WITH_TOOLS: ReadonlySet<string> = new Set(['contract', 'integration', 'faults', 'e2e']);

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

function toolsFor(files: readonly string[]): readonly Tool[] {
  const kindOf = (file: string) => relative(TESTS, file).split('/')[0] ?? '';
  return files.some((file) => KINDS_WITH_TOOLS.has(kindOf(file))) ? (Object.keys(TOOLS) as Tool[]) : [];
}

/** Gives the exit status. */
async function runTests(files: readonly string[], minutes: number, kept: string): Promise<number> {
  const runner = spawn(
    process.execPath,
    [
      ...['--import', 'tsx', '--test', '--test-reporter=spec'],
      // Half of the time, a test waits for what other programs do.
      `--test-concurrency=${2 * availableParallelism()}`,
      // A file that hangs is named, and the others still have their turn.
      `--test-timeout=${Math.round(minutes * 30_000)}`,
      ...files,
    ],
    // In a process group of its own, so that the end of the run is the end of everything that it started.
    {
      cwd: REPOSITORY,
      env: { ...process.env, [FOLDER_VARIABLE]: kept },
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
async function runAndScan(files: readonly string[], minutes: number): Promise<number> {
  const kept = mkdtempSync(join(tmpdir(), 'dynonym-kept-'));
  const status = await runTests(files, minutes, kept);
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
    options: { minutes: { type: 'string', default: '12' }, help: { type: 'boolean', default: false } },
  });
  if (values.help) {
    say(USAGE);
    return 0;
  }
  const minutes = Number(values.minutes);
  if (!(minutes > 0)) throw new UsageError('--minutes takes a number above 0');
  const files = [...new Set((positionals.length > 0 ? positionals : [TESTS]).flatMap(findTests))].sort();
  await installTools(toolsFor(files), say);
  return runAndScan(files, minutes);
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
