import { after, before } from 'node:test';
import { createRfc2136DnsUpdater } from '../../src/adapters/rfc2136/create-rfc2136-dns-updater.ts';
import { SystemClock } from '../../src/adapters/system/system-clock.ts';
import type { DnsUpdater } from '../../src/application/ports/dns-updater.ts';
import { noLogger } from '../../src/application/ports/logger.ts';
import { noMetrics } from '../../src/application/ports/metrics.ts';
import { BatchingDnsUpdater } from '../../src/application/update/batching-dns-updater.ts';
import { ConfirmingDnsUpdater } from '../../src/application/update/confirming-dns-updater.ts';
import { MeteredDnsUpdater } from '../../src/application/update/metered-dns-updater.ts';
import { RememberingDnsUpdater } from '../../src/application/update/remembering-dns-updater.ts';
import { ReplaceableDnsUpdater } from '../../src/application/update/replaceable-dns-updater.ts';
import type { DomainName } from '../../src/domain/domain-name.ts';
import { MemoryDnsUpdater } from '../fakes/memory-dns-updater.ts';
import { noEvents } from '../support/events.ts';
import { describeWithServers, PRIMARIES } from '../support/name-servers/describe-with-servers.ts';
import { CHILD_ZONE, DYN_ZONE } from '../support/name-servers/zones.ts';
import { primaryAt } from '../support/primary-at.ts';
import { type DnsUpdaterSubject, dnsUpdaterContract } from './dns-updater.contract.ts';

function inMemory(decorated: (updater: DnsUpdater) => DnsUpdater): DnsUpdaterSubject {
  const updater = new MemoryDnsUpdater(DYN_ZONE, CHILD_ZONE);
  updater.putAlias(`alias.${DYN_ZONE}`, `www.${DYN_ZONE}`);
  updater.putDelegation(`deleg.${DYN_ZONE}`);
  updater.put(`*.wild.${DYN_ZONE}`, '192.0.2.99');
  return {
    updater: decorated(updater),
    zone: DYN_ZONE,
    childZone: CHILD_ZONE,
    async addressesOf(name) {
      return updater.shownAt(name);
    },
    async isAlias(name) {
      const question = { zone: DYN_ZONE, name, types: ['A'] as const, fresh: true };
      const shown = await updater.lookUp(question);
      return !shown.ok && shown.fault.code === 'DNS_CNAME';
    },
    async put(name, ...addresses) {
      updater.put(name, ...addresses);
    },
  };
}

const clock = new SystemClock();
const batching = (updater: DnsUpdater) => new BatchingDnsUpdater(updater, clock);
const remembering = (updater: DnsUpdater) => new RememberingDnsUpdater(updater, clock);
const confirming = (updater: DnsUpdater) => new ConfirmingDnsUpdater(updater, clock);
const metered = (updater: DnsUpdater) => new MeteredDnsUpdater(updater, noMetrics, clock);
const replaceable = (updater: DnsUpdater) => new ReplaceableDnsUpdater({ updater, close() {} });

dnsUpdaterContract('MemoryDnsUpdater', () => inMemory((updater) => updater));
// What stands around an updater promises the same.
dnsUpdaterContract('BatchingDnsUpdater', () => inMemory(batching));
dnsUpdaterContract('ConfirmingDnsUpdater', () => inMemory(confirming));
dnsUpdaterContract('RememberingDnsUpdater', () => inMemory(remembering));
dnsUpdaterContract('MeteredDnsUpdater', () => inMemory(metered));
dnsUpdaterContract('ReplaceableDnsUpdater', () => inMemory(replaceable));

for (const zones of [[], [DYN_ZONE, CHILD_ZONE]]) {
  describeWithServers(PRIMARIES, (server, kind) => {
    let opened: ReturnType<typeof createRfc2136DnsUpdater> | undefined;
    before(() => {
      opened = createRfc2136DnsUpdater([primaryAt(server().socket, { zones })], clock, noLogger, noEvents);
    });
    after(() => opened?.close());

    const dataOf = async (name: DomainName, type: string) => {
      const { answers } = await server().query(name, type);
      return answers.filter((record) => record.type === type).map(({ data }) => data);
    };
    const open = (): DnsUpdaterSubject => {
      if (opened === undefined) throw new Error('opened before the tests');
      return {
        updater: opened.updater,
        zone: DYN_ZONE,
        childZone: CHILD_ZONE,
        addressesOf: async (name) => [...(await dataOf(name, 'A')), ...(await dataOf(name, 'AAAA'))].sort(),
        isAlias: async (name) => (await dataOf(name, 'CNAME')).length === 1,
        async put(name, ...addresses) {
          const added = addresses.map(
            (text) => `update add ${name} 60 ${text.includes(':') ? 'AAAA' : 'A'} ${text}`,
          );
          const lines = [
            `zone ${DYN_ZONE}`,
            `update delete ${name} A`,
            `update delete ${name} AAAA`,
            ...added,
          ];
          const said = await server().nsupdate(lines.join('\n'));
          if (said !== 'NOERROR') throw new Error(`nsupdate: ${said}`);
        },
      };
    };
    const zonesAre = zones.length === 0 ? 'searched for' : 'configured';
    dnsUpdaterContract(`Rfc2136DnsUpdater with ${kind}, whose zones are ${zonesAre},`, open);
  });
}
