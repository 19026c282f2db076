/** Something that serves requests from outside while the program runs. */
export interface Listener {
  /** Resolves when requests are being accepted, to the addresses for people (`http://127.0.0.1:8053`). */
  start(): Promise<readonly string[]>;

  /**
   * Accepts nothing new, lets what is under way finish, and cuts off what is still running when `deadline`
   * is aborted. Resolves when all is closed. May be called at any time, also before `start`.
   */
  stop(deadline: AbortSignal): Promise<void>;
}
