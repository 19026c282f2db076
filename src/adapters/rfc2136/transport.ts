import type { Deadline } from '../../application/ports/clock.ts';

/**
 * One request to one server. The transport chooses the message id and hands over each message that comes back under
 * it. It knows nothing else of the DNS.
 */
export type Exchange<Reply> = {
  /** The message to send. Called once, with an id that no other exchange in flight has. Does not throw. */
  message(id: number): Buffer;
  /** What a received message means. Undefined: it does not belong to this exchange, which goes on waiting. Does not throw. */
  judge(octets: Buffer): Reply | undefined;
};

/** How long an exchange waits for an answer. */
export type Patience = {
  /** Milliseconds, from when a connection takes the message. The time to connect is included. */
  readonly answerTime: number;
  /** The exchange ends by then, even if nothing could be sent. */
  readonly deadline: Deadline;
};

export type Delivery<Reply> =
  | { readonly kind: 'answered'; readonly reply: Reply }
  /** No reply came in time. The server may still have carried out the message. */
  | { readonly kind: 'silent' }
  /** The connection ended after the message was sent. The server may still have carried it out. */
  | { readonly kind: 'lost' }
  /** Nothing was sent: there is no connection to the server. */
  | { readonly kind: 'unreachable'; readonly cause: Error }
  /** Nothing was sent: too much else was in flight until the deadline. */
  | { readonly kind: 'crowded' }
  /** The transport was closed, before or after the message was sent. */
  | { readonly kind: 'closed' };

/** Carries messages to one server. Exchanges may run concurrently. */
export interface Transport {
  exchange<Reply>(exchange: Exchange<Reply>, patience: Patience): Promise<Delivery<Reply>>;
  /** Closes it for good: exchanges in flight and all later ones end as `closed`. */
  close(): void;
}
