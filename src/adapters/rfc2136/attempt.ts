import type { TsigKey } from '../../domain/tsig-key.ts';
import { Rcode, RrClass } from '../dns-wire/constants.ts';
import { type Message, parseMessage } from '../dns-wire/message.ts';
import { lowerName } from '../dns-wire/name.ts';
import { DEFAULT_FUDGE, signMessage, verifyResponse } from '../dns-wire/tsig.ts';
import { WireFault } from '../dns-wire/wire-fault.ts';
import { type Hint, hintIn } from './answer-fault.ts';
import type { PrimaryRequest } from './requests.ts';
import type { Exchange } from './transport.ts';

/** What an answer to the request means. */
export type Reply =
  /** It counts: it verified, or there is no key. */
  | { readonly kind: 'answer'; readonly message: Message }
  /** BADTIME in an answer that verified. `serverTime` is in seconds since 1970. */
  | { readonly kind: 'clock'; readonly serverTime: number }
  /** It does not count, though it has the right id. */
  | { readonly kind: 'unverified'; readonly hint: Hint };

/** Sends a request once: signs it anew, and judges what comes back by what was sent. */
export class Attempt implements Exchange<Reply> {
  readonly #request: PrimaryRequest;
  readonly #key: TsigKey | undefined;
  /** Seconds since 1970 by the clock of the server, as far as its offset is known. */
  readonly #time: number;
  #mac: Buffer = Buffer.alloc(0);
  #id = 0;

  constructor(request: PrimaryRequest, key: TsigKey | undefined, time: number) {
    this.#request = request;
    this.#key = key;
    this.#time = time;
  }

  message(id: number): Buffer {
    this.#id = id;
    const unsigned = Buffer.from(this.#request.message);
    unsigned.writeUInt16BE(id, 0);
    if (this.#key === undefined) return unsigned;
    const { octets, mac } = signMessage(unsigned, this.#key, {
      time: this.#time,
      fudge: this.#request.fudge ?? DEFAULT_FUDGE,
    });
    this.#mac = mac;
    return octets;
  }

  judge(octets: Buffer): Reply | undefined {
    let message: Message;
    try {
      message = parseMessage(octets);
    } catch (error) {
      if (!(error instanceof WireFault)) throw error;
      return { kind: 'unverified', hint: { cause: { code: 'not-dns' }, error } };
    }
    return this.#answersRequest(message) ? this.#verify(message) : undefined;
  }

  #answersRequest({ id, response, opcode, questions }: Message): boolean {
    const [question] = questions;
    return (
      id === this.#id &&
      response &&
      opcode === this.#request.opcode &&
      // The zone section of an answer may be empty (RFC 2136 section 3.8); some servers leave it out in errors.
      (question === undefined ||
        (question.type === this.#request.type &&
          question.class === (this.#request.class ?? RrClass.IN) &&
          lowerName(question.name) === this.#request.name))
    );
  }

  #verify(message: Message): Reply {
    if (this.#key === undefined) return { kind: 'answer', message };
    const verdict = verifyResponse(message, this.#key, { requestMac: this.#mac, time: this.#time });
    switch (verdict.kind) {
      case 'verified':
        if (verdict.error === Rcode.NOERROR) return { kind: 'answer', message };
        return verdict.serverTime === undefined
          ? hint(message.rcode, verdict.error, 'and signed it')
          : { kind: 'clock', serverTime: verdict.serverTime };
      case 'unauthenticated':
        return hint(message.rcode, verdict.error, 'without a signature');
      case 'unsigned':
        return hint(message.rcode, Rcode.NOERROR, 'without a signature');
      case 'bad-key':
        return hint(message.rcode, Rcode.NOERROR, 'signed with another key');
      case 'bad-signature':
        return hint(message.rcode, Rcode.NOERROR, 'with a signature that is wrong');
      case 'bad-time': {
        const seconds = verdict.serverTime - this.#time;
        return { kind: 'unverified', hint: { cause: { code: 'clocks-apart', seconds } } };
      }
    }
  }
}

const hint = (rcode: number, tsigError: number, why: string): Reply => ({
  kind: 'unverified',
  hint: hintIn(rcode, tsigError, why),
});
