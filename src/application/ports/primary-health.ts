import type { ServerSocket } from '../../domain/socket-address.ts';

/** What is known of a primary from what it was asked last. */
export type PrimaryState = {
  readonly primary: ServerSocket;
  /** False when it has given nobody an answer for a while. True also when nobody has asked it yet. */
  readonly answers: boolean;
};

/** Tells how the primaries are, without asking them. */
export interface PrimaryHealth {
  /** Those of this moment. None where this process asks none. */
  states(): readonly PrimaryState[];
}
