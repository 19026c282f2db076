import type { Clock, Deadline } from '../../application/ports/clock.ts';
import { type ServerSocket, socketText } from '../../domain/socket-address.ts';
import type { TsigKey } from '../../domain/tsig-key.ts';
import { tsigSizeOf } from '../dns-wire/tsig.ts';
import type { AnswerContext } from './about.ts';
import { codeOfHint } from './answer-fault.ts';
import type { Attempt, PrimaryRequest, Reply } from './attempt.ts';
import type { Delivery, Transport } from './transport.ts';

/** Larger messages go by TCP at once: more than this may be fragmented, or dropped without a word. */
const MAX_UDP = 512;
/** UDP loses messages and nobody tells; silence is asked again by TCP, after these milliseconds. */
const UDP_TIME = 1_500;
/** Long enough for a Knot that pauses a second, and for a PowerDNS with a large message. */
export const STREAM_TIME = 4_500;

/** How messages get to an address. Without `udp`, all of them go by the stream (TCP or TLS). */
export type Transports = { readonly udp: Transport | undefined; readonly stream: Transport };

/** One of the addresses at which a primary is asked. */
export class PrimaryAddress {
  readonly context: AnswerContext;
  /** When it gave no answer, unless it has given one since. */
  failedAt = Number.NEGATIVE_INFINITY;
  readonly #transports: Transports;
  readonly #clock: Clock;
  readonly #tsigSize: number;

  constructor(socket: ServerSocket, key: TsigKey | undefined, transports: Transports, clock: Clock) {
    this.context = { server: socketText(socket), key };
    this.#transports = transports;
    this.#clock = clock;
    this.#tsigSize = key === undefined ? 0 : tsigSizeOf(key);
  }

  close(): void {
    this.#transports.udp?.close();
    this.#transports.stream.close();
  }

  /** By UDP where that is wanted and the message is small; by the stream where it is not, or nothing came. */
  async ask(
    { message }: PrimaryRequest,
    newAttempt: () => Attempt,
    deadline: Deadline,
  ): Promise<Delivery<Reply>> {
    const { udp, stream } = this.#transports;
    let hint: Reply | undefined;
    if (udp !== undefined && message.length + this.#tsigSize <= MAX_UDP) {
      const attempt = newAttempt();
      const delivery = await udp.exchange<Reply>(
        {
          message: (id) => attempt.message(id),
          judge: (octets) => {
            const reply = attempt.judge(octets);
            if (reply?.kind !== 'unverified') return reply;
            // A datagram that does not verify may be forged: the true one may still come, or come by TCP.
            if (codeOfHint(reply.hint) !== 'DNS_UNVERIFIED') hint = reply;
            return undefined;
          },
        },
        { answerTime: UDP_TIME, deadline },
      );
      if (delivery.kind === 'answered' && !isTruncated(delivery.reply)) return delivery;
      // No time is left to ask by TCP.
      if (this.#clock.monotonic() >= deadline) return hintOr({ kind: 'silent' }, hint);
    }
    const delivery = await stream.exchange(newAttempt(), { answerTime: STREAM_TIME, deadline });
    return hintOr(delivery, hint);
  }
}

export const isTruncated = (reply: Reply): boolean => reply.kind === 'answer' && reply.message.tc;

/** Where nothing came that counts, what did not verify still tells that somebody is there, and what is wrong. */
function hintOr(delivery: Delivery<Reply>, hint: Reply | undefined): Delivery<Reply> {
  const isNone = delivery.kind === 'unreachable' || delivery.kind === 'silent';
  return isNone && hint !== undefined ? { kind: 'answered', reply: hint } : delivery;
}
