import type { Writable } from 'node:stream';
import { type BaseContext, UsageError } from 'clipanion';
import { DynonymError } from '../../domain/errors.ts';

/** Whoever read our output has had enough of it: `dynonym configure users list | head -1`. */
class ReaderGone extends Error {}

/** Resolves when the text was taken, rejects when it was not: a full disk, a reader that went away. */
export function write(stream: Writable, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => {
      if (!error) resolve();
      else reject('code' in error && error.code === 'EPIPE' ? new ReaderGone() : error);
    });
  });
}

/** Text from outside within a message: in quotes, control characters escaped. */
export function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** What a person is told of an error, or undefined when there is nobody to be told. */
export function describeError(error: unknown, env: BaseContext['env']): string | undefined {
  if (error instanceof UsageError) return error.message;
  if (error instanceof ReaderGone) return undefined;
  if (env['DYNONYM_DEBUG'] === '1') return stackOf(error);
  if (error instanceof DynonymError) return error.message;
  // What the system says for itself (a full disk behind standard output) is no fault of the program.
  if (error instanceof Error && 'syscall' in error) return error.message;
  const message = error instanceof Error ? error.message : String(error);
  return `unexpected error: ${message} (DYNONYM_DEBUG=1 shows where; please report it)`;
}

/** With the causes below, each with its own stack. */
function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error.stack ?? error.message;
  return error.cause === undefined ? own : `${own}\ncaused by ${stackOf(error.cause)}`;
}
