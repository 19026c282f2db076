/** Which of several processes does what only one of them shall do. */
export interface Lease {
  /** True while it is this process. Another process begins some seconds after this one has ended, or has lost contact. */
  isHeld(): boolean;
}

/** There is one process. */
export const alwaysHeld: Lease = { isHeld: () => true };
