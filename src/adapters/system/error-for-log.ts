import { DynonymError } from '../../domain/errors.ts';

/** The parts of an error in a log line. */
export type ErrorForLog = {
  readonly name?: string;
  readonly code?: string;
  readonly message: string;
  readonly stack?: string;
  readonly cause?: ErrorForLog;
  readonly errors?: readonly ErrorForLog[];
};

/** The longest chain of causes. It ends circular chains too. */
const DEEPEST = 8;
/** The most errors of an AggregateError, such as one with an error for each address of a host. */
const MOST_TOGETHER = 8;

/** Which stacks are in the line: those of the error and its causes, that of the error only, or none. */
type Stacks = 'all' | 'own' | 'none';

/**
 * Only these parts of `error` and of its causes, because libraries attach requests, headers and options to their
 * errors, which can contain secrets. An error that is not a DynonymError is a mistake in the program, and gets its
 * stack. With `allStacks`, every error gets its stack.
 */
export function errorForLog(error: Error, allStacks: boolean): ErrorForLog {
  const own = error instanceof DynonymError ? 'none' : 'own';
  return parts(error, allStacks ? 'all' : own, DEEPEST);
}

function parts(error: unknown, stacks: Stacks, deepest: number): ErrorForLog {
  if (!(error instanceof Error))
    return { message: typeof error === 'string' ? error : `thrown: ${typeof error}` };

  const inner = (other: unknown) => parts(other, stacks === 'all' ? 'all' : 'none', deepest - 1);
  const together: readonly unknown[] = error instanceof AggregateError ? error.errors : [];
  return {
    ...('code' in error && typeof error.code === 'string' ? { code: error.code } : { name: error.name }),
    message: error.message,
    ...(stacks !== 'none' && error.stack !== undefined && { stack: error.stack }),
    ...(deepest > 0 && error.cause !== undefined && { cause: inner(error.cause) }),
    ...(deepest > 0 && together.length > 0 && { errors: together.slice(0, MOST_TOGETHER).map(inner) }),
  };
}
