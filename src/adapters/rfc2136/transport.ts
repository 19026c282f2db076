/**
 * One question to one server. The transport chooses the message id, hands over what comes back under it, and
 * knows nothing else of the DNS.
 */
export type Exchange<Reply> = {
  /** The message to send. Called once, with an id that no other exchange under way has. */
  message(id: number): Buffer;
  /** What a received message means; undefined when it is none of ours, and the wait goes on. */
  judge(octets: Buffer): Reply | undefined;
};

export type Delivery<Reply> =
  | { readonly kind: 'answered'; readonly reply: Reply }
  /** Nothing that counts came in time. The server may have acted all the same. */
  | { readonly kind: 'silent' }
  /** The connection ended after the message was sent. The server may have acted all the same. */
  | { readonly kind: 'lost' }
  /** Nothing was sent. */
  | { readonly kind: 'unreachable'; readonly cause: Error };

/** A way to one server. Exchanges may run concurrently. */
export interface Transport {
  /** Ends within `time` milliseconds. */
  exchange<Reply>(exchange: Exchange<Reply>, time: number): Promise<Delivery<Reply>>;
  /** Ends all connections; exchanges under way are `lost`. */
  close(): void;
}
