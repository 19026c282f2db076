import { DynonymError } from '../../domain/errors.ts';

/** What a log line tells of an error. */
export type ErrorForLog = {
  readonly name?: string;
  readonly code?: string;
  readonly message: string;
  readonly stack?: string;
  readonly cause?: ErrorForLog;
  readonly errors?: readonly ErrorForLog[];
};

/** No chain of causes that is worth reading is longer; one that runs in a circle ends here. */
const DEEPEST = 8;
/** Of errors that came together, such as those of all addresses of a host, the first few. */
const MOST_TOGETHER = 8;

/** Whose stack is told: everybody's, only that of the error itself and not of its causes, or nobody's. */
type Stacks = 'all' | 'own' | 'none';

/**
 * The named parts of `error` and of its causes, and nothing else: libraries hang requests, headers and
 * options on their errors, and secrets with them. An error that is not a DynonymError is a mistake in the
 * program and tells where it happened; with `allStacks` every error does.
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
