/**
 * What has to be known when a browser comes back to end a sign-in: good once, and for five minutes. It may be forgotten
 * earlier; then a sign-in begins anew. Where several processes serve, a browser may come back to any of them.
 */
export interface PendingSignIns {
  /** Keeps `value` in place of what was kept before. `key` has a secret of the browser, so that no other one takes it. */
  keep(key: string, value: string): Promise<void>;

  /** Undefined where nothing is kept any more. */
  take(key: string): Promise<string | undefined>;
}

/** Milliseconds that somebody has for a sign-in. */
export const SIGN_IN_LIFE = 5 * 60_000;
