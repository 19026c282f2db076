/** One end of the line between the first process and one of its workers. */
export interface Channel {
  /**
   * `message` goes through JSON. Messages arrive in the order in which they were sent. Never throws, never
   * waits; what is sent when the other end is gone is lost.
   */
  send(message: object): void;

  /** For the one who listens. What came before is lost, so the worker speaks first. */
  listen(listener: ChannelListener): void;

  /** What was sent before still arrives. */
  close(): void;
}

export type ChannelListener = {
  heard(message: unknown): void;
  /** The other end closed the line, or died. Told once. */
  closed(): void;
};
