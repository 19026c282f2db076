/**
 * A moment of {@link Clock.monotonic}, in milliseconds. By then the caller has an outcome. It may be that the change
 * could not be confirmed.
 */
export type Deadline = number;

/** Time. The core reads it only here, so that tests can set it. */
export interface Clock {
  /** Milliseconds since 1970-01-01 UTC. May jump when the system's clock is set. */
  now(): number;

  /** Milliseconds since an arbitrary origin. Never goes back. For durations and deadlines. */
  monotonic(): number;

  /** Calls `action` once, `milliseconds` from now, unless the returned function is called before. */
  schedule(milliseconds: number, action: () => void): () => void;

  /** Calls `action` once, after all work that is ready now: requests that have arrived come first. */
  soon(action: () => void): void;
}
