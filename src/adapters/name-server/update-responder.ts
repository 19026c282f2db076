import type { ServedZone } from '../../application/manage/settings.ts';
import type { Logger } from '../../application/ports/logger.ts';
import { BoundedMap } from '../../domain/bounded-map.ts';
import { Rcode, RrClass, RrType, typeText } from '../dns-wire/constants.ts';
import type { Message } from '../dns-wire/message.ts';
import { lowerName } from '../dns-wire/name.ts';
import { lastingCopy } from '../dns-wire/octets.ts';
import { expandRdata } from '../dns-wire/rdata.ts';
import { isSignature } from '../dns-wire/rdata-forms.ts';
import type { ResourceRecord } from '../dns-wire/resource-record.ts';
import { ifReadable } from '../dns-wire/wire-fault.ts';
import type { Request } from './request.ts';
import { fieldsOf, logRefusal, mayUpdate, senderOf } from './rights.ts';
import { ZoneFault } from './zone-fault.ts';
import type { ZoneStoreFace } from './zone-store.ts';
import type { UpdateRecord, ZoneUpdate } from './zone-update.ts';

/** Signed updates whose outcome is kept: 300 updates a second for five minutes, which is the usual fudge. */
const MAX_REMEMBERED = 100_000;

/**
 * Answers UPDATE messages (RFC 2136 section 3) with an RCODE, and carries out each signed update once. Never rejects. `served`
 * has the settings of the zones by their names.
 */
export function updateResponder(
  zones: Pick<ZoneStoreFace, 'zone' | 'update'>,
  served: ReadonlyMap<string, ServedZone>,
  logger: Logger,
): (request: Request) => Promise<number> {
  /**
   * The RCODEs of signed updates, done or in flight, by key and MAC. While its signature is fresh, a recorded message
   * could be replayed to undo later updates (RFC 8945 section 5.2.3). Equal MACs mean equal messages, so a replay and a
   * repetition by the client both get the earlier answer.
   */
  const outcomes = new BoundedMap<string, Promise<number>>(MAX_REMEMBERED);

  return (request) => {
    const { signature } = request;
    if (signature.kind !== 'verified') return rcodeOf(request);
    const message = `${signature.key.name} ${signature.tsig.mac.toString('latin1')}`;
    const earlier = outcomes.get(message);
    if (earlier !== undefined) {
      logger.debug('Repeated the answer to an update by DNS', { key: signature.key.name });
      return earlier;
    }
    const outcome = rcodeOf(request).then((rcode) => {
      // Nothing was changed, so the client may repeat the same message.
      if (rcode === Rcode.SERVFAIL || rcode === Rcode.REFUSED) outcomes.delete(message);
      return rcode;
    });
    outcomes.set(message, outcome);
    return outcome;
  };

  async function rcodeOf(request: Request): Promise<number> {
    // RFC 2136 section 3.1.
    const [question] = request.message.questions;
    if (question === undefined || question.type !== RrType.SOA) return Rcode.FORMERR;
    const zone = question.class === RrClass.IN ? zones.zone(lowerName(question.name)) : undefined;
    if (zone === undefined) return Rcode.NOTAUTH;

    const update = readUpdate(request.message);
    if (update === undefined) return Rcode.FORMERR;
    // Before the prerequisites, which are checked together with the change.
    const sender = senderOf(request);
    const who = fieldsOf(sender, zone.name);
    if (!mayUpdate(served.get(zone.name)?.updates ?? [], sender, update.updates)) {
      logRefusal(logger, 'Refused an update by DNS: this sender has no right to it', who);
      return Rcode.REFUSED;
    }
    const signed = update.updates.find((record) => record.class === RrClass.IN && isSignature(record.type));
    if (signed !== undefined) {
      const event = 'Refused an update by DNS: the type is for signed zones, and zones are served unsigned';
      logger.info(event, { ...who, type: typeText(signed.type) });
    }
    try {
      const rcode = await zones.update(zone, update);
      logger.debug('Answered an update by DNS', { ...who, rcode });
      return rcode;
    } catch (error) {
      if (!isBusy(error)) {
        logger.error('Could not make an update by DNS durable', { ...who, error: error as Error });
      }
      return Rcode.SERVFAIL;
    }
  }
}

/** A passing state. The client should come back. */
const isBusy = (error: unknown): boolean =>
  error instanceof ZoneFault && (error.code === 'ZONE_OVERLOADED' || error.code === 'ZONE_CLOSED');

/** Undefined where the data of a record are not valid for its type. */
function readUpdate(message: Message): ZoneUpdate | undefined {
  const read = (record: ResourceRecord): UpdateRecord => ({
    name: record.name,
    type: record.type,
    class: record.class,
    ttl: record.ttl,
    rdata: lastingCopy(expandRdata(message, record)),
  });
  return ifReadable(() => ({
    prerequisites: message.answers.map(read),
    updates: message.authorities.map(read),
  }));
}
