import type { ServedZone } from '../../application/manage/settings.ts';
import type { Logger } from '../../application/ports/logger.ts';
import { Rcode, RrClass, RrType } from '../dns-wire/constants.ts';
import type { Message } from '../dns-wire/message.ts';
import { lowerName } from '../dns-wire/name.ts';
import { expandRdata } from '../dns-wire/rdata.ts';
import type { ResourceRecord } from '../dns-wire/resource-record.ts';
import { WireFault } from '../dns-wire/wire-fault.ts';
import { addressOf } from './client.ts';
import { lastingCopy } from './lasting-copy.ts';
import { bareReply, keyOf, questionOctets, type Request } from './request.ts';
import { fieldsOf, mayUpdate, tellRefusal } from './rights.ts';
import { ZoneFault } from './zone-fault.ts';
import type { ZoneStoreFace } from './zone-store.ts';
import type { UpdateRecord, ZoneUpdate } from './zone-update.ts';

/** Makes the changes that UPDATE messages ask for (RFC 2136 section 3). */
export class UpdateResponder {
  readonly #zones: Pick<ZoneStoreFace, 'zone' | 'update'>;
  readonly #served: ReadonlyMap<string, ServedZone>;
  readonly #logger: Logger;

  /** `served` has the settings of the zones by their names. */
  constructor(
    zones: Pick<ZoneStoreFace, 'zone' | 'update'>,
    served: ReadonlyMap<string, ServedZone>,
    logger: Logger,
  ) {
    this.#zones = zones;
    this.#served = served;
    this.#logger = logger;
  }

  /** The reply before it is sealed: the zone section, and what became of the update. Never rejects. */
  async respond(request: Request): Promise<Buffer> {
    const rcode = await this.#rcodeOf(request);
    return bareReply(questionOctets(request.message), rcode);
  }

  async #rcodeOf(request: Request): Promise<number> {
    // RFC 2136 section 3.1.
    const [question] = request.message.questions;
    if (question === undefined || question.type !== RrType.SOA) return Rcode.FORMERR;
    const zone = question.class === RrClass.IN ? this.#zones.zone(lowerName(question.name)) : undefined;
    if (zone === undefined) return Rcode.NOTAUTH;

    const update = readUpdate(request.message);
    if (update === undefined) return Rcode.FORMERR;
    // Before the prerequisites, because those are judged in one go with the change.
    const sender = { key: keyOf(request), address: addressOf(request.client) };
    const who = { zone: zone.name, ...fieldsOf(sender) };
    if (!mayUpdate(this.#served.get(zone.name)?.updates ?? [], sender, update.updates)) {
      tellRefusal(
        this.#logger,
        'Refused an update by DNS: it is not allowed to this sender',
        sender,
        zone.name,
      );
      return Rcode.REFUSED;
    }
    try {
      const rcode = await this.#zones.update(zone, update);
      this.#logger.debug('Judged an update by DNS', { ...who, rcode });
      return rcode;
    } catch (error) {
      if (!isBusy(error)) {
        this.#logger.error('Could not keep an update by DNS', { ...who, error: error as Error });
      }
      return Rcode.SERVFAIL;
    }
  }
}

/** Nothing is wrong but the moment: the client comes back. */
const isBusy = (error: unknown): boolean =>
  error instanceof ZoneFault && (error.code === 'ZONE_OVERLOADED' || error.code === 'ZONE_CLOSED');

/** Undefined where a record has a form that its type does not have. */
function readUpdate(message: Message): ZoneUpdate | undefined {
  const read = (record: ResourceRecord): UpdateRecord => ({
    name: record.name,
    type: record.type,
    class: record.class,
    ttl: record.ttl,
    rdata: lastingCopy(expandRdata(message, record)),
  });
  try {
    return { prerequisites: message.answers.map(read), updates: message.authorities.map(read) };
  } catch (error) {
    if (error instanceof WireFault) return undefined;
    throw error;
  }
}
