import { readName, readNameOctets } from '../../dns-wire/name.ts';
import { WireFault } from '../../dns-wire/wire-fault.ts';

/** Reads one RDATA from its start to its end. Names in it are not compressed. Throws `WIRE_MALFORMED`. */
export class RdataReader {
  readonly #octets: Buffer;
  #offset = 0;

  constructor(octets: Buffer) {
    this.#octets = octets;
  }

  get remaining(): number {
    return this.#octets.length - this.#offset;
  }

  take(length: number): Buffer {
    const start = this.#offset;
    if (length > this.remaining) throw WireFault.malformed('the RDATA ends too early', start);
    this.#offset += length;
    return this.#octets.subarray(start, start + length);
  }

  number(length: 1 | 2 | 4): number {
    return this.take(length).readUIntBE(0, length);
  }

  /** A character-string (RFC 1035 section 3.3) without its length. */
  string(): Buffer {
    return this.take(this.number(1));
  }

  rest(): Buffer {
    return this.take(this.remaining);
  }

  name(): string {
    const start = this.#offset;
    const { octets, next } = readNameOctets(this.#octets, start);
    if (octets.length !== next - start) throw WireFault.malformed('a name in the RDATA is compressed', start);
    this.#offset = next;
    return readName(octets, 0).name;
  }
}
