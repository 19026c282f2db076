import type { ServedZone } from '../../../application/manage/settings.ts';
import type { Logger } from '../../../application/ports/logger.ts';
import { isOlder } from '../../../domain/serial.ts';
import { Rcode, RrClass, RrType, typeText } from '../../dns-wire/constants.ts';
import { lowerName } from '../../dns-wire/name.ts';
import { expandRdata } from '../../dns-wire/rdata.ts';
import { signStream } from '../../dns-wire/tsig-server.ts';
import { ifReadable } from '../../dns-wire/wire-fault.ts';
import { Flag, MessageWriter } from '../answers/message-writer.ts';
import { type BareReply, completeReply, questionOctets, type Request, roomFor } from '../request.ts';
import { fieldsOf, isGranted, logRefusal, senderOf } from '../rights.ts';
import { serialOf } from '../soa.ts';
import type { Zone, ZoneSnapshot } from '../zone.ts';
import type { ZoneChange, ZoneRecord } from '../zone-data.ts';
import type { ZoneStoreFace } from '../zone-store.ts';

/** Octets of a message. Compression pointers reach no further, and the client needs less memory. */
const MESSAGE_SIZE = 0x4000;
/** Octets of a message with a single record that is larger. */
const LARGEST_MESSAGE = 0xffff;
const NO_QUESTION = Buffer.alloc(0);

/**
 * Transfers zones to their secondaries: the whole zone (AXFR, RFC 5936), or its changes (IXFR, RFC 1995). Gives one reply
 * that is not yet sealed, or the complete messages of the transfer, each of which is made when it is asked for. `served`
 * has the settings of the zones by their names; `now` gives seconds since 1970.
 */
export function transferResponder(
  zones: Pick<ZoneStoreFace, 'zone'>,
  served: ReadonlyMap<string, ServedZone>,
  now: () => number,
  logger: Logger,
): (request: Request) => BareReply | Generator<Buffer> {
  return (request) => {
    const { message, client } = request;
    const [question] = message.questions;
    if (question === undefined) return Rcode.FORMERR;
    const isWhole = question.type === RrType.AXFR;
    // RFC 5936 section 4.2: there is no AXFR over UDP.
    if (isWhole && client.transport === 'udp') return Rcode.FORMERR;
    const zone = question.class === RrClass.IN ? zones.zone(lowerName(question.name)) : undefined;
    if (zone === undefined) return Rcode.NOTAUTH;

    const sender = senderOf(request);
    const who = fieldsOf(sender, zone.name);
    if (!isGranted(served.get(zone.name)?.transfer ?? [], sender)) {
      logRefusal(logger, 'Refused a zone transfer: this sender has no right to it', who);
      return Rcode.REFUSED;
    }
    const serial = isWhole ? undefined : serialIn(request, zone);
    if (!isWhole && serial === undefined) return Rcode.FORMERR;
    // RFC 1995 section 2, 4: the SOA alone tells a client that it is up to date, or over UDP, that it needs TCP.
    if (serial !== undefined && (client.transport === 'udp' || !isOlder(serial, zone.serial))) {
      const writer = new MessageWriter(questionOctets(message), LARGEST_MESSAGE);
      writer.add('answer', { owner: zone.apex.owner, rrset: zone.soa });
      return writer.finish(Flag.QR | Flag.AA);
    }
    const changes = serial === undefined ? undefined : zone.changesSince(serial);
    logger.debug(changes === undefined ? 'Transfers a zone' : 'Transfers the changes of a zone', who);
    // The version of the zone is that of this moment, although the messages are made later.
    const records = changes === undefined ? wholeZone(zone.snapshot()) : changes.flatMap(bothSides);
    const messages = replies(request, between(soaOf(zone), records));
    const { signature } = request;
    return signature.kind === 'verified'
      ? signStream(messages, signature.key, signature.tsig.mac, now)
      : messages;
  };
}

function* replies(request: Request, records: Iterable<ZoneRecord>): Generator<Buffer> {
  const reserve = LARGEST_MESSAGE - roomFor(request);
  for (const octets of packed(questionOctets(request.message), records, reserve)) {
    yield completeReply(request, octets);
  }
}

/** RFC 5936 section 2.2, RFC 1995 section 4: the present SOA comes first and last. */
function* between(soa: ZoneRecord, records: Iterable<ZoneRecord>): Generator<ZoneRecord> {
  yield soa;
  yield* records;
  yield soa;
}

/** All records but the SOA. */
function* wholeZone({ nodes }: ZoneSnapshot): Generator<ZoneRecord> {
  for (const { owner, rrsets } of nodes) {
    for (const { type, ttl, rdatas } of rrsets) {
      if (type !== RrType.SOA) for (const rdata of rdatas) yield { owner, type, ttl, rdata };
    }
  }
}

/** RFC 1995 section 4: what was deleted, then what was added, each with its SOA first. */
const bothSides = ({ deleted, added }: ZoneChange): readonly ZoneRecord[] => [...deleted, ...added];

/**
 * Messages with the id 0, each as full as possible. The first has the question. Throws a RangeError at a record that
 * fits into no message, because a secondary could not notice that it is missing.
 */
function* packed(question: Buffer, records: Iterable<ZoneRecord>, reserve: number): Generator<Buffer> {
  let writer = new MessageWriter(question, MESSAGE_SIZE - reserve);
  const add = ({ owner, type, ttl, rdata }: ZoneRecord) =>
    writer.add('answer', { owner, rrset: { type, ttl, rdatas: [rdata] } });
  const beginWith = (record: ZoneRecord, size: number): boolean => {
    writer = new MessageWriter(NO_QUESTION, size - reserve);
    return add(record);
  };
  for (const record of records) {
    if (add(record)) continue;
    yield writer.finish(Flag.QR | Flag.AA);
    if (beginWith(record, MESSAGE_SIZE) || beginWith(record, LARGEST_MESSAGE)) continue;
    throw new RangeError(`the ${typeText(record.type)} of ${record.owner || '.'} is larger than a message`);
  }
  yield writer.finish(Flag.QR | Flag.AA);
}

function soaOf(zone: Zone): ZoneRecord {
  const { type, ttl, rdatas } = zone.soa;
  return { owner: zone.apex.owner, type, ttl, rdata: rdatas[0] };
}

/** The serial that the client has, from the SOA in its authority section (RFC 1995 section 3). */
function serialIn({ message }: Request, zone: Zone): number | undefined {
  const soa = message.authorities.find(
    ({ name, type, class: rrClass }) =>
      type === RrType.SOA && rrClass === RrClass.IN && lowerName(name) === zone.name,
  );
  return soa && ifReadable(() => serialOf(expandRdata(message, soa)));
}
