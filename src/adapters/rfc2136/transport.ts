import type { Deadline } from '../../application/ports/clock.ts';

/**
 * One question to one server. The transport chooses the message id, hands over what comes back under it, and
 * knows nothing else of the DNS.
 */
export type Exchange<Reply> = {
  /** The message to send. Called once, with an id that no other exchange under way has. Does not throw. */
  message(id: number): Buffer;
  /** What a received message means; undefined when it is none of ours, and the wait goes on. Does not throw. */
  judge(octets: Buffer): Reply | undefined;
};

/** How long is waited for an answer. */
export type Patience = {
  /** Milliseconds from the sending, connecting included. */
  readonly answerTime: number;
  /** By then it is over, also for what could not even be sent. */
  readonly deadline: Deadline;
};

export type Delivery<Reply> =
  | { readonly kind: 'answered'; readonly reply: Reply }
  /** Nothing that counts came in time. The server may have acted all the same. */
  | { readonly kind: 'silent' }
  /** The connection ended after the message was sent. The server may have acted all the same. */
  | { readonly kind: 'lost' }
  /** Nothing was sent: there is no way to the server. */
  | { readonly kind: 'unreachable'; readonly cause: Error }
  /** Nothing was sent: until the deadline too much else was under way. */
  | { readonly kind: 'crowded' }
  /** The transport was closed, before or after the message was sent. */
  | { readonly kind: 'closed' };

/** A way to one server. Exchanges may run concurrently. */
export interface Transport {
  exchange<Reply>(exchange: Exchange<Reply>, patience: Patience): Promise<Delivery<Reply>>;
  /** For good: exchanges under way and all later ones are `closed`. */
  close(): void;
}
