/** Everything that the program opened and has to close before it ends. */
export interface Closing {
  /** Closes what is open, the latest first. Never rejects: what could not be closed is logged. */
  close(): Promise<void>;
}
