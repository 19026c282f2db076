import { readName, readNameOctets } from './name.ts';
import { WireFault } from './wire-fault.ts';

/**
 * Compression makes long names of two octets each, so that 64 KB can stand for megabytes. No message of any use
 * comes near to this.
 */
const MAX_NAME_CHARACTERS = 0x40000;

/** Reads one part of a message from its start to its end, and never beyond either. */
export class WireReader {
  readonly #octets: Buffer;
  readonly #part: string;
  readonly #end: number;
  #offset: number;
  #nameCharacters = 0;

  /** `part` says in faults what is read: `the message`. */
  constructor(octets: Buffer, part: string, start = 0, end = octets.length) {
    this.#octets = octets;
    this.#part = part;
    this.#offset = start;
    this.#end = end;
  }

  get offset(): number {
    return this.#offset;
  }

  get remaining(): number {
    return this.#end - this.#offset;
  }

  uint16(): number {
    return this.#octets.readUInt16BE(this.#advance(2));
  }

  uint32(): number {
    return this.#octets.readUInt32BE(this.#advance(4));
  }

  uint48(): number {
    return this.#octets.readUIntBE(this.#advance(6), 6);
  }

  /** A view of the next `length` octets. */
  take(length: number): Buffer {
    const start = this.#advance(length);
    return this.#octets.subarray(start, start + length);
  }

  /** A character-string (RFC 1035 section 3.3): one octet of length, then so many octets. */
  skipString(): void {
    const at = this.#advance(1);
    this.#advance(this.#octets[at] ?? 0);
  }

  name(): string {
    const { name, next } = readName(this.#octets, this.#offset);
    this.#nameCharacters += name.length;
    if (this.#nameCharacters > MAX_NAME_CHARACTERS) {
      throw WireFault.malformed(`too many characters of names in ${this.#part}`, this.#offset);
    }
    this.#passName(next);
    return name;
  }

  /** The octets of a name, decompressed. */
  nameOctets(): Buffer {
    const { octets, next } = readNameOctets(this.#octets, this.#offset);
    this.#passName(next);
    return octets;
  }

  /** The whole part must have been read by now. */
  finish(): void {
    if (this.#offset !== this.#end) {
      throw WireFault.malformed(`${this.#end - this.#offset} octets too many in ${this.#part}`, this.#offset);
    }
  }

  #passName(next: number): void {
    if (next > this.#end)
      throw WireFault.malformed(`a name runs over the end of ${this.#part}`, this.#offset);
    this.#offset = next;
  }

  #advance(length: number): number {
    const start = this.#offset;
    if (start + length > this.#end) throw WireFault.malformed(`${this.#part} ends too early`, start);
    this.#offset = start + length;
    return start;
  }
}
