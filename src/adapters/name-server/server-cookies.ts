import { timingSafeEqual } from 'node:crypto';
import siphash from 'siphash';
import { addressOctets, type IpAddress } from '../../domain/ip-address.ts';

/** Octets of the client part of a cookie, of our server part, and of the hash in the server part. */
const CLIENT_PART = 8;
const SERVER_PART = 16;
const HASH = 8;
/** Octets of the server part in cookies of any server (RFC 7873 section 4.2). */
const SERVER_PART_SIZES = { min: 8, max: 32 };

/** Seconds for which a cookie is valid, may lie in the future, and is repeated (RFC 9018 section 4.3). */
const LIFETIME = 3600;
const FUTURE = 300;
const FRESH = 1800;

export const COOKIE_SECRET_SIZE = 16;

export type CookieVerdict =
  /** The length is invalid. The answer is FORMERR (RFC 7873 section 5.2.2). */
  | { readonly kind: 'malformed' }
  /** `reply` is the cookie that the client is to send next. `proven`: the address of the client is not forged. */
  | { readonly kind: 'cookie'; readonly proven: boolean; readonly reply: Buffer };

/**
 * DNS cookies (RFC 7873). A client that sends one of our cookies has received it at its address, so the address is not
 * forged. No state is kept: a cookie has a time and a keyed hash (RFC 9018, interoperable version 1).
 */
export class ServerCookies {
  readonly #key: Uint32Array;

  /** Servers that share an address need the same secret. */
  constructor(secret: Uint8Array) {
    const words = Buffer.from(secret);
    this.#key = Uint32Array.from([0, 4, 8, 12], (at) => words.readUInt32LE(at));
  }

  /** Judges the cookie of a client. `time` is in seconds since 1970. */
  judge(cookie: Buffer, client: IpAddress, time: number): CookieVerdict {
    const serverPart = cookie.length - CLIENT_PART;
    if (serverPart !== 0 && !(serverPart >= SERVER_PART_SIZES.min && serverPart <= SERVER_PART_SIZES.max)) {
      return { kind: 'malformed' };
    }
    const age = this.#age(cookie, client, time);
    const proven = age !== undefined;
    const reply = proven && Math.abs(age) < FRESH ? cookie : this.#issue(cookie, client, time);
    return { kind: 'cookie', proven, reply };
  }

  /** Seconds since this client got this cookie. Undefined for a cookie that is not ours or too old. */
  #age(cookie: Buffer, client: IpAddress, time: number): number | undefined {
    if (cookie.length !== CLIENT_PART + SERVER_PART) return undefined;
    // Serial number arithmetic: the 32 bits wrap around (RFC 9018 section 4.3).
    const age = (time - cookie.readUInt32BE(12)) | 0;
    if (age > LIFETIME || age < -FUTURE) return undefined;
    const hash = cookie.subarray(CLIENT_PART + SERVER_PART - HASH);
    return timingSafeEqual(hash, this.#hash(cookie, client)) ? age : undefined;
  }

  #issue(cookie: Buffer, client: IpAddress, time: number): Buffer {
    const issued = Buffer.alloc(CLIENT_PART + SERVER_PART);
    cookie.copy(issued, 0, 0, CLIENT_PART);
    issued[CLIENT_PART] = 1;
    issued.writeUInt32BE(time >>> 0, 12);
    this.#hash(issued, client).copy(issued, CLIENT_PART + SERVER_PART - HASH);
    return issued;
  }

  /** The hash covers the cookie before it, with the version, and the address of the client. */
  #hash(cookie: Buffer, client: IpAddress): Buffer {
    const begin = cookie.subarray(0, CLIENT_PART + SERVER_PART - HASH);
    const { h, l } = siphash.hash(this.#key, Buffer.concat([begin, addressOctets(client)]));
    const hash = Buffer.allocUnsafe(HASH);
    hash.writeUInt32LE(l, 0);
    hash.writeUInt32LE(h, 4);
    return hash;
  }
}
