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

/**
 * One sending of a request: signs it anew, and judges what comes back by what was sent. `time` is in seconds since 1970
 * by the clock of the server, as far as its offset is known.
 */
export function attemptOf(
  request: PrimaryRequest,
  key: TsigKey | undefined,
  time: number,
  fudge = DEFAULT_FUDGE,
): Exchange<Reply> {
  let sentId = 0;
  let requestMac: Buffer = Buffer.alloc(0);
  return {
    message(id) {
      sentId = id;
      const unsigned = Buffer.from(request.message);
      unsigned.writeUInt16BE(id, 0);
      if (key === undefined) return unsigned;
      const { octets, mac } = signMessage(unsigned, key, { time, fudge });
      requestMac = mac;
      return octets;
    },
    judge(octets) {
      let message: Message;
      try {
        message = parseMessage(octets);
      } catch (error) {
        if (!(error instanceof WireFault)) throw error;
        return { kind: 'unverified', hint: { cause: { code: 'not-dns' }, error } };
      }
      if (message.id !== sentId || !answers(message, request)) return undefined;
      return key === undefined ? { kind: 'answer', message } : verify(message, key, { requestMac, time });
    },
  };
}

function answers({ response, opcode, questions: [question] }: Message, request: PrimaryRequest): boolean {
  return (
    response &&
    opcode === request.opcode &&
    // The zone section of an answer may be empty (RFC 2136 section 3.8); some servers leave it out in errors.
    (question === undefined ||
      (question.type === request.type &&
        question.class === (request.class ?? RrClass.IN) &&
        lowerName(question.name) === request.name))
  );
}

function verify(message: Message, key: TsigKey, sent: { requestMac: Buffer; time: number }): Reply {
  const verdict = verifyResponse(message, key, sent);
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
      const seconds = verdict.serverTime - sent.time;
      return { kind: 'unverified', hint: { cause: { code: 'clocks-apart', seconds } } };
    }
  }
}

const hint = (rcode: number, tsigError: number, why: string): Reply => ({
  kind: 'unverified',
  hint: hintIn(rcode, tsigError, why),
});
