import type { Clock, Deadline } from '../../application/ports/clock.ts';
import { type DnsFailure, dnsFailure } from '../../application/ports/dns-fault.ts';
import type {
  ChangeResult,
  DnsResult,
  DnsUpdater,
  FoundRecords,
  LookUp,
} from '../../application/ports/dns-updater.ts';
import { inTime } from '../../application/service/waiting.ts';
import type { DomainName } from '../../domain/domain-name.ts';
import { addsRecords, isConditionAlone, type NameChange, type RecordSet } from '../../domain/record-set.ts';
import { ttl } from '../../domain/ttl.ts';
import { Rcode, RrType, rcodeText } from '../dns-wire/constants.ts';
import { lowerName, readName } from '../dns-wire/name.ts';
import { recordValueIn } from '../dns-wire/record-value.ts';
import { updateSectionsOf } from '../dns-wire/update-message.ts';
import type { Zone } from './zone.ts';
import type { UpdateVerdict } from './zone-change.ts';
import { rrsetOf, type ZoneView } from './zone-data.ts';
import { ZoneFault } from './zone-fault.ts';
import type { ZoneStore } from './zone-store.ts';
import { judgeUpdate } from './zone-update.ts';

const DONE: ChangeResult = { ok: true, value: undefined };

/** The DnsUpdater of the zones that this process serves itself. The rules are those of RFC 2136, without messages. */
export class NameServerDnsUpdater implements DnsUpdater {
  readonly #store: Pick<ZoneStore, 'zone' | 'closest' | 'change'>;
  readonly #clock: Clock;

  constructor(store: Pick<ZoneStore, 'zone' | 'closest' | 'change'>, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  async findZone(name: DomainName): Promise<DnsResult<DomainName>> {
    const zone = this.#store.closest(name);
    return zone === undefined ? noZone(name) : { ok: true, value: zone.name as DomainName };
  }

  async lookUp({ name, types }: LookUp): Promise<DnsResult<FoundRecords>> {
    const zone = this.#store.closest(name);
    if (zone === undefined) return noZone(name);
    const found = zone.resolve(name, RrType.A);
    switch (found.kind) {
      case 'delegation':
        return dnsFailure(
          'DNS_DELEGATED',
          `${name} is delegated to other name servers at ${found.node.name}`,
        );
      case 'dname':
        return dnsFailure('DNS_CNAME', `${name} is an alias, by the DNAME of ${found.node.name}`);
    }
    const cname = rrsetOf(zone.find(name), RrType.CNAME)?.rdatas[0];
    if (cname !== undefined) return alias(name, lowerName(readName(cname, 0).name) as DomainName);
    const node = zone.find(name);
    const recordSets = types.map((type): RecordSet => {
      const rrset = rrsetOf(node, RrType[type]);
      const values = (rrset?.rdatas ?? []).flatMap((rdata) => recordValueIn(type, rdata) ?? []);
      return { type, ttl: ttl(rrset?.ttl ?? 0), values };
    });
    return { ok: true, value: { recordSets, remembered: false } };
  }

  async apply(
    zone: DomainName,
    changes: readonly NameChange[],
    deadline: Deadline,
  ): Promise<readonly ChangeResult[]> {
    const served = this.#store.zone(zone);
    // All changes are started at once, so they share one sync. Each has its own result.
    return Promise.all(
      changes.map((change) =>
        served === undefined
          ? noZone(zone)
          : this.#inTime(change.name, deadline, this.#apply(served, change)),
      ),
    );
  }

  async #apply(zone: Zone, change: NameChange): Promise<ChangeResult> {
    const { name } = change;
    if (this.#store.closest(name) !== zone) {
      return dnsFailure('DNS_NOT_ZONE', `${name} does not belong to the zone ${zone.name}`);
    }
    const found = zone.resolve(name, RrType.A);
    const adds = addsRecords(change);
    if (adds && found.kind === 'delegation') {
      return dnsFailure('DNS_DELEGATED', `${name} is delegated to other name servers at ${found.node.name}`);
    }
    const update = updateSectionsOf([change]);
    // The zone has durable changes only, so a condition alone need not wait for the disk.
    if (isConditionAlone(change)) {
      const verdict = resultOf(judgeUpdate(zone, update), name, zone);
      return !verdict.ok && hasCname(zone, name) ? alias(name) : verdict;
    }
    let isAlias = false;
    try {
      const verdict = await this.#store.change(zone, (view) => {
        // An UPDATE would ignore the change in silence (RFC 2136 section 3.4.2.2).
        isAlias = adds && hasCname(view, name);
        return isAlias ? { kind: 'refused', rcode: Rcode.YXRRSET } : judgeUpdate(view, update);
      });
      if (isAlias) return alias(name);
      return resultOf(verdict, name, zone);
    } catch (error) {
      return storageFailure(error, name);
    }
  }

  /** After the deadline, the outcome is unknown. */
  #inTime(name: DomainName, deadline: Deadline, result: Promise<ChangeResult>): Promise<ChangeResult> {
    return inTime(this.#clock, deadline - this.#clock.monotonic(), result, () =>
      dnsFailure('DNS_TIMEOUT', `could not confirm ${name}: the disk was too slow`),
    );
  }
}

const hasCname = (view: ZoneView, name: string): boolean =>
  rrsetOf(view.find(name), RrType.CNAME) !== undefined;

const resultOf = (verdict: UpdateVerdict, name: DomainName, zone: Zone): ChangeResult =>
  verdict.kind === 'refused' ? refused(verdict.rcode, name, zone.name) : DONE;

function refused(rcode: number, name: DomainName, zone: string): DnsFailure {
  switch (rcode) {
    case Rcode.YXRRSET:
    case Rcode.NXRRSET:
      return dnsFailure('DNS_CONFLICT', `the records of ${name} have changed in the meantime`);
    case Rcode.NOTZONE:
      return dnsFailure('DNS_NOT_ZONE', `${name} does not belong to the zone ${zone}`);
    case Rcode.REFUSED:
      return dnsFailure(
        'DNS_REFUSED',
        `${name} is a name server of the zone ${zone} and must keep an address`,
      );
    default:
      return dnsFailure(
        'DNS_BAD_MESSAGE',
        `the zone ${zone} refuses the change of ${name}: ${rcodeText(rcode)}`,
      );
  }
}

function storageFailure(error: unknown, name: DomainName): DnsFailure {
  if (!(error instanceof ZoneFault)) throw error;
  const code =
    error.code === 'ZONE_CLOSED'
      ? 'DNS_STOPPED'
      : error.code === 'ZONE_OVERLOADED'
        ? 'DNS_OVERLOADED'
        : 'DNS_SERVER_FAILURE';
  return dnsFailure(code, `could not confirm ${name}: ${error.message}`, { cause: error });
}

const noZone = (name: DomainName): DnsFailure =>
  dnsFailure('DNS_NO_ZONE', `this server has no zone for ${name}`);

const alias = (name: DomainName, target?: DomainName): DnsFailure =>
  dnsFailure('DNS_CNAME', `${name} is an alias (CNAME): it has no addresses of its own`, { target });
