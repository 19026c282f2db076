/** Splits a TCP stream into messages. Two octets before each message hold its length (RFC 1035 section 4.2.2). */
export class FrameReader {
  #pending: Buffer[] = [];
  #size = 0;

  /** Takes the next piece of the stream and yields each message that is now complete. */
  *push(chunk: Buffer): Generator<Buffer> {
    this.#pending.push(chunk);
    this.#size += chunk.length;
    let needed = this.#neededOctets();
    if (this.#size < needed) return;

    const stream = this.#pending.length === 1 ? chunk : Buffer.concat(this.#pending, this.#size);
    let at = 0;
    while (stream.length - at >= 2) {
      needed = 2 + stream.readUInt16BE(at);
      if (stream.length - at < needed) break;
      yield stream.subarray(at + 2, at + needed);
      at += needed;
    }
    const rest = stream.subarray(at);
    this.#pending = rest.length === 0 ? [] : [rest];
    this.#size = rest.length;
  }

  /** Octets of the first message with its length. At least 2, where the length is not known yet. */
  #neededOctets(): number {
    const [first, second] = this.#pending;
    if (first === undefined) return 2;
    if (first.length >= 2) return 2 + first.readUInt16BE(0);
    const low = second?.[0];
    return low === undefined ? 2 : 2 + (((first[0] ?? 0) << 8) | low);
  }
}

/** The message behind its length, in one buffer for one write. */
export function frame(message: Buffer): Buffer {
  const framed = Buffer.allocUnsafe(2 + message.length);
  framed.writeUInt16BE(message.length, 0);
  message.copy(framed, 2);
  return framed;
}
