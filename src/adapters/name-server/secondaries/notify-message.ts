import { randomInt } from 'node:crypto';
import type { TsigKey } from '../../../domain/tsig-key.ts';
import { Opcode, Rcode, RrClass, RrType } from '../../dns-wire/constants.ts';
import { parseMessage } from '../../dns-wire/message.ts';
import { encodeName } from '../../dns-wire/name.ts';
import { uint16 } from '../../dns-wire/octets.ts';
import { signMessage, verifyResponse } from '../../dns-wire/tsig.ts';
import { ifReadable } from '../../dns-wire/wire-fault.ts';
import { Flag, MessageWriter } from '../answers/message-writer.ts';
import type { Zone } from '../zone.ts';

/** The octets of a NOTIFY, and its MAC when it is signed. */
export type NotifyMessage = { readonly octets: Buffer; readonly mac: Buffer | undefined };

const SMALL_PAYLOAD = 512;

/** A NOTIFY with the present SOA of the zone (RFC 1996 section 3.7). `time` is in seconds since 1970. */
export function notifyMessage(zone: Zone, key: TsigKey | undefined, time: number): NotifyMessage {
  const question = Buffer.concat([encodeName(zone.name), uint16(RrType.SOA, RrClass.IN)]);
  const writer = new MessageWriter(question, SMALL_PAYLOAD);
  // The SOA is a hint. It is left out where it does not fit.
  writer.add('answer', { owner: zone.name, rrset: zone.soa });
  const octets = writer.finish((Opcode.NOTIFY << 11) | Flag.AA);
  octets.writeUInt16BE(randomInt(0x10000), 0);
  return key === undefined ? { octets, mac: undefined } : signMessage(octets, key, { time });
}

/**
 * The RCODE of the answer. Undefined for octets that do not answer `notify`, or whose signature cannot be verified with
 * `key`.
 */
export function judgeNotifyReply(
  octets: Buffer,
  notify: NotifyMessage,
  key: TsigKey | undefined,
  time: number,
): number | undefined {
  const reply = ifReadable(() => parseMessage(octets));
  if (!reply?.response || reply.opcode !== Opcode.NOTIFY || reply.id !== notify.octets.readUInt16BE(0)) {
    return undefined;
  }
  if (key === undefined || notify.mac === undefined) return reply.rcode;
  const verdict = verifyResponse(reply, key, { requestMac: notify.mac, time });
  if (verdict.kind !== 'verified') return undefined;
  return verdict.error === Rcode.NOERROR ? reply.rcode : verdict.error;
}
