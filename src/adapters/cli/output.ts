import type { Writable } from 'node:stream';
import { type BaseContext, UsageError } from 'clipanion';
import { DynonymError } from '../../domain/errors.ts';

/** The reader of our output has closed it: `dynonym configure users list | head -1`. */
class ReaderGone extends Error {}

/**
 * Resolves when the text was written. Rejects when it cannot be: the disk is full, or the reader has closed the pipe.
 */
export function write(stream: Writable, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => {
      if (!error) resolve();
      else reject('code' in error && error.code === 'EPIPE' ? new ReaderGone() : error);
    });
  });
}

/** Text from outside, for a message: in quotes, with characters that nobody sees escaped. */
export function quoted(text: string): string {
  return JSON.stringify(text).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    character.split('').map(asEscape).join(''),
  );
}

const asEscape = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** The message for an error. Undefined when nobody reads our output any more. */
export function describeError(error: unknown, env: BaseContext['env']): string | undefined {
  if (error instanceof UsageError) return error.message;
  if (error instanceof ReaderGone) return undefined;
  if (env['DYNONYM_DEBUG'] === '1') return stackOf(error);
  if (error instanceof DynonymError) return error.message;
  // An error of the system, such as a full disk behind standard output, is no fault of the program.
  if (error instanceof Error && 'syscall' in error) return error.message;
  const message = error instanceof Error ? error.message : String(error);
  return `unexpected error: ${message} (DYNONYM_DEBUG=1 shows where; please report it)`;
}

/** The stack of an error, and below it those of its causes. */
function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error.stack ?? error.message;
  return error.cause === undefined ? own : `${own}\ncaused by ${stackOf(error.cause)}`;
}
