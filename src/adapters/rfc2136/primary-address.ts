import type { Primary } from '../../application/manage/settings.ts';
import type { Clock, Deadline } from '../../application/ports/clock.ts';
import { type ServerSocket, socketText } from '../../domain/socket-address.ts';
import type { TsigKey } from '../../domain/tsig-key.ts';
import { tsigSizeOf } from '../dns-wire/tsig.ts';
import type { AnswerContext } from './about.ts';
import { codeOfHint } from './answer-fault.ts';
import type { Reply } from './attempt.ts';
import type { PrimaryRequest } from './requests.ts';
import type { Delivery, Exchange, Transport } from './transport.ts';

/** Octets. A larger message goes by TCP at once, because on its way by UDP it may be fragmented or dropped. */
const MAX_UDP = 512;
/** Milliseconds for an answer by UDP. UDP loses messages, so after a silence the request is repeated by TCP. */
const UDP_TIME = 1_500;
/** Milliseconds for an answer by a stream: enough for a Knot that pauses a second, or a large message to PowerDNS. */
export const STREAM_TIME = 4_500;

/** The ways to one address. Without `udp`, all messages go by the stream (TCP or TLS). */
export type Transports = { readonly udp: Transport | undefined; readonly stream: Transport };

export class PrimaryAddress {
  readonly context: AnswerContext;
  /** The time of the last attempt without an answer, until one is answered. */
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

  /** Sends a small message by UDP if that is configured, and by the stream if no answer came, or it is not. */
  async ask(
    { message }: PrimaryRequest,
    newAttempt: () => Exchange<Reply>,
    deadline: Deadline,
  ): Promise<Delivery<Reply>> {
    const { udp, stream } = this.#transports;
    let hint: Reply | undefined;
    if (udp !== undefined && message.length + this.#tsigSize <= MAX_UDP) {
      const attempt = newAttempt();
      const delivery = await udp.exchange<Reply>(
        {
          ...attempt,
          judge: (octets) => {
            const reply = attempt.judge(octets);
            if (reply?.kind !== 'unverified') return reply;
            // A datagram that does not verify may be forged: the true answer may still come, or come by TCP.
            if (codeOfHint(reply.hint) !== 'DNS_UNVERIFIED') hint = reply;
            return undefined;
          },
        },
        { answerTime: UDP_TIME, deadline },
      );
      if (delivery.kind === 'answered' && !isTruncated(delivery.reply)) return delivery;
      if (this.#clock.monotonic() >= deadline) return hintOr({ kind: 'silent' }, hint);
    }
    const delivery = await stream.exchange(newAttempt(), { answerTime: STREAM_TIME, deadline });
    return hintOr(delivery, hint);
  }
}

/** The addresses of a primary, in the order of the configuration. */
export const socketsOf = ({ socket, fallbackSockets = [] }: Primary): readonly ServerSocket[] => [
  socket,
  ...fallbackSockets,
];

export const isTruncated = (reply: Reply): boolean => reply.kind === 'answer' && reply.message.tc;

/** Where no answer came at all, one that did not verify still tells that a server is there, and what is wrong. */
function hintOr(delivery: Delivery<Reply>, hint: Reply | undefined): Delivery<Reply> {
  const isNone = delivery.kind === 'unreachable' || delivery.kind === 'silent';
  return isNone && hint !== undefined ? { kind: 'answered', reply: hint } : delivery;
}
