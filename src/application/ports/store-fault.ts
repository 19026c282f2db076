import { DynonymError } from '../../domain/errors.ts';

/** Seconds after which a database that is away may be back. */
export const STORE_RETRY = 10;

/** True where the database of `[store]` does not do what it was asked. It may do so again in a moment. */
export const isStoreFault = (error: unknown): boolean =>
  error instanceof DynonymError && error.code.startsWith('STORE_');
