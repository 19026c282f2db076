import type { TsigKey } from '../../domain/tsig-key.ts';
import { Rcode } from './constants.ts';
import { DEFAULT_FUDGE, digestedTimers, macOf, signMessage } from './tsig.ts';
import { algorithmNameOf, appendTsig } from './tsig-record.ts';

/**
 * Signs the messages of one answer over TCP, such as a zone transfer (RFC 8945 section 5.3.1). Each MAC covers the
 * previous one, so no message can be removed or reordered.
 */
export class TsigStream {
  readonly #key: TsigKey;
  #priorMac: Buffer;
  #first = true;

  constructor(key: TsigKey, requestMac: Buffer) {
    this.#key = key;
    this.#priorMac = requestMac;
  }

  /** The next message with its TSIG record. `time` is in seconds since 1970. */
  sign(message: Buffer, time: number): Buffer {
    if (this.#first) {
      this.#first = false;
      const signed = signMessage(message, this.#key, { time, requestMac: this.#priorMac });
      this.#priorMac = signed.mac;
      return signed.octets;
    }
    const timers = { time, fudge: DEFAULT_FUDGE };
    const mac = macOf(this.#key, this.#priorMac, message, digestedTimers(timers));
    this.#priorMac = mac;
    return appendTsig(message, {
      ...timers,
      keyName: this.#key.name,
      algorithmName: algorithmNameOf(this.#key.algorithm),
      mac,
      originalId: message.readUInt16BE(0),
      error: Rcode.NOERROR,
      otherData: Buffer.alloc(0),
    });
  }
}
