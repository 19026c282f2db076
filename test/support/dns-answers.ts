import { RrClass, RrType } from '../../src/adapters/dns-wire/constants.ts';
import type { Message } from '../../src/adapters/dns-wire/message.ts';
import { encodeName } from '../../src/adapters/dns-wire/name.ts';
import { signMessage } from '../../src/adapters/dns-wire/tsig.ts';
import {
  type OutgoingMessage,
  type OutgoingRecord,
  writeMessage,
} from '../../src/adapters/dns-wire/write-message.ts';
import { addressOctets, parseIpAddress } from '../../src/domain/ip-address.ts';
import type { TsigKey } from '../../src/domain/tsig-key.ts';
import { addressTypeOf } from './address-type.ts';
import { valueIn } from './parsed.ts';

/** What a primary answers: with authority and NOERROR, unless `parts` say otherwise. */
export function answerTo(request: Message, parts: Partial<OutgoingMessage> = {}): Buffer {
  const { id, opcode, questions } = request;
  const [question] = questions;
  if (question === undefined) throw new TypeError('the request asks nothing');
  return writeMessage({ id, opcode, response: true, aa: true, question, ...parts });
}

/** `answer` with the TSIG record that proves it to be the answer to `request`. `time`: when, by default as asked. */
export function sign(answer: Buffer, request: Message, key: TsigKey, time = request.tsig?.time ?? 0): Buffer {
  const requestMac = request.tsig?.mac ?? Buffer.alloc(0);
  return signMessage(answer, key, { time, requestMac }).octets;
}

export const addressRecord = (name: string, text: string, ttl = 60): OutgoingRecord => {
  const address = valueIn(parseIpAddress(text));
  const type = RrType[addressTypeOf(address.family)];
  return { name, type, class: RrClass.IN, ttl, rdata: Buffer.from(addressOctets(address)) };
};

/** A record whose RDATA is a name: NS, CNAME, DNAME. */
export const nameRecord = (name: string, type: number, target: string): OutgoingRecord => ({
  name,
  type,
  class: RrClass.IN,
  ttl: 300,
  rdata: encodeName(target),
});

export const soaRecord = (zone: string): OutgoingRecord => ({
  name: zone,
  type: RrType.SOA,
  class: RrClass.IN,
  ttl: 0,
  rdata: Buffer.concat([encodeName(`ns1.${zone}`), encodeName(`hostmaster.${zone}`), Buffer.alloc(20, 1)]),
});
