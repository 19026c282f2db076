import type { ServedZone } from '../../application/manage/settings.ts';
import type { Logger } from '../../application/ports/logger.ts';
import { BoundedMap } from '../../domain/bounded-map.ts';
import { Rcode, RrClass, RrType, typeText } from '../dns-wire/constants.ts';
import type { Message } from '../dns-wire/message.ts';
import { lowerName } from '../dns-wire/name.ts';
import { expandRdata } from '../dns-wire/rdata.ts';
import { isSignature } from '../dns-wire/rdata-forms.ts';
import type { ResourceRecord } from '../dns-wire/resource-record.ts';
import { WireFault } from '../dns-wire/wire-fault.ts';
import { addressOf } from './client.ts';
import { lastingCopy } from './lasting-copy.ts';
import { bareReply, keyOf, questionOctets, type Request } from './request.ts';
import { fieldsOf, mayUpdate, tellRefusal } from './rights.ts';
import { ZoneFault } from './zone-fault.ts';
import type { ZoneStoreFace } from './zone-store.ts';
import type { UpdateRecord, ZoneUpdate } from './zone-update.ts';

/** Signed updates whose outcome is remembered: five minutes, the usual fudge, of 300 updates a second. */
const MAX_REMEMBERED = 100_000;

/** Makes the changes that UPDATE messages ask for (RFC 2136 section 3). */
export class UpdateResponder {
  readonly #zones: Pick<ZoneStoreFace, 'zone' | 'update'>;
  readonly #served: ReadonlyMap<string, ServedZone>;
  readonly #logger: Logger;
  /**
   * The RCODEs of signed updates that were carried out, or are being, by key and MAC. As long as its signature is
   * fresh, anybody who saw a message could send it again and undo later updates (RFC 8945 section 5.2.3). Equal MACs
   * mean equal messages, so a client that repeats its own one wants the same answer.
   */
  readonly #outcomes = new BoundedMap<string, Promise<number>>(MAX_REMEMBERED);

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
    const rcode = await this.#firstRcodeOf(request);
    return bareReply(questionOctets(request.message), rcode);
  }

  /** Carries out each signed message once. */
  #firstRcodeOf(request: Request): Promise<number> {
    const { signature } = request;
    if (signature.kind !== 'verified') return this.#rcodeOf(request);
    const message = `${signature.key.name} ${signature.tsig.mac.toString('latin1')}`;
    const earlier = this.#outcomes.get(message);
    if (earlier !== undefined) {
      this.#logger.debug('An update by DNS came again', { key: signature.key.name });
      return earlier;
    }
    const outcome = this.#rcodeOf(request).then((rcode) => {
      // Nothing has happened: the client may try the same message again.
      if (rcode === Rcode.SERVFAIL || rcode === Rcode.REFUSED) this.#outcomes.delete(message);
      return rcode;
    });
    this.#outcomes.set(message, outcome);
    return outcome;
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
    const signed = update.updates.find(
      ({ type, class: rrClass }) => rrClass === RrClass.IN && isSignature(type),
    );
    if (signed !== undefined) {
      this.#logger.info(
        'Refused an update by DNS: the type is of signed zones, and zones are served unsigned',
        {
          ...who,
          type: typeText(signed.type),
        },
      );
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
