import { readName } from './name.ts';
import { WireFault } from './wire-fault.ts';

/** Reads one part of a message from its start to its end, and never beyond either. */
export class WireReader {
  readonly #octets: Buffer;
  readonly #part: string;
  readonly #end: number;
  #offset: number;

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
    if (next > this.#end)
      throw WireFault.malformed(`a name runs over the end of ${this.#part}`, this.#offset);
    this.#offset = next;
    return name;
  }

  /** The whole part must have been read by now. */
  finish(): void {
    if (this.#offset !== this.#end) {
      throw WireFault.malformed(`${this.#end - this.#offset} octets too many in ${this.#part}`, this.#offset);
    }
  }

  #advance(length: number): number {
    const start = this.#offset;
    if (start + length > this.#end) throw WireFault.malformed(`${this.#part} ends too early`, start);
    this.#offset = start + length;
    return start;
  }
}
