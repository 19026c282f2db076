import { createHmac, timingSafeEqual } from 'node:crypto';
import type { TsigAlgorithm, TsigKey } from '../../domain/tsig-key.ts';
import { Rcode, RrClass } from './constants.ts';
import type { Message } from './message.ts';
import { encodeName } from './name.ts';
import { uint16, uint48 } from './octets.ts';
import { algorithmNameOf, appendTsig, type Tsig, withoutTsig } from './tsig-record.ts';

/** Seconds that two clocks may be apart (RFC 8945 section 10). */
export const DEFAULT_FUDGE = 300;

const NOTHING = Buffer.alloc(0);

/** Octets of a MAC that was not truncated. */
const MAC_LENGTHS: Readonly<Record<TsigAlgorithm, number>> = {
  'hmac-md5': 16,
  'hmac-sha1': 20,
  'hmac-sha224': 28,
  'hmac-sha256': 32,
  'hmac-sha384': 48,
  'hmac-sha512': 64,
};

export type SigningOptions = {
  /** Seconds since 1970. */
  readonly time: number;
  readonly fudge?: number;
  /** MAC of the request when a response is signed (RFC 8945 section 5.3). */
  readonly requestMac?: Buffer;
  readonly error?: number;
  readonly otherData?: Buffer;
};

export type SignedMessage = { readonly octets: Buffer; readonly mac: Buffer };

/** Appends a TSIG record with a MAC in full length. */
export function signMessage(message: Buffer, key: TsigKey, options: SigningOptions): SignedMessage {
  const { requestMac, time, fudge = DEFAULT_FUDGE, error = Rcode.NOERROR, otherData = NOTHING } = options;
  const originalId = message.readUInt16BE(0);
  const variables = {
    keyName: key.name,
    algorithmName: algorithmNameOf(key.algorithm),
    time,
    fudge,
    error,
    otherData,
  };
  const mac = macOf(key, requestMac, message, digestedVariables(variables));
  return { octets: appendTsig(message, { ...variables, mac, originalId }), mac };
}

/** What {@link signMessage} adds to a message. */
export function tsigSizeOf(key: TsigKey): number {
  const fixed = 10 + 16; // Type to RDLENGTH; the RDATA without algorithm name and MAC.
  const names = encodeName(key.name).length + encodeName(algorithmNameOf(key.algorithm)).length;
  return names + fixed + MAC_LENGTHS[key.algorithm];
}

/** What the TSIG record of a response proves about it (RFC 8945 section 5.4). */
export type ResponseVerdict =
  /**
   * The holder of the key wrote this response to this request. `error` is that of the TSIG record;
   * `serverTime`, seconds since 1970, comes with BADTIME.
   */
  | { readonly kind: 'verified'; readonly error: number; readonly serverTime: number | undefined }
  /** There is no TSIG record. */
  | { readonly kind: 'unsigned' }
  /** There is an error in place of a MAC, BADKEY or BADSIG: anybody may have written it. */
  | { readonly kind: 'unauthenticated'; readonly error: number }
  /** The record names another key or algorithm. */
  | { readonly kind: 'bad-key' }
  /** The MAC is wrong or truncated. */
  | { readonly kind: 'bad-signature' }
  /** The MAC is right, and our clock too far from `serverTime`. */
  | { readonly kind: 'bad-time'; readonly serverTime: number };

/**
 * Judges a response to a request that was signed with `key`: the key first, then the MAC, then the time, then
 * the error. The other order let forgeries through (CVE-2017-3142). The caller compares the id itself.
 */
export function verifyResponse(
  response: Message,
  key: TsigKey,
  { requestMac, time }: { readonly requestMac: Buffer; readonly time: number },
): ResponseVerdict {
  const { tsig } = response;
  if (tsig === undefined) return { kind: 'unsigned' };
  if (!namesKey(tsig, key)) return { kind: 'bad-key' };
  if (tsig.mac.length === 0) return { kind: 'unauthenticated', error: tsig.error };
  if (!hasMac(tsig, expectedMac(response.octets, tsig, key, requestMac))) return { kind: 'bad-signature' };
  if (!isFresh(tsig, time)) return { kind: 'bad-time', serverTime: tsig.time };
  const serverTime = tsig.error === Rcode.BADTIME ? timeIn(tsig.otherData) : undefined;
  return { kind: 'verified', error: tsig.error, serverTime };
}

/** True when the record claims to be made with `key`. */
export function namesKey(tsig: Tsig, key: TsigKey): boolean {
  return tsig.keyName === key.name && tsig.algorithmName === algorithmNameOf(key.algorithm);
}

/** The MAC in full length that the record should have. */
export function expectedMac(
  octets: Buffer,
  tsig: Tsig,
  key: TsigKey,
  requestMac: Buffer | undefined,
): Buffer {
  return macOf(key, requestMac, withoutTsig(octets, tsig), digestedVariables(tsig));
}

/** Compares in constant time. */
export function hasMac(tsig: Tsig, mac: Buffer): boolean {
  return tsig.mac.length === mac.length && timingSafeEqual(tsig.mac, mac);
}

/** The clocks are not further apart than the sender allowed. */
export function isFresh(tsig: Tsig, time: number): boolean {
  return Math.abs(tsig.time - time) <= tsig.fudge;
}

/** RFC 8945 section 4.3: the request's or the previous MAC with its length, the message, then the variables. */
export function macOf(
  key: TsigKey,
  priorMac: Buffer | undefined,
  message: Buffer,
  variables: Buffer,
): Buffer {
  const hmac = createHmac(key.algorithm.slice('hmac-'.length), key.secret);
  if (priorMac !== undefined) hmac.update(uint16(priorMac.length)).update(priorMac);
  return hmac.update(message).update(variables).digest();
}

/** RFC 8945 section 4.3.3: names in canonical form, so that no server along the way can change the digest. */
function digestedVariables(tsig: Omit<Tsig, 'offset' | 'mac' | 'originalId'>): Buffer {
  return Buffer.concat([
    encodeName(tsig.keyName),
    uint16(RrClass.ANY, 0, 0),
    encodeName(tsig.algorithmName),
    digestedTimers(tsig),
    uint16(tsig.error, tsig.otherData.length),
    tsig.otherData,
  ]);
}

/** RFC 8945 section 5.3.1: all that is digested of the variables behind the first message of a stream. */
export function digestedTimers({ time, fudge }: Pick<Tsig, 'time' | 'fudge'>): Buffer {
  return Buffer.concat([uint48(time), uint16(fudge)]);
}

/** RFC 8945 section 5.2.3: the other data of BADTIME is the server's time. */
function timeIn(otherData: Buffer): number | undefined {
  return otherData.length === 6 ? otherData.readUIntBE(0, 6) : undefined;
}
