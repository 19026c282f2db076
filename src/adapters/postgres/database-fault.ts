import type { DatabaseAddress } from '../../application/manage/database-address.ts';
import { DynonymError } from '../../domain/errors.ts';
import { reasonOf } from '../files/system-error.ts';

// What PostgreSQL and the way to it may do wrong, in one line for the operator. Codes of five characters are those of
// PostgreSQL (SQLSTATE); the others are of the package `postgres` and of the system.

/** Codes that a connection has ended, and with it the questions on it. 57P01, 57P02, 57P05 and 25P03: the server ended it. */
const ENDED = /^(?:CONNECTION_(?:CLOSED|ENDED|DESTROYED)|ECONNRESET|EPIPE|57P0[125]|25P03)$/;

/** The connection ended before there was an answer. A question may be asked again on another one. */
export const hasEnded = (error: unknown): boolean => ENDED.test(codeOf(error));

/**
 * A limit of time has passed, for a lock, a statement or a pause between statements. Some are ours, and some may be set
 * for the role.
 */
const GIVEN_UP = new Set(['55P03', '57014', '25P03', '25P04']);

/** There is no connection, or it has ended, or nobody answers on it. */
export const isUnreached = (error: unknown): boolean =>
  hasEnded(error) || /^(?:CONNECT_TIMEOUT|STORE_(?:UNREACHABLE|TLS|TIMEOUT))$/.test(codeOf(error));

/** The server that answered takes no writes. */
export const isReadOnly = (error: unknown): boolean => codeOf(error) === '25006';

/** The tables are not those that we know. */
export const isOtherSchema = (error: unknown): boolean =>
  ['42P01', '3F000', '42703', '42883'].includes(codeOf(error));

/** The fault for the operator. A DynonymError stays what it is. */
export function databaseFault(error: unknown, { user, database }: DatabaseAddress): DynonymError {
  if (error instanceof DynonymError) return error;
  const [code, message] = described(error, codeOf(error), user, database);
  // The error of the package has all parameters of the question with it, and some of them are secret.
  const cause = new Error(`${codeOf(error)}: ${reasonOf(error)}`);
  return new DynonymError(code, message, { cause });
}

function described(
  error: unknown,
  code: string,
  user: string,
  database: string,
): [code: string, message: string] {
  const said = reasonOf(error);
  if (code.startsWith('28')) {
    const cure =
      'compare user and password in [store] with the role, and pg_hba.conf with the address of this machine';
    return ['STORE_LOGIN', `PostgreSQL refuses the login of ${JSON.stringify(user)}: ${said}; ${cure}`];
  }
  if (code === '3D000') {
    const cure = 'create it as docs/store.md says, or correct its name in [store]';
    return ['STORE_NO_DATABASE', `PostgreSQL has no database ${JSON.stringify(database)}; ${cure}`];
  }
  if (code === '42501') {
    const cure = 'give it the rights that docs/store.md lists';
    return ['STORE_FORBIDDEN', `PostgreSQL forbids this to ${JSON.stringify(user)}: ${said}; ${cure}`];
  }
  if (isOtherSchema(error)) {
    return [
      'STORE_SCHEMA',
      `the tables in PostgreSQL are not as expected: ${said}; type: dynonym store migrate`,
    ];
  }
  if (code === '53100' || code === '53200') {
    return ['STORE_FULL', `PostgreSQL has no room, and nothing was changed: ${said}; make room there`];
  }
  if (code === '40P01' || code === '40001') {
    return [
      'STORE_BUSY',
      `PostgreSQL gave way to another change, and nothing was changed: ${said}; try again`,
    ];
  }
  if (isReadOnly(error)) {
    return [
      'STORE_READ_ONLY',
      `PostgreSQL takes no writes, and nothing was changed: ${said}; find its primary`,
    ];
  }
  if (/^(?:CONNECT_TIMEOUT|57014)$/.test(code)) {
    return ['STORE_TIMEOUT', 'PostgreSQL did not answer in time; look at its load, and at the network'];
  }
  if (GIVEN_UP.has(code)) {
    return ['STORE_BUSY', `PostgreSQL gave up, and nothing was changed: ${said}; try again`];
  }
  if (ENDED.test(code) || /^(?:08|57P|53)/.test(code)) {
    return ['STORE_UNREACHABLE', `the connection to PostgreSQL has ended: ${said}; look at its log`];
  }
  return ['STORE_FAILED', `PostgreSQL could not do it: ${said}`];
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}

/** What may succeed a moment later, as it is. */
const PASSING = new Set([
  ...['STORE_UNREACHABLE', 'STORE_TLS', 'STORE_TIMEOUT', 'STORE_READ_ONLY', 'STORE_FULL', 'STORE_LOGIN'],
  ...['STORE_SCHEMA', 'STORE_NO_DATABASE', 'STORE_FORBIDDEN', 'STORE_BUSY'],
]);

/** True when it is not the fault of what was to be written. */
export const isPassing = (error: unknown): boolean =>
  error instanceof DynonymError && PASSING.has(error.code);
