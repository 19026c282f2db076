/**
 * What is kept from the begin of a sign-in until the browser comes back to end it. It is given once, and for five
 * minutes. If it is lost earlier, the sign-in begins anew. Where several processes serve, a browser may come back to any
 * of them.
 */
export interface PendingSignIns {
  /** Keeps `value`, in place of an earlier one with this key. A secret of the browser is in `key`: no other can take it. */
  keep(key: string, value: string): Promise<void>;

  /** Undefined where nothing is kept any more. */
  take(key: string): Promise<string | undefined>;
}

/** Milliseconds that somebody has for a sign-in. */
export const SIGN_IN_LIFE = 5 * 60_000;
