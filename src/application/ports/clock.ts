/**
 * A moment of {@link Clock.monotonic}, in milliseconds, by which something has an outcome, if need be that
 * it could not be confirmed.
 */
export type Deadline = number;

/** Time, so that nothing in the core reads it on its own and tests can move it. */
export interface Clock {
  /** Milliseconds since 1970-01-01 UTC. May jump when the system's clock is set. */
  now(): number;

  /** Milliseconds from any origin; never goes back. For durations and deadlines. */
  monotonic(): number;

  /** Calls `action` once, `milliseconds` from now, unless the returned function is called before. */
  schedule(milliseconds: number, action: () => void): () => void;
}
