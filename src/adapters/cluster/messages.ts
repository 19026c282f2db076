import * as z from 'zod';
import { DynonymError } from '../../domain/errors.ts';
import {
  address,
  adminSocket,
  type ErrorOnWire,
  fault,
  httpSettings,
  logSettings,
  type ReconciliationOnWire,
  reconciliation,
  ttl,
  wantedName,
} from './wire-values.ts';

/** Tells answers apart. */
const id = z.int().min(0);
const milliseconds = z.number().min(0);

/** A site is turned away for so long. */
const pause = z.object({ site: z.string(), left: milliseconds });

export type Pause = z.output<typeof pause>;

/** What a worker says. It says `hello` first and hears nothing before. */
const fromWorker = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('hello') }),
  z.object({ kind: z.literal('listening'), addresses: z.array(z.string()) }),
  z.object({ kind: z.literal('cannot-listen'), fault }),
  // Clocks of processes have different origins: a deadline travels as the time that is left.
  z.object({ kind: z.literal('reconcile'), id, wanted: z.array(wantedName), left: milliseconds }),
  z.object({ kind: z.literal('login-failed'), address }),
  // What it counted: only the adapter that counts reads it.
  z.object({ kind: z.literal('counted'), id, counts: z.array(z.unknown()) }),
]);

/** What the first process says. */
const fromFirstProcess = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('welcome'),
    http: httpSettings,
    ttl,
    // Counts are wanted.
    admin: adminSocket.optional(),
    log: logSettings.optional(),
    pauses: z.array(pause),
  }),
  // Some of what `welcome` said has changed.
  z.object({ kind: z.literal('settings'), http: httpSettings, ttl, log: logSettings.optional() }),
  z.object({ kind: z.literal('reconciled'), id, results: z.array(reconciliation) }),
  // A mistake in the program, which the first process has logged.
  z.object({ kind: z.literal('not-reconciled'), id }),
  z.object({ kind: z.literal('paused'), pause }),
  z.object({ kind: z.literal('count'), id }),
  // Nothing new is accepted, what is under way is finished; `cut-off`: nor is that.
  z.object({ kind: z.literal('stop') }),
  z.object({ kind: z.literal('cut-off') }),
]);

export type FromWorker = z.output<typeof fromWorker>;
export type FromFirstProcess = z.output<typeof fromFirstProcess>;

/** The same as they are sent: JSON would keep nothing of an error. */
export type ToFirstProcess =
  | Exclude<FromWorker, { kind: 'cannot-listen' }>
  | { readonly kind: 'cannot-listen'; readonly fault: ErrorOnWire };

export type ToWorker =
  | Exclude<FromFirstProcess, { kind: 'reconciled' }>
  | { readonly kind: 'reconciled'; readonly id: number; readonly results: readonly ReconciliationOnWire[] };

/** Throws a DynonymError when it is none: the programs of the two processes differ. */
export function readFromWorker(message: unknown): FromWorker {
  return read(fromWorker, message);
}

/** Throws a DynonymError when it is none: the programs of the two processes differ. */
export function readFromFirstProcess(message: unknown): FromFirstProcess {
  return read(fromFirstProcess, message);
}

function read<Message>(schema: z.ZodType<Message>, message: unknown): Message {
  const judged = schema.safeParse(message);
  if (judged.success) return judged.data;
  const [issue] = judged.error.issues;
  const where = issue?.path.join('.') || 'message';
  throw new DynonymError(
    'WORKER_MESSAGE',
    `a message between processes is not understood: ${where}: ${issue?.message}`,
  );
}
