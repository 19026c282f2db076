import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { TsigKey } from '../../domain/tsig-key.ts';
import { Rcode, RrClass } from './constants.ts';
import type { Message } from './message.ts';
import { encodeName } from './name.ts';
import { uint, uint16 } from './octets.ts';
import { algorithmNameOf, appendTsig, type Tsig, withoutTsig } from './tsig-record.ts';

/** Seconds by which two clocks may differ (RFC 8945 section 10). */
export const DEFAULT_FUDGE = 300;

const NOTHING = Buffer.alloc(0);

export type SigningOptions = {
  /** Seconds since 1970. */
  readonly time: number;
  readonly fudge?: number;
  /** MAC of the request when a response is signed (RFC 8945 section 5.3); in a stream, of the message before. */
  readonly requestMac?: Buffer;
  /** True for a message of a stream behind the first one: only the timers are digested (RFC 8945 section 5.3.1). */
  readonly follows?: boolean;
  readonly error?: number;
  readonly otherData?: Buffer;
};

export type SignedMessage = { readonly octets: Buffer; readonly mac: Buffer };

/** Appends a TSIG record with a complete MAC. */
export function signMessage(message: Buffer, key: TsigKey, options: SigningOptions): SignedMessage {
  const { requestMac, time, fudge = DEFAULT_FUDGE, error = Rcode.NOERROR, otherData = NOTHING } = options;
  const variables = { time, fudge, error, otherData };
  const digested = options.follows ? digestedTimers(variables) : digestedVariables(key, variables);
  const mac = macOf(key, requestMac, message, digested);
  const names = { keyName: key.name, algorithmName: algorithmNameOf(key.algorithm) };
  const originalId = message.readUInt16BE(0);
  return { octets: appendTsig(message, { ...names, ...variables, mac, originalId }), mac };
}

/** Octets that {@link signMessage} adds to a message. */
export function tsigSizeOf(key: TsigKey): number {
  return preparedKey(key).recordSize;
}

/** How a client judges the TSIG record of a response (RFC 8945 section 5.4). */
export type ResponseVerdict =
  /**
   * The holder of the key has signed this response to this request. `error` is that of the TSIG record. `serverTime`,
   * in seconds since 1970, is present with BADTIME.
   */
  | { readonly kind: 'verified'; readonly error: number; readonly serverTime: number | undefined }
  /** There is no TSIG record. */
  | { readonly kind: 'unsigned' }
  /** BADKEY or BADSIG, without a MAC. Anybody may have written it. */
  | { readonly kind: 'unauthenticated'; readonly error: number }
  /** The record names another key or algorithm. */
  | { readonly kind: 'bad-key' }
  /** The MAC is wrong or truncated. */
  | { readonly kind: 'bad-signature' }
  /** The MAC is right, but our clock differs too much from `serverTime`. */
  | { readonly kind: 'bad-time'; readonly serverTime: number };

/**
 * Judges a response to a request that was signed with `key`, in this order: key, MAC, time, error. Another order
 * allowed forgeries (CVE-2017-3142). The caller compares the id. `time` is in seconds since 1970.
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

/** True when the record names `key` and its algorithm. */
export function namesKey(tsig: Tsig, key: TsigKey): boolean {
  return tsig.keyName === key.name && tsig.algorithmName === algorithmNameOf(key.algorithm);
}

/** The complete MAC that the record should have. The record must name `key`. */
export function expectedMac(
  octets: Buffer,
  tsig: Tsig,
  key: TsigKey,
  requestMac: Buffer | undefined,
): Buffer {
  return macOf(key, requestMac, withoutTsig(octets, tsig), digestedVariables(key, tsig));
}

/** Compares in constant time. */
export function hasMac(tsig: Tsig, mac: Buffer): boolean {
  return tsig.mac.length === mac.length && timingSafeEqual(tsig.mac, mac);
}

/** True when the clocks differ by no more than the sender allows. */
export function isFresh(tsig: Tsig, time: number): boolean {
  return Math.abs(tsig.time - time) <= tsig.fudge;
}

/** RFC 8945 section 4.3: digests the MAC of the request or of the previous message, the message, and the variables. */
function macOf(key: TsigKey, priorMac: Buffer | undefined, message: Buffer, variables: Buffer): Buffer {
  const { digest, secret } = preparedKey(key);
  const prior = priorMac === undefined ? [] : [uint16(priorMac.length), priorMac];
  // In one buffer, because each call into the library costs as much as hashing a query.
  return createHmac(digest, secret)
    .update(Buffer.concat([...prior, message, variables]))
    .digest();
}

type Variables = Pick<Tsig, 'time' | 'fudge' | 'error' | 'otherData'>;

/**
 * RFC 8945 section 4.3.3: names are digested in canonical form, so a forwarder that changes their case does no harm.
 */
function digestedVariables(key: TsigKey, variables: Variables): Buffer {
  const { error, otherData } = variables;
  const { names } = preparedKey(key);
  return Buffer.concat([names, digestedTimers(variables), uint16(error, otherData.length), otherData]);
}

function digestedTimers({ time, fudge }: Variables): Buffer {
  return Buffer.concat([uint(time, 6), uint16(fudge)]);
}

/** The parts that all digests with one key share. */
type PreparedKey = {
  readonly digest: string;
  readonly secret: KeyObject;
  /** Name, class ANY, TTL 0, and algorithm. */
  readonly names: Buffer;
  /** Octets of a TSIG record with a complete MAC. */
  readonly recordSize: number;
};

/** Octets of a TSIG record without its names, class, TTL, MAC and other data. */
const FIELDS_SIZE = 20;

const preparedKeys = new WeakMap<TsigKey, PreparedKey>();

function preparedKey(key: TsigKey): PreparedKey {
  let prepared = preparedKeys.get(key);
  if (prepared === undefined) {
    const classAndTtl = Buffer.from([0, RrClass.ANY, 0, 0, 0, 0]);
    const algorithm = encodeName(algorithmNameOf(key.algorithm));
    const names = Buffer.concat([encodeName(key.name), classAndTtl, algorithm]);
    const digest = key.algorithm.slice('hmac-'.length);
    const secret = createSecretKey(key.secret);
    const macSize = createHmac(digest, secret).digest().length;
    prepared = { digest, secret, names, recordSize: names.length + FIELDS_SIZE + macSize };
    preparedKeys.set(key, prepared);
  }
  return prepared;
}

/** RFC 8945 section 5.2.3: the other data of BADTIME is the server's time. */
function timeIn(otherData: Buffer): number | undefined {
  return otherData.length === 6 ? otherData.readUIntBE(0, 6) : undefined;
}
