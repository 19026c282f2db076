import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HostStore } from '../../src/application/ports/host-store.ts';
import { type DomainName, domainName } from '../../src/domain/domain-name.ts';
import { type HostSettings, unknownHost } from '../../src/domain/host-settings.ts';
import { parseIpv6 } from '../../src/domain/ip-address.ts';
import { ttl } from '../../src/domain/ttl.ts';
import { allOf } from '../support/all-of.ts';
import { hostNamed } from '../support/fixtures.ts';
import { valueIn } from '../support/parsed.ts';

/** Stores that keep the same hosts: what one acknowledges, the other sees. Both may be the same. */
export type HostStores = { readonly store: HostStore; readonly other: HostStore };

/** What every HostStore keeps to. `open` makes an empty one. */
export function hostStoreContract(name: string, open: () => Promise<HostStores>): void {
  describe(`${name} as a host store`, () => {
    it('without hosts, knows nothing', async () => {
      const { store } = await open();
      assert.equal((await store.find([NAS])).get(NAS), undefined);
      assert.deepEqual(await store.followersOf([ROUTER]), []);
      assert.deepEqual(await allOf(store.list()), []);
      assert.equal(await store.clear(NAS), 'unknown-host');
    });

    it('keeps all that is said of a host', async () => {
      const { store, other } = await open();
      const { name, ...settings } = FULL;
      assert.deepEqual(await store.change(name, settings), { kind: 'changed', host: FULL });
      for (const each of [store, other]) {
        assert.deepEqual((await each.find([NAS])).get(NAS), FULL);
        assert.deepEqual(await each.followersOf([ROUTER]), [FULL]);
        assert.deepEqual(await allOf(each.list()), [FULL]);
      }
    });

    it('gives parts of the hosts that follow another name, in the order of their names', async () => {
      const { store, other } = await open();
      const [one, two, three] = ['a.example.org', 'b.example.org', 'b2.example.org'].map(domainName);
      for (const name of [three, one, two] as const)
        await store.change(name as DomainName, { follows: ROUTER });
      await store.change(NAS, { offline: true });
      const found = async (search: string, after?: DomainName, most = 9) => {
        const { rows, hasMore } = await other.followersPage({ search, after, most });
        return [...rows.map(({ name }) => name), ...(hasMore ? ['more'] : [])];
      };
      assert.deepEqual(await found(''), [one, two, three]);
      assert.deepEqual(await found('', one, 1), [two, 'more']);
      assert.deepEqual(await found('B'), [two, three]);
      assert.deepEqual(await found('%'), []);
    });

    const single: Partial<HostSettings>[] = [
      { ttl: FULL.ttl },
      { offline: true },
      { follows: ROUTER },
      { interfaceId: FULL.interfaceId },
      { prefixLength: 56 },
    ];
    for (const change of single) {
      const [setting = ''] = Object.keys(change);
      it(`comes with its first setting, ${setting}, and goes with its last`, async () => {
        const { store, other } = await open();
        const host = hostNamed(NAS, change);
        assert.deepEqual(await store.change(NAS, change), { kind: 'changed', host });
        assert.deepEqual((await other.find([NAS])).get(NAS), host);
        const back = { [setting]: unknownHost(NAS)[setting as keyof HostSettings] };
        assert.deepEqual(await store.change(NAS, back), { kind: 'changed', host: unknownHost(NAS) });
        assert.equal((await other.find([NAS])).get(NAS), undefined);
      });

      it(`takes back ${setting} alone`, async () => {
        const { store, other } = await open();
        const { name: _, ...settings } = FULL;
        await store.change(NAS, settings);
        const expected = { ...FULL, [setting]: unknownHost(NAS)[setting as keyof HostSettings] };
        const { kind } = await store.change(NAS, { [setting]: expected[setting as keyof HostSettings] });
        assert.equal(kind, 'changed');
        assert.deepEqual((await other.find([NAS])).get(NAS), expected);
      });
    }

    it('says so when nothing changes', async () => {
      const { store, other } = await open();
      assert.equal((await store.change(NAS, {})).kind, 'unchanged');
      assert.equal((await store.change(NAS, { offline: false, ttl: undefined })).kind, 'unchanged');
      assert.equal((await other.find([NAS])).get(NAS), undefined);
      await store.change(NAS, { ttl: ttl(300) });
      assert.equal((await other.change(NAS, { ttl: ttl(300), follows: undefined })).kind, 'unchanged');
    });

    it('changes what somebody has seen only while it is still so', async () => {
      const { store, other } = await open();
      const change = { ttl: ttl(300) };
      const { host } = await store.change(NAS, change, unknownHost(NAS));
      assert.deepEqual(host, hostNamed(NAS, change));
      const overtaken = { kind: 'overtaken', host };
      assert.deepEqual(await other.change(NAS, { ttl: ttl(30) }, unknownHost(NAS)), overtaken);
      assert.deepEqual(await other.change(NAS, change, unknownHost(NAS)), overtaken);
      assert.deepEqual((await store.find([NAS])).get(NAS), host);
      const both = [store, other].map((each, index) => each.change(NAS, { ttl: ttl(index) }, host));
      const kinds = (await Promise.all(both)).map(({ kind }) => kind);
      assert.deepEqual(kinds.toSorted(), ['changed', 'overtaken']);
    });

    it('adds many at once, or none when one of them has an entry', async () => {
      const { store, other } = await open();
      const printer = hostNamed(PRINTER, { follows: ROUTER });
      assert.deepEqual(await store.addAll([]), []);
      assert.deepEqual(await store.addAll([FULL, printer]), []);
      for (const each of [store, other]) {
        assert.deepEqual(new Set(await allOf(each.list())), new Set([FULL, printer]));
        assert.equal((await each.followersOf([ROUTER])).length, 2);
      }
      const router = hostNamed(ROUTER, { ttl: ttl(30) });
      assert.deepEqual(await other.addAll([router, { ...printer, ttl: ttl(5) }]), [PRINTER]);
      assert.deepEqual((await store.find([PRINTER, ROUTER])).get(PRINTER), printer);
      assert.equal((await store.find([ROUTER])).size, 0);
    });

    it('adds a hundred at once', async () => {
      const { store, other } = await open();
      await store.change(NAS, { ttl: ttl(300) });
      const many = Array.from({ length: 100 }, (_, number) =>
        hostNamed(`h${number}.example.org`, { follows: NAS, expect: 60_000 }),
      );
      assert.deepEqual(await store.addAll(many), []);
      assert.deepEqual(
        new Set(await allOf(other.list())),
        new Set([hostNamed(NAS, { ttl: ttl(300) }), ...many]),
      );
    });

    it('finds all who follow, and no others, when that changes', async () => {
      const { store, other } = await open();
      for (const name of [NAS, PRINTER]) await store.change(name, { follows: ROUTER });
      await store.change(ROUTER, { ttl: ttl(30) });
      const followers = await other.followersOf([ROUTER]);
      assert.deepEqual(new Set(followers.map(({ name }) => name)), new Set([NAS, PRINTER]));
      await store.change(NAS, { follows: PRINTER });
      assert.deepEqual(
        (await other.followersOf([ROUTER])).map(({ name }) => name),
        [PRINTER],
      );
      assert.deepEqual(
        (await other.followersOf([PRINTER])).map(({ name }) => name),
        [NAS],
      );
      assert.equal(await store.clear(PRINTER), 'cleared');
      assert.deepEqual(await other.followersOf([ROUTER]), []);
    });

    it('forgets a host, and nothing of others', async () => {
      const { store, other } = await open();
      await store.change(NAS, { ttl: ttl(300) });
      await store.change(ROUTER, { ttl: ttl(30) });
      assert.equal(await store.clear(NAS), 'cleared');
      assert.equal((await other.find([NAS])).get(NAS), undefined);
      assert.equal((await other.find([ROUTER])).get(ROUTER)?.ttl, 30);
      assert.equal(await other.clear(NAS), 'unknown-host');
    });

    it('keeps a wildcard apart from the names that it matches', async () => {
      const { store } = await open();
      await store.change(domainName('*.lab.example.org'), { ttl: ttl(5) });
      assert.equal(
        (await store.find([domainName('*.lab.example.org')])).get(domainName('*.lab.example.org'))?.ttl,
        5,
      );
      assert.equal(
        (await store.find([domainName('x.lab.example.org')])).get(domainName('x.lab.example.org')),
        undefined,
      );
    });

    it('loses none of the settings that are changed at once', async () => {
      const { store, other } = await open();
      const { name, ...settings } = FULL;
      const changes = Object.entries(settings).map(([key, value]) => ({ [key]: value }));
      await Promise.all(
        changes.map((change, index) => (index % 2 === 0 ? store : other).change(name, change)),
      );
      assert.deepEqual((await store.find([NAS])).get(NAS), FULL);
    });
  });
}

const NAS = domainName('nas.example.org');
const PRINTER = domainName('printer.example.org');
const ROUTER = domainName('router.example.org');

const FULL: HostSettings = {
  name: NAS,
  ttl: ttl(300),
  offline: true,
  follows: ROUTER,
  interfaceId: valueIn(parseIpv6('::a:b:c:d')),
  prefixLength: 56,
};
