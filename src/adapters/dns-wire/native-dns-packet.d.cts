/** The part of the package that is used: its writer, with opaque RDATA. */
declare module 'native-dns-packet' {
  const Packet: {
    /** Writes `message` to the start of `octets` and gives the number of octets written. */
    write(octets: Buffer, message: Packet.Message): number;
  };

  namespace Packet {
    type Bit = 0 | 1;

    type Message = {
      readonly header: {
        readonly id: number;
        readonly qr: Bit;
        readonly opcode: number;
        readonly aa: Bit;
        readonly tc: Bit;
        readonly rd: Bit;
        readonly ra: Bit;
        readonly res1: Bit;
        readonly res2: Bit;
        readonly res3: Bit;
        readonly rcode: number;
      };
      readonly question: readonly [Question];
      readonly answer: readonly OpaqueRecord[];
      readonly authority: readonly OpaqueRecord[];
      readonly additional: readonly OpaqueRecord[];
    };

    type Question = { readonly name: string; readonly type: number; readonly class: number };

    /** A type above 0xffff is unknown to the package: it writes the lower 16 bits, and `data` as the RDATA. */
    type OpaqueRecord = Question & { readonly ttl: number; readonly data: Buffer };
  }

  export = Packet;
}
