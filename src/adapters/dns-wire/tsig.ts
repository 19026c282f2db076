import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { TsigAlgorithm, TsigKey } from '../../domain/tsig-key.ts';
import { Rcode, RrClass } from './constants.ts';
import type { Message } from './message.ts';
import { encodeName } from './name.ts';
import { writeUint48 } from './octets.ts';
import { algorithmNameOf, appendTsig, TSIG_FIELDS_SIZE, type Tsig, withoutTsig } from './tsig-record.ts';

/** Seconds by which two clocks may differ (RFC 8945 section 10). */
export const DEFAULT_FUDGE = 300;

const NOTHING = Buffer.alloc(0);

/** Octets of a complete MAC. */
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

/** Appends a TSIG record with a complete MAC. */
export function signMessage(message: Buffer, key: TsigKey, options: SigningOptions): SignedMessage {
  const { requestMac, time, fudge = DEFAULT_FUDGE, error = Rcode.NOERROR, otherData = NOTHING } = options;
  const originalId = message.readUInt16BE(0);
  const mac = macOf(key, requestMac, message, digestedVariables(key, { time, fudge, error, otherData }));
  const keyName = key.name;
  const algorithmName = algorithmNameOf(key.algorithm);
  const tsig = { keyName, algorithmName, time, fudge, mac, originalId, error, otherData };
  return { octets: appendTsig(message, tsig), mac };
}

/** Octets that {@link signMessage} adds to a message. */
export function tsigSizeOf(key: TsigKey): number {
  const names = encodeName(key.name).length + encodeName(algorithmNameOf(key.algorithm)).length;
  return names + TSIG_FIELDS_SIZE + MAC_LENGTHS[key.algorithm];
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
export function macOf(
  key: TsigKey,
  priorMac: Buffer | undefined,
  message: Buffer,
  variables: Buffer,
): Buffer {
  const { digest, secret } = preparedKey(key);
  const hmac = createHmac(digest, secret);
  if (priorMac === undefined) return hmac.update(message).update(variables).digest();
  // In one buffer, because each call into the library costs as much as hashing a query.
  const octets = Buffer.allocUnsafe(2 + priorMac.length + message.length + variables.length);
  octets.writeUInt16BE(priorMac.length, 0);
  priorMac.copy(octets, 2);
  message.copy(octets, 2 + priorMac.length);
  variables.copy(octets, 2 + priorMac.length + message.length);
  return hmac.update(octets).digest();
}

type Variables = Pick<Tsig, 'time' | 'fudge' | 'error' | 'otherData'>;

/**
 * RFC 8945 section 4.3.3: names are digested in canonical form, so a forwarder that changes their case does no harm.
 */
function digestedVariables(key: TsigKey, { time, fudge, error, otherData }: Variables): Buffer {
  const { names } = preparedKey(key);
  const octets = Buffer.allocUnsafe(names.length + TIMERS_SIZE + 4 + otherData.length);
  let at = names.copy(octets);
  at = writeTimers(octets, at, { time, fudge });
  at = octets.writeUInt16BE(error, at);
  at = octets.writeUInt16BE(otherData.length, at);
  otherData.copy(octets, at);
  return octets;
}

/** RFC 8945 section 5.3.1: the only variables that are digested after the first message of a stream. */
export function digestedTimers(timers: Pick<Tsig, 'time' | 'fudge'>): Buffer {
  const octets = Buffer.allocUnsafe(TIMERS_SIZE);
  writeTimers(octets, 0, timers);
  return octets;
}

const TIMERS_SIZE = 8;

function writeTimers(octets: Buffer, at: number, { time, fudge }: Pick<Tsig, 'time' | 'fudge'>): number {
  return octets.writeUInt16BE(fudge, writeUint48(octets, at, time));
}

/** The parts that all digests with one key share. */
type PreparedKey = {
  readonly digest: string;
  readonly secret: KeyObject;
  /** Name, class ANY, TTL 0, and algorithm. */
  readonly names: Buffer;
};

const preparedKeys = new WeakMap<TsigKey, PreparedKey>();

function preparedKey(key: TsigKey): PreparedKey {
  let prepared = preparedKeys.get(key);
  if (prepared === undefined) {
    const classAndTtl = Buffer.from([0, RrClass.ANY, 0, 0, 0, 0]);
    const names = [encodeName(key.name), classAndTtl, encodeName(algorithmNameOf(key.algorithm))];
    prepared = {
      digest: key.algorithm.slice('hmac-'.length),
      secret: createSecretKey(key.secret),
      names: Buffer.concat(names),
    };
    preparedKeys.set(key, prepared);
  }
  return prepared;
}

/** RFC 8945 section 5.2.3: the other data of BADTIME is the server's time. */
function timeIn(otherData: Buffer): number | undefined {
  return otherData.length === 6 ? otherData.readUIntBE(0, 6) : undefined;
}
