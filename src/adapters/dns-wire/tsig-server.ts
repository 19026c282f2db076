import type { TsigKey } from '../../domain/tsig-key.ts';
import { Rcode } from './constants.ts';
import type { Message } from './message.ts';
import { uint } from './octets.ts';
import { expectedMac, hasMac, isFresh, namesKey, type SignedMessage, signMessage } from './tsig.ts';
import { appendTsig, type Tsig } from './tsig-record.ts';

const NOTHING = Buffer.alloc(0);

/** How a server judges the TSIG record of a request (RFC 8945 section 5.2). */
export type RequestVerdict =
  | { readonly kind: 'unsigned' }
  /** The holder of `key` has signed this request. */
  | { readonly kind: 'verified'; readonly key: TsigKey; readonly tsig: Tsig }
  /** The length of the MAC is invalid. The answer is FORMERR. */
  | { readonly kind: 'malformed' }
  /** BADKEY or BADSIG: the answer is NOTAUTH without a MAC, because the sender has not proved to have a key. */
  | { readonly kind: 'unauthenticated'; readonly error: number; readonly tsig: Tsig }
  /** BADTIME or BADTRUNC from the holder of `key`: the answer is NOTAUTH with a signature. */
  | { readonly kind: 'rejected'; readonly error: number; readonly key: TsigKey; readonly tsig: Tsig };

/**
 * Judges a request in this order: key, MAC, time, length of the MAC. Only the holder of the key is told more than that
 * the MAC is wrong. `findKey` gets a lower-case name. `time` is in seconds since 1970.
 */
export function verifyRequest(
  request: Message,
  findKey: (name: string) => TsigKey | undefined,
  time: number,
): RequestVerdict {
  const { tsig } = request;
  if (tsig === undefined) return { kind: 'unsigned' };
  const key = findKey(tsig.keyName);
  if (key === undefined || !namesKey(tsig, key))
    return { kind: 'unauthenticated', error: Rcode.BADKEY, tsig };

  const expected = expectedMac(request.octets, tsig, key, undefined);
  const { length } = tsig.mac;
  // RFC 8945 section 5.2.2.1.
  if (length > expected.length || length < Math.max(10, expected.length / 2)) return { kind: 'malformed' };
  if (!hasMac(tsig, expected.subarray(0, length)))
    return { kind: 'unauthenticated', error: Rcode.BADSIG, tsig };
  if (!isFresh(tsig, time)) return { kind: 'rejected', error: Rcode.BADTIME, key, tsig };
  // Our policy allows no truncation (RFC 8945 section 5.2.2.1).
  if (length < expected.length) return { kind: 'rejected', error: Rcode.BADTRUNC, key, tsig };
  return { kind: 'verified', key, tsig };
}

/** The reply with the TSIG record that `verdict` requires, if any. `time` is in seconds since 1970. */
export function signReply(reply: Buffer, verdict: RequestVerdict, time: number): Buffer {
  switch (verdict.kind) {
    case 'unsigned':
    case 'malformed':
      return reply;
    case 'verified':
      return signMessage(reply, verdict.key, { time, requestMac: verdict.tsig.mac }).octets;
    case 'unauthenticated':
      return appendTsig(reply, {
        ...verdict.tsig,
        time,
        mac: NOTHING,
        originalId: reply.readUInt16BE(0),
        error: verdict.error,
        otherData: NOTHING,
      });
    case 'rejected': {
      const { key, tsig, error } = verdict;
      // RFC 8945 section 5.2.3: the time of the client, which it accepts, and ours in the other data.
      const times = error === Rcode.BADTIME ? { time: tsig.time, otherData: uint(time, 6) } : { time };
      return signMessage(reply, key, { ...times, requestMac: tsig.mac, error }).octets;
    }
  }
}

/**
 * Signs the messages of one answer over TCP, such as a zone transfer (RFC 8945 section 5.3.1). Each MAC covers the
 * previous one, so no message can be removed or reordered. `now` gives seconds since 1970.
 */
export function* signStream(
  messages: Iterable<Buffer>,
  key: TsigKey,
  requestMac: Buffer,
  now: () => number,
): Generator<Buffer> {
  let last: SignedMessage | undefined;
  for (const message of messages) {
    last = signMessage(message, key, {
      time: now(),
      requestMac: last?.mac ?? requestMac,
      follows: last !== undefined,
    });
    yield last.octets;
  }
}
