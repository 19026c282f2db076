import { readName, readNameOctets } from './name.ts';
import { WireFault } from './wire-fault.ts';

/**
 * A limit for all names of a message. A compression pointer of two octets can mean a long name, so a message of 64 KB
 * could mean megabytes of names. No useful message is near this limit.
 */
const MAX_NAME_CHARACTERS = 0x40000;

/** Reads one part of a message from its start to its end. Throws `WIRE_MALFORMED` where the part ends too early. */
export class WireReader {
  readonly #octets: Buffer;
  readonly #part: string;
  readonly #end: number;
  #offset: number;
  #nameCharacters = 0;

  /** `part` names the part in faults, such as `the message`. */
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

  uint8(): number {
    return this.#octets.readUInt8(this.#advance(1));
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

  /** A character-string (RFC 1035 section 3.3) without its length octet. */
  string(): Buffer {
    return this.take(this.uint8());
  }

  /** A view of all that is left. */
  rest(): Buffer {
    return this.take(this.remaining);
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

  /** The uncompressed octets of a name, which may be compressed in the message. */
  nameOctets(): Buffer {
    const { octets, next } = readNameOctets(this.#octets, this.#offset);
    this.#passName(next);
    return octets;
  }

  /** The octets of a name that must not be compressed. */
  plainNameOctets(): Buffer {
    const start = this.#offset;
    const octets = this.nameOctets();
    if (octets.length === this.#offset - start) return octets;
    throw WireFault.malformed(`a name in ${this.#part} is compressed`, start);
  }

  /** Throws `WIRE_MALFORMED` unless the whole part has been read. */
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
