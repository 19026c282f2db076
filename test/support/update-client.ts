import assert from 'node:assert/strict';
import { createRfc2136DnsUpdater } from '../../src/adapters/rfc2136/create-rfc2136-dns-updater.ts';
import { SystemClock } from '../../src/adapters/system/system-clock.ts';
import type { Primary } from '../../src/application/manage/settings.ts';
import type { Clock } from '../../src/application/ports/clock.ts';
import type { DnsUpdater } from '../../src/application/ports/dns-updater.ts';
import type { Events } from '../../src/application/ports/events.ts';
import { NameTurns } from '../../src/application/turns/name-turns.ts';
import type { HostOutcome } from '../../src/application/update/host-outcome.ts';
import { ReconcileRecords } from '../../src/application/update/reconcile-records.ts';
import { UpdateRecord } from '../../src/application/update/update-record.ts';
import type { HostUpdate, WantedAddress } from '../../src/application/update/wanted-names.ts';
import { domainName } from '../../src/domain/domain-name.ts';
import { type IpAddress, parseIpAddress } from '../../src/domain/ip-address.ts';
import { ttl } from '../../src/domain/ttl.ts';
import { parseUserName } from '../../src/domain/user.ts';
import { MemoryHostStore } from '../fakes/memory-host-store.ts';
import { MemoryUserStore } from '../fakes/memory-user-store.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';
import { decorated } from './decorated.ts';
import { noEvents } from './events.ts';
import { valueIn } from './parsed.ts';

/** What is asked for a name: addresses, one of a family at most, or to be taken off the DNS. */
type Wanted = readonly string[] | 'off';

/** dynonym between its routes and the wire: somebody with the right to every name, and real connections. */
export class UpdateClient {
  readonly updater: DnsUpdater;
  readonly logger = new RecordingLogger();
  readonly close: () => void;
  readonly #updateRecord: UpdateRecord;

  constructor(primaries: readonly Primary[], clock: Clock = new SystemClock(), events: Events = noEvents) {
    const { updater, close } = createRfc2136DnsUpdater(primaries, clock, this.logger, noEvents);
    this.updater = updater;
    this.close = close;
    this.#updateRecord = new UpdateRecord(
      new MemoryUserStore(),
      new MemoryHostStore(),
      new ReconcileRecords(decorated(updater, clock), clock, new NameTurns(), events),
      clock,
      { ttl: ttl(60), logger: this.logger, events: noEvents },
    );
  }

  /** One request for some names. */
  async updateAll(wanted: Readonly<Record<string, Wanted>>): Promise<readonly HostOutcome[]> {
    const hosts = Object.entries(wanted).map(([name, addresses]) => hostUpdate(name, addresses));
    const domains = new Set(hosts.map(({ name }) => name));
    const principal = { user: valueIn(parseUserName('alice')), domains, offline: true, token: undefined };
    return this.#updateRecord.execute({ principal, hosts });
  }

  /** A request for one name: `changed`, `unchanged`, or the code of the fault. */
  async update(name: string, ...addresses: readonly string[]): Promise<string> {
    const [outcome] = await this.updateAll({ [name]: addresses });
    return outcome?.kind === 'failed' ? outcome.fault.code : String(outcome?.kind);
  }

  /** A request for one name that has to fail: the code of the fault and its text. */
  async fail(name: string, ...addresses: readonly string[]): Promise<{ code: string; text: string }> {
    const [outcome] = await this.updateAll({ [name]: addresses });
    if (outcome?.kind !== 'failed') assert.fail(`${name} is ${outcome?.kind}`);
    return { code: outcome.fault.code, text: outcome.fault.message };
  }
}

function hostUpdate(name: string, wanted: Wanted): HostUpdate {
  const owner = domainName(name);
  if (wanted === 'off') return { name: owner, ipv4: { kind: 'remove' }, ipv6: { kind: 'remove' } };
  const addresses = wanted.map((text) => valueIn(parseIpAddress(text)));
  return { name: owner, ipv4: wish(addresses, 'ipv4'), ipv6: wish(addresses, 'ipv6') };
}

function wish<Family extends IpAddress['family']>(
  addresses: readonly IpAddress[],
  family: Family,
): WantedAddress<Extract<IpAddress, { family: Family }>> {
  const address = addresses.find(
    (one): one is Extract<IpAddress, { family: Family }> => one.family === family,
  );
  return address === undefined ? { kind: 'keep' } : { kind: 'set', address };
}
