import type { ServedZone } from '../../../application/manage/settings.ts';
import type { Logger } from '../../../application/ports/logger.ts';
import { Rcode, RrClass, RrType, typeText } from '../../dns-wire/constants.ts';
import { lowerName } from '../../dns-wire/name.ts';
import { expandRdata } from '../../dns-wire/rdata.ts';
import { tsigSizeOf } from '../../dns-wire/tsig.ts';
import { TsigStream } from '../../dns-wire/tsig-stream.ts';
import { WireFault } from '../../dns-wire/wire-fault.ts';
import { MessageWriter } from '../answers/message-writer.ts';
import { Flag } from '../answers/write-answer.ts';
import { addressOf } from '../client.ts';
import { bareReply, completeReply, keyOf, questionOctets, type Request } from '../request.ts';
import { fieldsOf, isGranted, tellRefusal } from '../rights.ts';
import { isLaterSerial } from '../serial.ts';
import { serialOf } from '../soa.ts';
import type { Zone } from '../zone.ts';
import type { ZoneChange, ZoneRecord } from '../zone-data.ts';
import type { ZoneStoreFace } from '../zone-store.ts';

/** The messages of one answer, ready to be sent one after another. Each is made when it is asked for. */
export class MessageStream {
  readonly #messages: Iterator<Buffer>;

  constructor(messages: Iterator<Buffer>) {
    this.#messages = messages;
  }

  /** Undefined behind the last one. */
  next(): Buffer | undefined {
    const { done, value } = this.#messages.next();
    return done ? undefined : value;
  }
}

/** Compression reaches no further, and no client has to hold more at a time. */
const MESSAGE_SIZE = 0x4000;
/** For a record that is larger than that. */
const LARGEST_MESSAGE = 0xffff;
const NO_QUESTION = Buffer.alloc(0);
/** Octets of OPT with the longest cookie. */
const OPT_ROOM = 11 + 4 + 40;

/** Gives the zones to their secondaries: whole (AXFR, RFC 5936), or what changed (IXFR, RFC 1995). */
export class TransferResponder {
  readonly #zones: Pick<ZoneStoreFace, 'zone'>;
  readonly #served: ReadonlyMap<string, ServedZone>;
  readonly #now: () => number;
  readonly #logger: Logger;

  /** `served` has the settings of the zones by their names; `now` gives seconds since 1970. */
  constructor(
    zones: Pick<ZoneStoreFace, 'zone'>,
    served: ReadonlyMap<string, ServedZone>,
    now: () => number,
    logger: Logger,
  ) {
    this.#zones = zones;
    this.#served = served;
    this.#now = now;
    this.#logger = logger;
  }

  /** A reply before it is sealed, or all the messages of the transfer. The question is for AXFR or IXFR. */
  respond(request: Request): Buffer | MessageStream {
    const { message, client } = request;
    const octets = questionOctets(message);
    const [question] = message.questions;
    if (question === undefined) return bareReply(octets, Rcode.FORMERR);
    const isWhole = question.type === RrType.AXFR;
    // RFC 5936 section 4.2: AXFR over UDP does not exist.
    if (isWhole && client.transport === 'udp') return bareReply(octets, Rcode.FORMERR);
    const zone = question.class === RrClass.IN ? this.#zones.zone(lowerName(question.name)) : undefined;
    if (zone === undefined) return bareReply(octets, Rcode.NOTAUTH);

    const sender = { key: keyOf(request), address: addressOf(client) };
    const who = { zone: zone.name, ...fieldsOf(sender) };
    if (!isGranted(this.#served.get(zone.name)?.transfer ?? [], sender)) {
      tellRefusal(this.#logger, 'Refused a transfer: it is not allowed to this sender', sender, zone.name);
      return bareReply(octets, Rcode.REFUSED);
    }
    const serial = isWhole ? undefined : serialIn(request, zone);
    if (!isWhole && serial === undefined) return bareReply(octets, Rcode.FORMERR);
    // RFC 1995 section 2, 4: who is not behind learns that from the SOA; who asks by UDP, that TCP is needed.
    if (serial !== undefined && (client.transport === 'udp' || !isLaterSerial(zone.serial, serial))) {
      return soleSoa(octets, zone);
    }
    const changes = serial === undefined ? undefined : zone.changesSince(serial);
    if (changes === undefined) {
      this.#logger.debug('Transfers a zone', who);
      return this.#stream(request, wholeZone(zone));
    }
    this.#logger.debug('Transfers the changes of a zone', who);
    return this.#stream(request, whatChanged(zone, changes));
  }

  #stream(request: Request, records: Iterable<ZoneRecord>): MessageStream {
    const key = keyOf(request);
    const reserve = OPT_ROOM + (key === undefined ? 0 : tsigSizeOf(key));
    const messages = packed(questionOctets(request.message), records, reserve);
    return new MessageStream(
      key === undefined ? completed(request, messages) : this.#signed(request, messages),
    );
  }

  *#signed(request: Request, messages: Iterable<Buffer>): Generator<Buffer> {
    const { signature } = request;
    if (signature.kind !== 'verified') return;
    const stream = new TsigStream(signature.key, signature.tsig.mac);
    for (const message of completed(request, messages)) yield stream.sign(message, this.#now());
  }
}

function* completed(request: Request, messages: Iterable<Buffer>): Generator<Buffer> {
  for (const message of messages) yield completeReply(request, message);
}

/** RFC 5936 section 2.2: the SOA first and last. */
function wholeZone(zone: Zone): Iterable<ZoneRecord> {
  const soa = soaOf(zone);
  const { nodes } = zone.snapshot();
  return (function* () {
    yield soa;
    for (const { owner, rrsets } of nodes) {
      for (const { type, ttl, rdatas } of rrsets) {
        if (type !== RrType.SOA) for (const rdata of rdatas) yield { owner, type, ttl, rdata };
      }
    }
    yield soa;
  })();
}

/** RFC 1995 section 4: between the new SOA and the new SOA, each change from the older to the newer one. */
function whatChanged(zone: Zone, changes: readonly ZoneChange[]): Iterable<ZoneRecord> {
  const soa = soaOf(zone);
  return (function* () {
    yield soa;
    for (const { deleted, added } of changes) {
      yield* deleted;
      yield* added;
    }
    yield soa;
  })();
}

/**
 * Messages with the id 0, each with as many records as there is room for; the first has the question. Throws a
 * RangeError at a record that no message has room for: a secondary without it would not know what it lacks.
 */
function* packed(question: Buffer, records: Iterable<ZoneRecord>, reserve: number): Generator<Buffer> {
  let writer = new MessageWriter(question, MESSAGE_SIZE - reserve);
  const add = ({ owner, type, ttl, rdata }: ZoneRecord) =>
    writer.addRecord('answer', owner, type, ttl, rdata);
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

function soleSoa(question: Buffer, zone: Zone): Buffer {
  const writer = new MessageWriter(question, LARGEST_MESSAGE);
  writer.add('answer', { owner: zone.apex.owner, rrset: zone.soa });
  return writer.finish(Flag.QR | Flag.AA);
}

/** The serial that the client has, from the SOA in its authority section (RFC 1995 section 3). */
function serialIn({ message }: Request, zone: Zone): number | undefined {
  const soa = message.authorities.find(
    ({ name, type, class: rrClass }) =>
      type === RrType.SOA && rrClass === RrClass.IN && lowerName(name) === zone.name,
  );
  if (soa === undefined) return undefined;
  try {
    return serialOf(expandRdata(message, soa));
  } catch (error) {
    if (error instanceof WireFault) return undefined;
    throw error;
  }
}
