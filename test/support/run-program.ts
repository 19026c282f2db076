import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ProcessOptions, type ProcessResult, RunningProcess, runProcess } from './run-process.ts';

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
  options?: ProcessOptions & { readonly within?: number },
): Promise<ProcessResult> {
  const [command, ...start] = PROGRAM;
  return runProcess(command, [...start, ...args], options);
}

/** Starts `dynonym ARGS…` and leaves it running: `serve`. */
export function startProgram(args: readonly string[], options?: ProcessOptions): RunningProcess {
  const [command, ...start] = PROGRAM;
  return new RunningProcess(command, [...start, ...args], options);
}
