import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { RrClass, RrType } from '../../src/adapters/dns-wire/constants.ts';
import { NameServerDnsUpdater } from '../../src/adapters/name-server/name-server-dns-updater.ts';
import type { Zone } from '../../src/adapters/name-server/zone.ts';
import { type Rrset, rrsetOf } from '../../src/adapters/name-server/zone-data.ts';
import type { ZoneStore } from '../../src/adapters/name-server/zone-store.ts';
import { SystemClock } from '../../src/adapters/system/system-clock.ts';
import { domainName } from '../../src/domain/domain-name.ts';
import { addressFromOctets, addressOctets, parseIpAddress } from '../../src/domain/ip-address.ts';
import { ttl } from '../../src/domain/ttl.ts';
import { replacing } from '../support/changes.ts';
import { CHILD_ZONE, DYN_ZONE, writeZoneFiles } from '../support/name-servers/zones.ts';
import { openZoneStore } from '../support/open-zone-store.ts';
import { valueIn } from '../support/parsed.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { HANG } from '../support/until.ts';
import { dnsUpdaterContract } from './dns-updater.contract.ts';

let store: ZoneStore;
let zone: Zone;

before(async () => {
  const folder = tempFolder();
  const zones = [DYN_ZONE, CHILD_ZONE];
  await writeZoneFiles(folder, zones);
  store = await openZoneStore(folder, zones);
  [zone] = store.zones as [Zone];
});

after(() => store.close());

function shownAt(name: string, type: number): Rrset | undefined {
  const found = zone.resolve(name, type);
  return 'node' in found ? rrsetOf(found.node, type) : undefined;
}

dnsUpdaterContract('NameServerDnsUpdater', () => ({
  updater: new NameServerDnsUpdater(store, new SystemClock()),
  zone: DYN_ZONE,
  childZone: CHILD_ZONE,
  async addressesOf(name) {
    const rrsets = [shownAt(name, RrType.A), shownAt(name, RrType.AAAA)];
    return rrsets
      .flatMap((rrset) => rrset?.rdatas ?? [])
      .map((rdata) => addressFromOctets(rdata).text)
      .sort();
  },
  async isAlias(name) {
    return shownAt(name, RrType.CNAME) !== undefined;
  },
  async put(name, ...addresses) {
    const deletions = [RrType.A, RrType.AAAA].map((type) => {
      return { name, type, class: RrClass.ANY, ttl: 0, rdata: Buffer.alloc(0) };
    });
    const additions = addresses.map((text) => {
      const address = valueIn(parseIpAddress(text));
      const type = address.family === 'ipv4' ? RrType.A : RrType.AAAA;
      return { name, type, class: RrClass.IN, ttl: 60, rdata: Buffer.from(addressOctets(address)) };
    });
    await store.update(zone, { prerequisites: [], updates: [...deletions, ...additions] });
  },
}));

it('NameServerDnsUpdater leaves a name server of the zone its last address, and says so', async () => {
  const updater = new NameServerDnsUpdater(store, new SystemClock());
  const name = domainName(`ns1.${DYN_ZONE}`);
  const offline = replacing(name, { type: 'A', ttl: ttl(60), values: [] } as const);
  const [result] = await updater.apply(DYN_ZONE, [offline], performance.now() + HANG);
  assert.ok(result !== undefined && !result.ok);
  assert.equal(result.fault.code, 'DNS_REFUSED');
  assert.match(result.fault.message, /^ns1\.dyn\.example\.test is a name server of the zone/);
});
