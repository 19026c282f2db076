import { RrType } from '../../src/adapters/dns-wire/constants.ts';
import { uint16 } from '../../src/adapters/dns-wire/octets.ts';
import type { Opt } from '../../src/adapters/dns-wire/opt-record.ts';
import { type OutgoingMessage, writeMessage } from '../../src/adapters/dns-wire/write-message.ts';

/** A message that may have OPT, as clients send it. */
export type MessageWithOpt = OutgoingMessage & { readonly opt?: Opt | undefined };

/** Writes OPT behind all other records. It carries the upper bits of the RCODE (RFC 6891 section 6.1.3). */
export function writeWithOpt({ opt, ...message }: MessageWithOpt): Buffer {
  if (opt === undefined) return writeMessage(message);
  const { rcode = 0, additionals = [] } = message;
  const record = {
    name: '',
    type: RrType.OPT,
    class: opt.udpPayloadSize,
    ttl: ((rcode >> 4) << 24) | (opt.version << 16) | (opt.dnssecOk ? 0x8000 : 0),
    rdata: Buffer.concat(opt.options.flatMap(({ code, data }) => [uint16(code, data.length), data])),
  };
  return writeMessage({ ...message, rcode: rcode & 0xf, additionals: [...additionals, record] });
}
