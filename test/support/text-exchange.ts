import type { Exchange } from '../../src/adapters/rfc2136/transport.ts';

/** A question in the form of an id and a text. Its answer has that id; the text `not yours` is none. */
export class TextExchange implements Exchange<string> {
  readonly #text: string;
  #id = -1;

  constructor(text: string) {
    this.#text = text;
  }

  message(id: number): Buffer {
    this.#id = id;
    return withId(id, this.#text);
  }

  judge(octets: Buffer): string | undefined {
    const text = textOf(octets);
    return idOf(octets) === this.#id && text !== 'not yours' ? text : undefined;
  }
}

export function withId(id: number, text: string): Buffer {
  const octets = Buffer.from(`..${text}`);
  octets.writeUInt16BE(id, 0);
  return octets;
}

export const idOf = (octets: Buffer): number => octets.readUInt16BE(0);

export const textOf = (octets: Buffer): string => octets.toString('latin1', 2);
