import type { Channel, ChannelListener } from '../../src/adapters/cluster/channel.ts';

/** One end of a line in memory. Messages go through JSON and arrive soon, in their order. */
export class MemoryChannel implements Channel {
  /** What was sent from this end, as it came out of JSON. */
  readonly sent: unknown[] = [];
  #peer: MemoryChannel | undefined;
  #listener: ChannelListener | undefined;
  #open = true;

  /** Both ends. */
  static pair(): readonly [MemoryChannel, MemoryChannel] {
    const one = new MemoryChannel();
    const other = new MemoryChannel();
    one.#peer = other;
    other.#peer = one;
    return [one, other];
  }

  send(message: object): void {
    if (!this.#open) return;
    const arrived: unknown = JSON.parse(JSON.stringify(message));
    this.sent.push(arrived);
    const peer = this.#peer;
    queueMicrotask(() => peer?.hear(arrived));
  }

  listen(listener: ChannelListener): void {
    this.#listener = listener;
  }

  /** A message arrives at this end, be it of this program or not. */
  hear(message: unknown): void {
    this.#listener?.heard(message);
  }

  close(): void {
    const peer = this.#peer;
    if (!this.#open || peer === undefined) return;
    this.#open = false;
    peer.#open = false;
    queueMicrotask(() => peer.#listener?.closed());
  }
}
