import { randomInt } from 'node:crypto';
import type { Clock } from '../../../application/ports/clock.ts';
import type { TsigKey } from '../../../domain/tsig-key.ts';
import { Rcode } from '../../dns-wire/constants.ts';
import { type Message, parseMessage } from '../../dns-wire/message.ts';
import { DEFAULT_FUDGE, type ResponseVerdict, signMessage, verifyResponse } from '../../dns-wire/tsig.ts';
import { WireFault } from '../../dns-wire/wire-fault.ts';
import type { Transports } from '../primary-address.ts';
import type { Delivery, Exchange, Transport } from '../transport.ts';

/** Milliseconds for one answer: shorter than the service waits, longer than a Knot that pauses a second. */
const UDP_TIME = 1_500;
const STREAM_TIME = 3_000;
/** Knot fails updates that travelled beside a bad one of somebody else (SERVFAIL); asked again, they fare well. */
const ATTEMPTS = 3;
const PAUSE = 250;

export type Signing = {
  readonly key: TsigKey;
  /** Seconds by which the server's clock is thought to be ahead of ours. */
  readonly ahead: number;
  readonly fudge?: number;
};

/** What came back, believed or not: a diagnosis lives on hints. */
export type Heard =
  | { readonly kind: 'answer'; readonly message: Message; readonly verdict: ResponseVerdict | undefined }
  | { readonly kind: 'unreachable'; readonly cause: Error }
  /** Nothing came in time. */
  | { readonly kind: 'silent' }
  /** The connection was closed, or what came is no DNS message. */
  | { readonly kind: 'not-dns' };

type Judged =
  | { readonly kind: 'message'; readonly message: Message; readonly verdict: ResponseVerdict | undefined }
  | { readonly kind: 'garbage' };

/** One server, asked one thing at a time by the way that is configured, with everything told of the answer. */
export class Channel {
  readonly #transports: Transports;
  readonly #clock: Clock;

  constructor(transports: Transports, clock: Clock) {
    this.#transports = transports;
    this.#clock = clock;
  }

  close(): void {
    this.#transports.udp?.close();
    this.#transports.stream.close();
  }

  /** `message` is unsigned; its id is set here. */
  async ask(message: Buffer, signing?: Signing): Promise<Heard> {
    for (let attempt = 1; ; attempt += 1) {
      const heard = await this.#askOnce(message, signing);
      // The server may have closed an idle connection at the moment when it was used.
      const again =
        heard.kind === 'answer' ? heard.message.rcode === Rcode.SERVFAIL : heard.kind === 'not-dns';
      if (!again || attempt === ATTEMPTS) return heard;
      await this.pause(PAUSE);
    }
  }

  pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      this.#clock.schedule(milliseconds, resolve);
    });
  }

  async #askOnce(message: Buffer, signing: Signing | undefined): Promise<Heard> {
    const { udp, stream } = this.#transports;
    if (udp !== undefined) {
      const heard = await this.#exchange(udp, UDP_TIME, message, signing);
      if (heard.kind === 'answer' && !heard.message.tc) return heard;
      const other = await this.#exchange(stream, STREAM_TIME, message, signing);
      // Where the other way is closed, what the first one said is the better hint.
      return other.kind === 'unreachable' && heard.kind !== 'silent' ? heard : other;
    }
    return this.#exchange(stream, STREAM_TIME, message, signing);
  }

  async #exchange(
    transport: Transport,
    answerTime: number,
    message: Buffer,
    signing: Signing | undefined,
  ): Promise<Heard> {
    const deadline = this.#clock.monotonic() + answerTime;
    const time = Math.floor(this.#clock.now() / 1000) + (signing?.ahead ?? 0);
    return heardOf(await transport.exchange(exchangeOf(message, signing, time), { answerTime, deadline }));
  }
}

function exchangeOf(message: Buffer, signing: Signing | undefined, time: number): Exchange<Judged> {
  let requestMac: Buffer = Buffer.alloc(0);
  let sentId = randomInt(0x10000);
  return {
    message(id) {
      sentId = id;
      const unsigned = Buffer.from(message);
      unsigned.writeUInt16BE(id, 0);
      if (signing === undefined) return unsigned;
      const { key, fudge = DEFAULT_FUDGE } = signing;
      const { octets, mac } = signMessage(unsigned, key, { time, fudge });
      requestMac = mac;
      return octets;
    },
    judge(octets) {
      let answer: Message;
      try {
        answer = parseMessage(octets);
      } catch (error) {
        if (!(error instanceof WireFault)) throw error;
        return { kind: 'garbage' };
      }
      if (!answer.response || answer.id !== sentId) return undefined;
      const verdict =
        signing === undefined ? undefined : verifyResponse(answer, signing.key, { requestMac, time });
      return { kind: 'message', message: answer, verdict };
    },
  };
}

function heardOf(delivery: Delivery<Judged>): Heard {
  switch (delivery.kind) {
    case 'answered': {
      const { reply } = delivery;
      return reply.kind === 'message'
        ? { kind: 'answer', message: reply.message, verdict: reply.verdict }
        : { kind: 'not-dns' };
    }
    case 'unreachable':
      return delivery;
    case 'lost':
      return { kind: 'not-dns' };
    case 'silent':
    case 'crowded':
    case 'closed':
      return { kind: 'silent' };
  }
}
