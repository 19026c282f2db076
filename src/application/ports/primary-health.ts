import type { ServerSocket } from '../../domain/socket-address.ts';

/** Whether a primary answered when it was last asked. */
export type PrimaryState = {
  readonly primary: ServerSocket;
  /** False when it has not answered for a while. True when it has not been asked yet. */
  readonly answers: boolean;
};

/** Tells whether the primaries answer, without asking them. */
export interface PrimaryHealth {
  /** The primaries of this moment. Empty when this process asks none. */
  states(): readonly PrimaryState[];
}
