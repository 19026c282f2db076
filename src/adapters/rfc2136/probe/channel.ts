import type { Primary } from '../../../application/manage/settings.ts';
import type { Clock } from '../../../application/ports/clock.ts';
import { pause } from '../../../application/service/waiting.ts';
import type { TsigKey } from '../../../domain/tsig-key.ts';
import { Rcode, rcodeText } from '../../dns-wire/constants.ts';
import { attemptOf, type Reply } from '../attempt.ts';
import { CLOSED } from '../causes.ts';
import { transportsTo } from '../create-rfc2136-dns-updater.ts';
import { isTruncated, socketsOf, type Transports } from '../primary-address.ts';
import type { PrimaryRequest } from '../requests.ts';
import type { Delivery, Transport } from '../transport.ts';
import { type Trouble, trouble } from './trouble.ts';

/** Milliseconds for one answer: no more than the updater waits, and enough for a Knot that pauses a second. */
const UDP_TIME = 1_500;
const STREAM_TIME = 3_000;
/** Knot answers SERVFAIL to updates that it handled together with a bad one of another client. A repetition succeeds. */
const ATTEMPTS = 3;
const PAUSE = 250;

export type Signing = {
  readonly key: TsigKey;
  /** Seconds by which the clock of the server is ahead of ours, as far as that is known. */
  readonly ahead: number;
  readonly fudge?: number;
};

/** The reply of a server, or the reason why there is none. */
export type Heard = Reply | Trouble;

/**
 * Sends requests to one address of a server, by the transport in the configuration. Several may be pending at a time.
 *
 * An answer that does not verify is returned, too, because a diagnosis needs its hint. A datagram may be forged, so
 * after one that does not verify the request is repeated by TCP. The updater waits on after such a datagram. Here that
 * would take too long: the key is tried in many ways.
 */
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

  /** Without `signing` the message is unsigned, and every answer counts. */
  async ask(request: PrimaryRequest, signing?: Signing): Promise<Heard> {
    for (let attempt = 1; ; attempt += 1) {
      const heard = heardOf(await this.#askOnce(request, signing));
      if (attempt === ATTEMPTS || !isWorthAnother(heard)) return heard;
      await this.pause(PAUSE);
    }
  }

  pause(milliseconds: number): Promise<void> {
    return pause(this.#clock, milliseconds);
  }

  async #askOnce(request: PrimaryRequest, signing: Signing | undefined): Promise<Delivery<Reply>> {
    const { udp, stream } = this.#transports;
    if (udp === undefined) return this.#exchange(stream, STREAM_TIME, request, signing);
    const byUdp = await this.#exchange(udp, UDP_TIME, request, signing);
    const isUnverified = byUdp.kind === 'answered' && byUdp.reply.kind === 'unverified';
    if (byUdp.kind === 'answered' && !isUnverified && !isTruncated(byUdp.reply)) return byUdp;
    const byTcp = await this.#exchange(stream, STREAM_TIME, request, signing);
    // Without an answer by TCP, the one by UDP is the better hint.
    if (isUnverified) return byTcp.kind === 'answered' ? byTcp : byUdp;
    return byTcp.kind === 'unreachable' && byUdp.kind !== 'silent' ? byUdp : byTcp;
  }

  #exchange(
    transport: Transport,
    answerTime: number,
    request: PrimaryRequest,
    signing: Signing | undefined,
  ): Promise<Delivery<Reply>> {
    const time = Math.floor(this.#clock.now() / 1000) + (signing?.ahead ?? 0);
    const attempt = attemptOf(request, signing?.key, time, signing?.fudge);
    return transport.exchange(attempt, { answerTime, deadline: this.#clock.monotonic() + answerTime });
  }
}

/** A channel to the first address of the server. */
export const channelTo = (server: Primary, clock: Clock): Channel =>
  new Channel(transportsTo(server, clock), clock);

/** Opens a channel to the first address of the server, and closes it when the action is over. */
export async function withChannel<Result>(
  server: Primary,
  clock: Clock,
  action: (channel: Channel) => Promise<Result>,
): Promise<Result> {
  const channel = channelTo(server, clock);
  try {
    return await action(channel);
  } finally {
    channel.close();
  }
}

/** Asks one address of the primary after the other, until one has a result. */
export async function firstResult<Result>(
  primary: Primary,
  ask: (server: Primary) => Promise<Result | undefined>,
): Promise<Result | undefined> {
  for (const socket of socketsOf(primary)) {
    const result = await ask({ ...primary, socket });
    if (result !== undefined) return result;
  }
  return undefined;
}

/** SERVFAIL may pass. What is not DNS may be an idle connection that the server closed when it was used again. */
function isWorthAnother(heard: Heard): boolean {
  switch (heard.kind) {
    case 'answer':
      return heard.message.rcode === Rcode.SERVFAIL;
    case 'unverified':
      return heard.hint.cause.code === 'server-failure';
    case 'trouble':
      return heard.cause.code === 'not-dns';
    case 'clock':
      return false;
  }
}

function heardOf(delivery: Delivery<Reply>): Heard {
  switch (delivery.kind) {
    case 'answered': {
      const { reply } = delivery;
      const isGarbage = reply.kind === 'unverified' && reply.hint.cause.code === 'not-dns';
      return isGarbage ? trouble({ code: 'not-dns' }) : reply;
    }
    case 'unreachable':
      return trouble({ code: 'unreachable' }, delivery.cause.message);
    case 'lost':
      return trouble({ code: 'not-dns' }, CLOSED);
    case 'silent':
    case 'crowded':
    case 'closed':
      return trouble({ code: 'no-answer' });
  }
}

/** Why what was heard does not answer for the zone. */
export function reasonOf(heard: Heard): string {
  if (heard.kind === 'answer') {
    const { rcode } = heard.message;
    return rcode === 0 ? 'an answer without authority' : rcodeText(rcode);
  }
  return heard.kind === 'trouble' ? (heard.detail ?? 'no answer') : 'an answer that cannot be read';
}
