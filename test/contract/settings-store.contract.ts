import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  DEFAULT_SETTINGS,
  type DnsSettings,
  type HttpSettings,
} from '../../src/application/manage/settings.ts';
import type { SettingsStore } from '../../src/application/ports/settings-store.ts';
import { type DomainName, domainName } from '../../src/domain/domain-name.ts';
import { DynonymError } from '../../src/domain/errors.ts';
import { parseIpAddress } from '../../src/domain/ip-address.ts';
import { parseNetwork } from '../../src/domain/network.ts';
import { parseSocketAddress } from '../../src/domain/socket-address.ts';
import { ttl } from '../../src/domain/ttl.ts';
import { valueIn } from '../support/parsed.ts';

/** Stores that keep the same settings: what one acknowledges, the other sees. Both may be the same. */
export type SettingsStores = { readonly store: SettingsStore; readonly other: SettingsStore };

/** What every SettingsStore keeps to. `open` makes one without any settings. */
export function settingsStoreContract(name: string, open: () => Promise<SettingsStores>): void {
  const opened = async (): Promise<SettingsStores> => {
    const stores = await open();
    assert.equal(await stores.store.create({ overwrite: false }), 'created');
    return stores;
  };

  describe(`${name} as a settings store`, () => {
    it('rejects with a DynonymError before there are settings', async () => {
      const { store } = await open();
      await assert.rejects(store.load(), DynonymError);
      await assert.rejects(store.changeDns({ ttl: ttl(300) }), DynonymError);
      await assert.rejects(store.changeHttp({ workers: 2 }), DynonymError);
      await assert.rejects(store.load(), DynonymError);
    });

    it('begins with the defaults', async () => {
      const { store, other } = await opened();
      assert.deepEqual(await store.load(), DEFAULT_SETTINGS);
      assert.deepEqual(await other.load(), DEFAULT_SETTINGS);
    });

    it('overwrites settings only when it is asked to', async () => {
      const { store, other } = await opened();
      await store.changeHttp({ workers: 2 });
      assert.equal(await other.create({ overwrite: false }), 'exists');
      assert.equal((await store.load()).http.workers, 2);
      assert.equal(await other.create({ overwrite: true }), 'created');
      assert.deepEqual(await store.load(), DEFAULT_SETTINGS);
    });

    for (const change of DNS_CHANGES) {
      it(`changes ${Object.keys(change).join(' and ')} of the first primary, and back, and nothing else`, async () => {
        const { store, other } = await opened();
        await store.changeDns(change);
        assert.deepEqual(await other.load(), {
          ...DEFAULT_SETTINGS,
          dns: { ...DEFAULT_SETTINGS.dns, ...change },
        });
        const back = Object.fromEntries(
          Object.keys(change).map((key) => [key, DEFAULT_SETTINGS.dns[key as keyof DnsSettings]]),
        );
        await other.changeDns(back);
        assert.deepEqual(await store.load(), DEFAULT_SETTINGS);
      });
    }

    for (const change of HTTP_CHANGES) {
      it(`changes ${Object.keys(change).join(' and ')} of HTTP and nothing else`, async () => {
        const { store, other } = await opened();
        await store.changeHttp(change);
        assert.deepEqual(await other.load(), {
          ...DEFAULT_SETTINGS,
          http: { ...DEFAULT_SETTINGS.http, ...change },
        });
      });
    }

    it('replaces a TSIG key as a whole', async () => {
      const { store, other } = await opened();
      await store.changeDns({ tsig: KEY });
      const next = { ...KEY, algorithm: 'hmac-sha1', secret: Uint8Array.of(255) } as const;
      await other.changeDns({ tsig: next });
      assert.deepEqual((await store.load()).dns.tsig, next);
    });

    it('serves the zones that are added, in their order', async () => {
      const { store, other } = await opened();
      assert.deepEqual(await store.addZone(ZONE, { takeUpdates: false }), {
        kind: 'added',
        takesUpdates: false,
      });
      const more = { ...ZONE, name: domainName('example.test'), hostmaster: 'jo\\.doe.example.net' };
      const common = {
        sockets: [valueIn(parseSocketAddress('192.0.2.1:53'))],
        data: '/zones',
        takeUpdates: false,
      };
      assert.equal((await other.addZone(more, common)).kind, 'added');
      const { nameServer } = await store.load();
      assert.deepEqual(nameServer?.sockets, common.sockets);
      assert.equal(nameServer.data, '/zones');
      assert.equal(nameServer.takesUpdates, false);
      assert.deepEqual(
        nameServer.zones.map(({ name, servers, hostmaster }) => ({ name, servers, hostmaster })),
        [{ ...ZONE, hostmaster: 'hostmaster.dyn.example.org' }, more],
      );
    });

    it('serves the first zone at all addresses, and leaves what a second one does not name', async () => {
      const { store, other } = await opened();
      await store.addZone(ZONE, { takeUpdates: false });
      await other.addZone({ ...ZONE, name: domainName('example.test') }, { takeUpdates: false });
      const sockets = [valueIn(parseSocketAddress('[::]:53'))];
      assert.deepEqual((await store.load()).nameServer?.sockets, sockets);
    });

    it('adds a zone once', async () => {
      const { store, other } = await opened();
      await store.addZone(ZONE, { takeUpdates: false });
      const before = await store.load();
      assert.deepEqual(await other.addZone(ZONE, { takeUpdates: true }), { kind: 'exists' });
      assert.deepEqual(await store.load(), before);
    });

    it('has updates go into the zones when it is asked to, and no primary was chosen', async () => {
      const { store, other } = await opened();
      assert.deepEqual(await store.addZone(ZONE, { takeUpdates: true }), {
        kind: 'added',
        takesUpdates: true,
      });
      assert.equal((await other.load()).nameServer?.takesUpdates, true);
    });

    it('leaves a primary that was chosen, and then adds nothing', async () => {
      const { store, other } = await opened();
      await store.changeDns({ tsig: KEY });
      const before = await store.load();
      assert.deepEqual(await other.addZone(ZONE, { takeUpdates: true }), { kind: 'primary-in-use' });
      assert.deepEqual(await store.load(), before);
    });

    it('removes zones, and the name server with the last of them', async () => {
      const { store, other } = await opened();
      const more = { ...ZONE, name: domainName('example.test') };
      await store.addZone(ZONE, { takeUpdates: false });
      await store.addZone(more, { takeUpdates: false });
      assert.equal(await other.removeZone(domainName('example.org')), 'unknown-zone');
      assert.equal(await other.removeZone(ZONE.name), 'removed');
      assert.deepEqual(
        (await store.load()).nameServer?.zones.map(({ name }) => name),
        [more.name],
      );
      assert.equal(await store.removeZone(more.name), 'removed-last');
      assert.deepEqual(await other.load(), DEFAULT_SETTINGS);
      assert.equal(await store.removeZone(more.name), 'unknown-zone');
    });

    it('lets a key change the challenges of names, each in its zone, and knows the key by its name', async () => {
      const { store, other } = await opened();
      await store.addZone(ZONE, { takeUpdates: false });
      await store.addZone({ ...ZONE, name: domainName('lab.dyn.example.org') }, { takeUpdates: false });
      const [home, inLab] = [
        '_acme-challenge.home.dyn.example.org',
        '_acme-challenge.lab.dyn.example.org',
      ].map((name) => domainName(name)) as [DomainName, DomainName];
      assert.deepEqual(await store.grantChallenges(KEY, [home]), { kind: 'granted', isNew: true });
      const another = { ...KEY, secret: Uint8Array.of(255) };
      assert.deepEqual(await other.grantChallenges(another, [inLab, home]), {
        kind: 'granted',
        isNew: false,
      });
      const { nameServer } = await store.load();
      const right = { key: KEY, networks: [], subtrees: [], types: [16] };
      assert.deepEqual(
        nameServer?.zones.map(({ name, updates }) => [name, updates]),
        [
          ['dyn.example.org', [{ ...right, names: [home] }]],
          ['lab.dyn.example.org', [{ ...right, names: [inLab] }]],
        ],
      );
    });

    it('lets no key change a challenge that lies in none of the zones', async () => {
      const { store, other } = await opened();
      await store.addZone(ZONE, { takeUpdates: false });
      const before = await store.load();
      const name = domainName('_acme-challenge.home.example.net');
      const ours = domainName('_acme-challenge.home.dyn.example.org');
      assert.deepEqual(await other.grantChallenges(KEY, [ours, name]), { kind: 'no-zone', name });
      assert.deepEqual(await store.load(), before);
    });

    it('loses none of the changes that are made at once', async () => {
      const { store, other } = await opened();
      await Promise.all([
        store.changeDns({ ttl: ttl(300) }),
        other.changeHttp({ workers: 3 }),
        store.changeDns({ transport: 'udp' }),
        other.changeDns({ tsig: KEY }),
      ]);
      const { http, dns } = await store.load();
      assert.deepEqual([http.workers, dns.ttl, dns.transport, dns.tsig], [3, 300, 'udp', KEY]);
    });
  });
}

const KEY = {
  name: domainName('key.example.org'),
  algorithm: 'hmac-sha512',
  secret: Uint8Array.from({ length: 64 }, (_, index) => index),
} as const;

const ZONE = {
  name: domainName('dyn.example.org'),
  servers: [
    {
      name: domainName('ns1.dyn.example.org'),
      addresses: ['192.0.2.1', '2001:db8::1'].map((text) => valueIn(parseIpAddress(text))),
    },
    { name: domainName('ns2.example.net'), addresses: [] },
  ],
};

const DNS_CHANGES: Partial<DnsSettings>[] = [
  { ttl: ttl(0) },
  { socket: valueIn(parseSocketAddress('[2001:db8::53]:5353')) },
  {
    transport: 'tls',
    tls: { serverName: domainName('ns.example.org'), ca: '-----BEGIN CERTIFICATE-----\n…\n' },
  },
  { zones: [domainName('example.org'), domainName('example.net')] },
  { tsig: KEY },
];

const HTTP_CHANGES: Partial<HttpSettings>[] = [
  { socket: valueIn(parseSocketAddress('[::]:80')) },
  { workers: 4 },
  { trustedProxies: [valueIn(parseNetwork('192.0.2.0/24')), valueIn(parseNetwork('2001:db8::/32'))] },
];
