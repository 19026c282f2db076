import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { keepSecret, keepText } from './kept-output.ts';
import { type ProcessOptions, type ProcessResult, RunningProcess } from './run-process.ts';

export const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));

/**
 * How dynonym is started: from its source, or from the file that `DYNONYM_MAIN` names (`npm test` builds the
 * program first and names `dist/main.js`, so that what is tested there is what is shipped).
 */
export const PROGRAM: readonly [command: string, ...args: string[]] = process.env['DYNONYM_MAIN']
  ? [process.execPath, resolve(REPOSITORY, process.env['DYNONYM_MAIN'])]
  : [process.execPath, '--import', import.meta.resolve('tsx'), resolve(REPOSITORY, 'src/main.ts')];

/** Runs `dynonym ARGS…` to its end. */
export async function runProgram(
  args: readonly string[],
  { within, ...options }: ProcessOptions & { readonly within?: number } = {},
): Promise<ProcessResult> {
  return startProgram(args, options).end(within);
}

/** Starts `dynonym ARGS…` and leaves it running: `serve`. What it logs is kept, and the secrets that it was given. */
export function startProgram(args: readonly string[], options: ProcessOptions = {}): RunningProcess {
  const [command, ...start] = PROGRAM;
  const log = keepText(args.join(' '));
  const isServer = args.includes('serve');
  keepSecretsOf(args, options);
  const program = new RunningProcess(command, [...start, ...args], {
    ...options,
    // What other commands print is what they were asked for: `token add` tells a secret, once.
    heard: (text, stream) => (stream === 'stderr' || isServer) && log(text),
  });
  program.ended.then(
    ({ stdout }) => {
      if (args.includes('token')) keepSecret(...(stdout.match(/[\w-]{40,}/g) ?? []));
      keepSecretsOf(args, options);
    },
    () => {},
  );
  return program;
}

/** Passwords on standard input; and all that the configuration holds, before the program runs and after that. */
function keepSecretsOf(args: readonly string[], { cwd = '.', stdin = '' }: ProcessOptions): void {
  if (args.includes('users')) keepSecret(...stdin.split(/\r?\n/));
  const option = args.findIndex((word) => ['-c', '--conf', '--config'].includes(word));
  const file = resolve(cwd, (option === -1 ? undefined : args[option + 1]) ?? 'dynonym.toml');
  if (!isRegular(file)) return;
  const text = readFileSync(file, 'utf8');
  for (const [, key = '', value = ''] of text.matchAll(SECRET_KEYS)) {
    const named = resolve(dirname(file), value);
    if (!key.endsWith('_file')) keepSecret(value);
    else if (isRegular(named)) keepSecret(readFileSync(named, 'utf8').trim());
  }
}

const SECRET_KEYS = /\b(pw|sha256|password|secret|secret_file|password_file) *= *["']([^"'\n]+)["']/g;

const isRegular = (file: string): boolean => statSync(file, { throwIfNoEntry: false })?.isFile() === true;
