import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { ChangeResult, DnsUpdater } from '../../src/application/ports/dns-updater.ts';
import { type DomainName, domainName } from '../../src/domain/domain-name.ts';
import { type IpAddress, parseIpAddress } from '../../src/domain/ip-address.ts';
import type { AddressType, NameChange, RecordSetChange, RecordType } from '../../src/domain/record-set.ts';
import { ttl } from '../../src/domain/ttl.ts';
import { addressTypeOf } from '../support/address-type.ts';
import { type Replacement, replacing } from '../support/changes.ts';
import { valueIn } from '../support/parsed.ts';
import { HANG } from '../support/until.ts';

/** An updater, and what is known of its primary by other ways. */
export type DnsUpdaterSubject = {
  readonly updater: DnsUpdater;
  /** Holds the alias `alias`, the delegation `deleg`, and `*.wild` with the address 192.0.2.99. */
  readonly zone: DomainName;
  /** A zone of its own further down. */
  readonly childZone: DomainName;
  /** The addresses that the name shows, sorted. */
  addressesOf(name: DomainName): Promise<readonly string[]>;
  isAlias(name: DomainName): Promise<boolean>;
  /** Somebody else gives a name these addresses, and no others. */
  put(name: DomainName, ...addresses: readonly string[]): Promise<void>;
};

const BOTH: readonly AddressType[] = ['A', 'AAAA'];
const deadline = () => performance.now() + HANG;

const parse = (texts: readonly string[]): IpAddress[] => texts.map((text) => valueIn(parseIpAddress(text)));

/** The RRset of the type shall be these addresses. */
const setTo = (type: AddressType, ...addresses: readonly string[]): Replacement => ({
  type,
  ttl: ttl(60),
  values: parse(addresses),
});

/** The RRset that is these addresses now. */
const from = (...replaced: readonly string[]) => ({
  to: (...addresses: readonly string[]): Replacement => {
    const [type = 'A'] = parse([...replaced, ...addresses]).map(({ family }) => addressTypeOf(family));
    return { ...setTo(type, ...addresses), replaces: parse(replaced) };
  },
});

const change = replacing;

const inShort = (results: readonly ChangeResult[]): readonly string[] =>
  results.map((result) => (result.ok ? 'ok' : result.fault.code));

/** What every DnsUpdater keeps to. `open` gives the subject of one test; names are used once only. */
export function dnsUpdaterContract(
  name: string,
  open: () => Promise<DnsUpdaterSubject> | DnsUpdaterSubject,
): void {
  /** Applies changes in the zone, and tells their results in short. */
  async function setUp() {
    const subject = await open();
    const { updater, zone } = subject;
    const at = (label: string) => domainName(`${label}.${zone}`);
    const apply = async (...changes: readonly NameChange[]) =>
      inShort(await updater.apply(zone, changes, deadline()));
    /** Where an alias leads. */
    const targetOf = async (owner: DomainName) => {
      const found = await updater.lookUp({ zone, name: owner, types: ['TXT'], fresh: true }, deadline());
      return found.ok ? undefined : found.fault.target;
    };
    /** The RRsets that there are, in short. */
    const lookUp = async (owner: DomainName, types: readonly RecordType[] = BOTH, inZone = zone) => {
      const question = { zone: inZone, name: owner, types, fresh: true };
      const found = await updater.lookUp(question, deadline());
      if (!found.ok) return found.fault.code;
      assert.equal(found.value.remembered, false);
      assert.deepEqual(
        found.value.recordSets.map(({ type }) => type),
        types,
      );
      return found.value.recordSets
        .filter(({ values }) => values.length > 0)
        .map((set) => [set.type, set.ttl, ...set.values.map(({ text }) => text).sort()]);
    };
    return { ...subject, at, apply, lookUp, targetOf };
  }

  describe(`${name} as a DNS updater`, () => {
    describe('finds', () => {
      it('the zone of a name: the closest that holds it, also the zone itself', async () => {
        const { updater, zone, childZone } = await setUp();
        const rows: readonly [string, DomainName][] = [
          [`host.${zone}`, zone],
          [`a.b.c.${zone}`, zone],
          [zone, zone],
          [`host.${childZone}`, childZone],
          [childZone, childZone],
        ];
        for (const [text, holder] of rows) {
          assert.deepEqual(
            await updater.findZone(domainName(text), deadline()),
            { ok: true, value: holder },
            text,
          );
        }
      });

      it('no zone of a name that no primary holds, and says so for good', async () => {
        const { updater } = await setUp();
        const found = await updater.findZone(domainName('host.elsewhere.test'), deadline());
        assert.ok(!found.ok);
        assert.equal(found.fault.code, 'DNS_NO_ZONE');
        assert.equal(found.fault.refused, true);
      });
    });

    describe('looks up', () => {
      it('nothing where there is nothing', async () => {
        const { at, lookUp } = await setUp();
        assert.deepEqual(await lookUp(at('nothing')), []);
      });

      it('what somebody else has put there, of the types that are asked for', async () => {
        const { at, lookUp, put } = await setUp();
        await put(at('given'), '192.0.2.1', '192.0.2.2', '2001:db8::1');
        assert.deepEqual(await lookUp(at('given')), [
          ['A', 60, '192.0.2.1', '192.0.2.2'],
          ['AAAA', 60, '2001:db8::1'],
        ]);
        assert.deepEqual(await lookUp(at('given'), ['AAAA']), [['AAAA', 60, '2001:db8::1']]);
        assert.deepEqual(await lookUp(at('given'), []), []);
        await put(at('given'), '192.0.2.3');
        assert.deepEqual(await lookUp(at('given')), [['A', 60, '192.0.2.3']]);
      });

      it('nothing at a name for which only a wildcard answers', async () => {
        const { at, lookUp } = await setUp();
        assert.deepEqual(await lookUp(at('any.wild'), ['A']), []);
      });

      it('what the name holds itself, also where a wildcard shows the same', async () => {
        const { at, lookUp, put } = await setUp();
        await put(at('same.wild'), '192.0.2.99');
        await put(at('other.wild2'), '192.0.2.1');
        assert.deepEqual(await lookUp(at('same.wild')), [['A', 60, '192.0.2.99']]);
        assert.deepEqual(await lookUp(at('other.wild2')), [['A', 60, '192.0.2.1']]);
        assert.deepEqual(await lookUp(at('*.wild'), ['A']).then((sets) => sets.length), 1);
      });

      it('a fault at an alias, below a delegation, and where there is no zone', async () => {
        const { at, lookUp, targetOf } = await setUp();
        assert.equal(await lookUp(at('alias')), 'DNS_CNAME');
        assert.equal(await targetOf(at('alias')), at('www'));
        assert.equal(await lookUp(at('deleg')), 'DNS_DELEGATED');
        assert.equal(await lookUp(at('host.deleg')), 'DNS_DELEGATED');
        const elsewhere = domainName('elsewhere.test');
        assert.equal(await lookUp(domainName('host.elsewhere.test'), BOTH, elsewhere), 'DNS_NO_ZONE');
      });
    });

    describe('changes', () => {
      it('a name that did not exist, both families at once', async () => {
        const { at, apply, lookUp, addressesOf } = await setUp();
        const sets = [setTo('A', '192.0.2.1', '192.0.2.2'), setTo('AAAA', '2001:db8::1')];
        assert.deepEqual(await apply(change(at('new'), ...sets)), ['ok']);
        assert.deepEqual(await addressesOf(at('new')), ['192.0.2.1', '192.0.2.2', '2001:db8::1']);
        assert.deepEqual(await lookUp(at('new')), [
          ['A', 60, '192.0.2.1', '192.0.2.2'],
          ['AAAA', 60, '2001:db8::1'],
        ]);
      });

      it('the RRset as a whole, with its TTL', async () => {
        const { at, apply, lookUp, put } = await setUp();
        await put(at('whole'), '192.0.2.1', '192.0.2.2', '192.0.2.3');
        const wanted = { ...setTo('A', '192.0.2.2', '192.0.2.4'), ttl: ttl(1_800) };
        assert.deepEqual(await apply(change(at('whole'), wanted)), ['ok']);
        assert.deepEqual(await lookUp(at('whole')), [['A', 1_800, '192.0.2.2', '192.0.2.4']]);
      });

      it('no other family than the one given', async () => {
        const { at, apply, addressesOf, put } = await setUp();
        await put(at('family'), '192.0.2.1', '2001:db8::1');
        assert.deepEqual(await apply(change(at('family'), setTo('A', '192.0.2.2'))), ['ok']);
        assert.deepEqual(await addressesOf(at('family')), ['192.0.2.2', '2001:db8::1']);
        assert.deepEqual(await apply(change(at('family'), setTo('AAAA', '2001:db8::2'))), ['ok']);
        assert.deepEqual(await addressesOf(at('family')), ['192.0.2.2', '2001:db8::2']);
        assert.deepEqual(await apply(change(at('family'), setTo('A'))), ['ok']);
        assert.deepEqual(await addressesOf(at('family')), ['2001:db8::2']);
      });

      it('the same again, and removes what is not there: all is well', async () => {
        const { at, apply, addressesOf } = await setUp();
        const sets = [setTo('A', '192.0.2.1'), setTo('AAAA')];
        assert.deepEqual(await apply(change(at('again'), ...sets)), ['ok']);
        assert.deepEqual(await apply(change(at('again'), ...sets)), ['ok']);
        assert.deepEqual(await addressesOf(at('again')), ['192.0.2.1']);
      });

      it('a wildcard itself, and a name below one', async () => {
        const { at, apply, addressesOf } = await setUp();
        const changes = [
          change(at('*.lab'), setTo('A', '192.0.2.1')),
          change(at('one.wild'), from().to('192.0.2.2')),
        ];
        assert.deepEqual(await apply(...changes), ['ok', 'ok']);
        assert.deepEqual(await addressesOf(at('any.lab')), ['192.0.2.1']);
        assert.deepEqual(await addressesOf(at('one.wild')), ['192.0.2.2']);
        assert.deepEqual(await addressesOf(at('other.wild')), ['192.0.2.99']);
      });

      it('300 names in one call', async () => {
        const { at, apply, addressesOf } = await setUp();
        const names = Array.from({ length: 300 }, (_, index) => at(`many${index}`));
        const results = await apply(
          ...names.map((owner, index) => change(owner, from().to(`198.51.100.${index % 250}`))),
        );
        assert.deepEqual(
          results,
          names.map(() => 'ok'),
        );
        for (const index of [0, 1, 149, 298, 299]) {
          assert.deepEqual(await addressesOf(at(`many${index}`)), [`198.51.100.${index % 250}`]);
        }
      });

      it('nothing when there is nothing to change', async () => {
        const { apply } = await setUp();
        assert.deepEqual(await apply(), []);
      });

      it('many names in as many calls at once, each of them as asked', async () => {
        const { at, apply, addressesOf } = await setUp();
        const numbers = Array.from({ length: 40 }, (_, index) => index);
        const results = await Promise.all(
          numbers.map((number) => apply(change(at(`at-once${number}`), setTo('A', `203.0.113.${number}`)))),
        );
        assert.deepEqual(
          results,
          numbers.map(() => ['ok']),
        );
        assert.deepEqual(await addressesOf(at('at-once39')), ['203.0.113.39']);
      });

      it('a name without a moment in which it has no address', async () => {
        const { at, apply, lookUp } = await setUp();
        const owner = at('atomic');
        await apply(change(owner, setTo('A', '192.0.2.0')));
        let changing = true;
        const watch = async () => {
          const seen = new Set<number>();
          while (changing) {
            seen.add((await lookUp(owner, ['A'])).length);
            // An updater in memory answers without ever letting anything else happen.
            await setImmediate();
          }
          return [...seen];
        };
        const watched = Promise.all([watch(), watch()]);
        for (let number = 1; number <= 40; number += 1) {
          assert.deepEqual(await apply(change(owner, setTo('A', `192.0.2.${number}`))), ['ok']);
        }
        changing = false;
        assert.deepEqual(await watched, [[1], [1]]);
      });
    });

    describe('asked by a condition alone', () => {
      it('says whether the name holds these RRsets, and leaves them as they are, their TTL too', async () => {
        const { at, apply, lookUp, put } = await setUp();
        await put(at('confirmed'), '192.0.2.1', '192.0.2.2', '2001:db8::1');
        const a = from('192.0.2.2', '192.0.2.1').to('192.0.2.1', '192.0.2.2');
        const aaaa = from('2001:db8::1').to('2001:db8::1');
        const longer = { ...a, ttl: ttl(1_800) };
        assert.deepEqual(await apply(change(at('confirmed'), longer, aaaa)), ['ok']);
        assert.deepEqual(await apply(change(at('confirmed'), from('192.0.2.1').to('192.0.2.1'))), [
          'DNS_CONFLICT',
        ]);
        assert.deepEqual(await lookUp(at('confirmed')), [
          ['A', 60, '192.0.2.1', '192.0.2.2'],
          ['AAAA', 60, '2001:db8::1'],
        ]);
      });

      it('says the truth of each of many names, at an alias and below a wildcard too', async () => {
        const { at, apply, put } = await setUp();
        await put(at('vouched1'), '192.0.2.1');
        await put(at('vouched2'), '192.0.2.9');
        await put(at('vouched3'), '192.0.2.1');
        const held = from('192.0.2.1').to('192.0.2.1');
        const names = ['vouched1', 'vouched2', 'alias', 'missing', 'vouched3'];
        assert.deepEqual(await apply(...names.map((label) => change(at(label), held))), [
          ...['ok', 'DNS_CONFLICT', 'DNS_CNAME', 'DNS_CONFLICT', 'ok'],
        ]);
        const shown = from('192.0.2.99').to('192.0.2.99');
        assert.deepEqual(await apply(change(at('vouched.wild'), shown)), ['DNS_CONFLICT']);
      });
    });

    describe('changes single values', () => {
      const txt = (kind: RecordSetChange['kind'], ...texts: readonly string[]): RecordSetChange => {
        const values = texts.map((text) => ({ family: 'text', text }) as const);
        return { kind, type: 'TXT', ttl: ttl(60), values };
      };
      const changing = (owner: DomainName, ...changes: readonly RecordSetChange[]): NameChange => ({
        name: owner,
        condition: [],
        changes,
      });
      const textsAt = async ({ lookUp }: Awaited<ReturnType<typeof setUp>>, owner: DomainName) => {
        const [recordSet = []] = await lookUp(owner, ['TXT']);
        return recordSet.slice(2);
      };

      it('which come and go, while the others stay', async () => {
        const subject = await setUp();
        const { at, apply } = subject;
        const owner = at('_acme-challenge.single');
        assert.deepEqual(await apply(changing(owner, txt('add', 'one'))), ['ok']);
        assert.deepEqual(await apply(changing(owner, txt('add', 'two', 'three'))), ['ok']);
        assert.deepEqual(await textsAt(subject, owner), ['one', 'three', 'two']);
        assert.deepEqual(await apply(changing(owner, txt('remove', 'one', 'three'))), ['ok']);
        assert.deepEqual(await textsAt(subject, owner), ['two']);
        assert.deepEqual(await apply(changing(owner, txt('remove', 'two', 'never there'))), ['ok']);
        assert.deepEqual(await textsAt(subject, owner), []);
      });

      it('of one name for many at once', async () => {
        const subject = await setUp();
        const { at, apply } = subject;
        const owner = at('_acme-challenge.many');
        const texts = Array.from({ length: 12 }, (_, index) => `value ${index + 10}`);
        const results = await Promise.all(texts.map((text) => apply(changing(owner, txt('add', text)))));
        assert.deepEqual(new Set(results.flat()), new Set(['ok']));
        assert.deepEqual(await textsAt(subject, owner), texts);
      });

      it('of TXT, and leaves the addresses of the name', async () => {
        const subject = await setUp();
        const { at, apply, addressesOf, put } = subject;
        await put(at('mixed'), '192.0.2.1', '2001:db8::1');
        assert.deepEqual(await apply(changing(at('mixed'), txt('add', 'text'))), ['ok']);
        assert.deepEqual(await apply(change(at('mixed'), from('192.0.2.1').to('192.0.2.2'))), ['ok']);
        assert.deepEqual(await textsAt(subject, at('mixed')), ['text']);
        assert.deepEqual(await apply(changing(at('mixed'), txt('replace'))), ['ok']);
        assert.deepEqual(await textsAt(subject, at('mixed')), []);
        assert.deepEqual(await addressesOf(at('mixed')), ['192.0.2.2', '2001:db8::1']);
      });

      it('only where the name is no alias', async () => {
        const { at, apply, isAlias } = await setUp();
        assert.deepEqual(await apply(changing(at('alias'), txt('add', 'text'))), ['DNS_CNAME']);
        assert.equal(await isAlias(at('alias')), true);
      });
    });

    describe('changes on the condition', () => {
      it('that the RRset is what it replaces, in any order', async () => {
        const { at, apply, addressesOf, put } = await setUp();
        await put(at('held'), '192.0.2.1', '192.0.2.2');
        assert.deepEqual(await apply(change(at('held'), from('192.0.2.2', '192.0.2.1').to('192.0.2.3'))), [
          'ok',
        ]);
        assert.deepEqual(await addressesOf(at('held')), ['192.0.2.3']);
      });

      for (const [what, replaced] of [
        ['another address', ['192.0.2.9']],
        ['one address less', ['192.0.2.1']],
        ['one address more', ['192.0.2.1', '192.0.2.2', '192.0.2.3']],
        ['no RRset at all', []],
      ] as const) {
        it(`that there is ${what}, which there is not, and leaves everything as it was`, async () => {
          const { at, apply, addressesOf, put } = await setUp();
          const owner = at(`not-held-${replaced.length}-${replaced[0]?.slice(-1) ?? 'none'}`);
          await put(owner, '192.0.2.1', '192.0.2.2', '2001:db8::1');
          assert.deepEqual(await apply(change(owner, from(...replaced).to('192.0.2.7'))), ['DNS_CONFLICT']);
          assert.deepEqual(await addressesOf(owner), ['192.0.2.1', '192.0.2.2', '2001:db8::1']);
        });
      }

      it('that there is an RRset, where there is none', async () => {
        const { at, apply, addressesOf } = await setUp();
        const changes = [change(at('absent'), from('192.0.2.1').to('192.0.2.2'))];
        assert.deepEqual(await apply(...changes), ['DNS_CONFLICT']);
        assert.deepEqual(await addressesOf(at('absent')), []);
      });

      it('that there is what a wildcard shows, which is not there', async () => {
        const { at, apply, addressesOf } = await setUp();
        const owner = at('shown.wild');
        assert.deepEqual(await apply(change(owner, from('192.0.2.99').to('192.0.2.2'))), ['DNS_CONFLICT']);
        assert.deepEqual(await addressesOf(owner), ['192.0.2.99']);
      });

      it('for one family, which does not hold, and leaves the other family too', async () => {
        const { at, apply, addressesOf, put } = await setUp();
        await put(at('half'), '192.0.2.1', '2001:db8::1');
        const sets = [from('192.0.2.1').to('192.0.2.2'), from('2001:db8::9').to('2001:db8::2')];
        assert.deepEqual(await apply(change(at('half'), ...sets)), ['DNS_CONFLICT']);
        assert.deepEqual(await addressesOf(at('half')), ['192.0.2.1', '2001:db8::1']);
      });

      it('that held when it was first sent: a copy that comes late does nothing', async () => {
        const { at, apply, addressesOf } = await setUp();
        const owner = at('late');
        const first = change(owner, from().to('192.0.2.1'));
        const second = change(owner, from('192.0.2.1').to('192.0.2.2'));
        assert.deepEqual(await apply(first), ['ok']);
        assert.deepEqual(await apply(second), ['ok']);
        for (const copy of [first, second, first, second])
          assert.deepEqual(await apply(copy), ['DNS_CONFLICT']);
        assert.deepEqual(await addressesOf(owner), ['192.0.2.2']);
      });

      it('for the one of two at once that comes first, and not for the other', async () => {
        const { at, apply, addressesOf, put } = await setUp();
        const owner = at('race');
        await put(owner, '192.0.2.1');
        const wanted = ['192.0.2.2', '192.0.2.3'];
        const results = await Promise.all(
          wanted.map((text) => apply(change(owner, from('192.0.2.1').to(text)))),
        );
        assert.deepEqual(results.flat().sort(), ['DNS_CONFLICT', 'ok']);
        assert.deepEqual(await addressesOf(owner), [
          wanted[results.findIndex(([result]) => result === 'ok')],
        ]);
      });
    });

    describe('does not change', () => {
      it('an alias into an address', async () => {
        const { at, apply, isAlias } = await setUp();
        const owner = at('alias');
        assert.deepEqual(await apply(change(owner, setTo('A', '192.0.2.1'))), ['DNS_CNAME']);
        assert.deepEqual(await apply(change(owner, from().to('192.0.2.1'))), ['DNS_CNAME']);
        assert.deepEqual(await apply(change(owner, setTo('A'))), ['ok']);
        assert.equal(await isAlias(owner), true);
      });

      it('the bad ones of a batch, whose others are made', async () => {
        const { at, apply, addressesOf, isAlias, put } = await setUp();
        await put(at('taken'), '192.0.2.9');
        const to = (label: string) => change(at(label), from().to('192.0.2.1'));
        const stranger = change(domainName('host.elsewhere.test'), setTo('A', '192.0.2.1'));
        const results = await apply(
          to('good1'),
          to('alias'),
          to('good2'),
          stranger,
          to('taken'),
          to('good3'),
        );
        assert.deepEqual(results, ['ok', 'DNS_CNAME', 'ok', 'DNS_NOT_ZONE', 'DNS_CONFLICT', 'ok']);
        for (const label of ['good1', 'good2', 'good3']) {
          assert.deepEqual(await addressesOf(at(label)), ['192.0.2.1']);
        }
        assert.deepEqual(await addressesOf(at('taken')), ['192.0.2.9']);
        assert.equal(await isAlias(at('alias')), true);
      });

      it('anything in a zone that no primary serves, and says so for good', async () => {
        const { updater } = await setUp();
        const zone = domainName('elsewhere.test');
        const changes = ['a', 'b'].map((label) =>
          change(domainName(`${label}.${zone}`), setTo('A', '192.0.2.1')),
        );
        const results = await updater.apply(zone, changes, deadline());
        assert.deepEqual(inShort(results), ['DNS_NO_ZONE', 'DNS_NO_ZONE']);
        assert.ok(results.every((result) => !result.ok && result.fault.refused));
      });
    });
  });
}
