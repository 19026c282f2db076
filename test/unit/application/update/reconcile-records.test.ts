import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { WantedName, WantedRecordSet } from '../../../../src/application/update/plan-change.ts';
import {
  ReconcileRecords,
  type Reconciliation,
} from '../../../../src/application/update/reconcile-records.ts';
import { domainName } from '../../../../src/domain/domain-name.ts';
import { parseIpAddress } from '../../../../src/domain/ip-address.ts';
import { parseIpv6Prefix } from '../../../../src/domain/ipv6-prefix.ts';
import type { AddressType } from '../../../../src/domain/record-set.ts';
import { ttl } from '../../../../src/domain/ttl.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';
import { type AppliedChanges, MemoryDnsUpdater } from '../../../fakes/memory-dns-updater.ts';
import { fuzzRuns } from '../../../support/fuzz-runs.ts';
import { valueIn } from '../../../support/parsed.ts';

const DEADLINE = 10_000;

function setUp() {
  const dns = new MemoryDnsUpdater('example.org', 'example.net', 'sub.example.org');
  const clock = new ManualClock();
  const records = new ReconcileRecords(dns, clock);
  /** Reconciles, and tells the outcomes in short. */
  const reconcile = async (...wanted: readonly WantedName[]) =>
    (await records.execute(wanted, clock.monotonic() + DEADLINE)).map(inShort);
  return { dns, clock, records, reconcile };
}

const addresses = (texts: readonly string[]) => texts.map((text) => valueIn(parseIpAddress(text)));

const setTo = (type: AddressType, ...texts: readonly string[]): WantedRecordSet => ({
  type,
  ttl: ttl(60),
  addresses: addresses(texts),
});

const behind = (prefix: string): WantedRecordSet => ({
  type: 'AAAA',
  ttl: ttl(60),
  prefix: valueIn(parseIpv6Prefix(prefix)),
});

const want = (name: string, ...recordSets: readonly WantedRecordSet[]): WantedName => ({
  name: domainName(name),
  recordSets,
});

/** `changed A 192.0.2.1`, `failed DNS_TIMEOUT`, … */
function inShort(result: Reconciliation): string {
  if (result.kind === 'failed') return `failed ${result.fault.code}`;
  if (result.kind === 'no-host-part') return result.kind;
  const sets = result.recordSets.map(({ type, addresses }) =>
    [type, ...addresses.map(({ text }) => text)].join(' '),
  );
  return [result.kind, ...sets].join(' ');
}

/** What was sent, for each name: `A 192.0.2.1 → 192.0.2.2`. */
const sent = ({ changes }: AppliedChanges) =>
  Object.fromEntries(
    changes.map(({ name, recordSets }) => [
      name,
      recordSets.map(({ type, replaces, addresses }) => {
        const texts = (list: readonly { text: string }[] = []) => list.map(({ text }) => text).join(',');
        return `${type} ${texts(replaces)} → ${texts(addresses)}`;
      }),
    ]),
  );

describe('records that differ from what is wanted', () => {
  it('are created where there are none', async () => {
    const { dns, reconcile } = setUp();
    assert.deepEqual(await reconcile(want('home.example.org', setTo('A', '192.0.2.1'))), [
      'changed A 192.0.2.1',
    ]);
    assert.deepEqual(dns.addressesOf('home.example.org'), ['192.0.2.1']);
    assert.deepEqual(dns.applied.map(sent), [{ 'home.example.org': ['A  → 192.0.2.1'] }]);
  });

  it('are replaced whole, conditional on what was there', async () => {
    const { dns, reconcile } = setUp();
    dns.put('home.example.org', '192.0.2.1', '192.0.2.2');
    assert.deepEqual(await reconcile(want('home.example.org', setTo('A', '192.0.2.2'))), [
      'changed A 192.0.2.2',
    ]);
    assert.deepEqual(dns.addressesOf('home.example.org'), ['192.0.2.2']);
    assert.deepEqual(dns.applied.map(sent), [{ 'home.example.org': ['A 192.0.2.1,192.0.2.2 → 192.0.2.2'] }]);
  });

  it('of one family leave the other family alone', async () => {
    const { dns, reconcile } = setUp();
    dns.put('home.example.org', '192.0.2.1', '2001:db8::1');
    await reconcile(want('home.example.org', setTo('A', '192.0.2.2')));
    assert.deepEqual(dns.addressesOf('home.example.org'), ['192.0.2.2', '2001:db8::1']);
    assert.deepEqual(dns.applied.map(sent), [{ 'home.example.org': ['A 192.0.2.1 → 192.0.2.2'] }]);
  });

  it('of both families are changed at once', async () => {
    const { dns, reconcile } = setUp();
    dns.put('home.example.org', '192.0.2.1', '2001:db8::1');
    const wanted = want('home.example.org', setTo('A', '192.0.2.2'), setTo('AAAA', '2001:db8::2'));
    assert.deepEqual(await reconcile(wanted), ['changed A 192.0.2.2 AAAA 2001:db8::2']);
    assert.deepEqual(dns.addressesOf('home.example.org'), ['192.0.2.2', '2001:db8::2']);
    assert.equal(dns.applied.length, 1);
  });

  it('of one family are changed together with the confirmation that the other is as wanted', async () => {
    const { dns, reconcile } = setUp();
    dns.put('home.example.org', '192.0.2.1', '2001:db8::1');
    const wanted = want('home.example.org', setTo('A', '192.0.2.1'), setTo('AAAA', '2001:db8::2'));
    assert.deepEqual(await reconcile(wanted), ['changed A 192.0.2.1 AAAA 2001:db8::2']);
    assert.deepEqual(dns.applied.map(sent), [
      { 'home.example.org': ['A 192.0.2.1 → 192.0.2.1', 'AAAA 2001:db8::1 → 2001:db8::2'] },
    ]);
  });

  it('are removed, and removing those of the other family that are not there is not asked for', async () => {
    const { dns, reconcile } = setUp();
    dns.put('home.example.org', '2001:db8::1');
    const wanted = want('home.example.org', setTo('A'), setTo('AAAA'));
    assert.deepEqual(await reconcile(wanted), ['changed A AAAA']);
    assert.deepEqual(dns.addressesOf('home.example.org'), []);
    assert.deepEqual(dns.applied.map(sent), [{ 'home.example.org': ['AAAA 2001:db8::1 → '] }]);
  });
});

describe('what the primary told before', () => {
  const setBy = async (lastHeard: 'a change' | 'a look') => {
    const all = setUp();
    const { dns, reconcile } = all;
    if (lastHeard === 'a look') dns.put('home.example.org', '192.0.2.1');
    await reconcile(want('home.example.org', setTo('A', '192.0.2.1')));
    return { ...all, looks: () => dns.lookUps.get(domainName('home.example.org')) };
  };

  for (const lastHeard of ['a change', 'a look'] as const) {
    it(`(${lastHeard}) makes another look needless where something else is wanted`, async () => {
      const { dns, reconcile, looks } = await setBy(lastHeard);
      dns.applied.length = 0;
      assert.deepEqual(await reconcile(want('home.example.org', setTo('A', '192.0.2.2'))), [
        'changed A 192.0.2.2',
      ]);
      assert.equal(looks(), 1);
      assert.deepEqual(dns.applied.map(sent), [{ 'home.example.org': ['A 192.0.2.1 → 192.0.2.2'] }]);
      assert.deepEqual(dns.addressesOf('home.example.org'), ['192.0.2.2']);
    });
  }

  it('is never enough to say that nothing has to be changed', async () => {
    const { dns, reconcile, looks } = await setBy('a change');
    dns.put('home.example.org', '192.0.2.9');
    assert.deepEqual(await reconcile(want('home.example.org', setTo('A', '192.0.2.1'))), [
      'changed A 192.0.2.1',
    ]);
    assert.equal(looks(), 2);
    assert.deepEqual(dns.addressesOf('home.example.org'), ['192.0.2.1']);
  });

  it('is asked once more when somebody else has changed the name since', async () => {
    const { dns, reconcile, looks } = await setBy('a change');
    dns.put('home.example.org', '192.0.2.9', '192.0.2.10');
    assert.deepEqual(await reconcile(want('home.example.org', setTo('A', '192.0.2.2'))), [
      'changed A 192.0.2.2',
    ]);
    assert.equal(looks(), 2);
    assert.deepEqual(dns.addressesOf('home.example.org'), ['192.0.2.2']);
  });

  it('lends no host part that is not there any more', async () => {
    const { dns, reconcile } = setUp();
    dns.put('home.example.org', '2001:db8:1::7');
    await reconcile(want('home.example.org', behind('2001:db8:1::/48')));
    dns.put('home.example.org', '2001:db8:1::8');
    await reconcile(want('home.example.org', behind('2001:db8:2::/48')));
    assert.deepEqual(dns.addressesOf('home.example.org'), ['2001:db8:2::8']);
  });

  it('of one family says nothing of the other', async () => {
    const { dns, reconcile, looks } = await setBy('a change');
    dns.put('home.example.org', '192.0.2.1', '2001:db8::9');
    await reconcile(want('home.example.org', setTo('A', '192.0.2.2'), setTo('AAAA', '2001:db8::2')));
    assert.equal(looks(), 2);
    assert.deepEqual(dns.addressesOf('home.example.org'), ['192.0.2.2', '2001:db8::2']);
  });

  it('is not believed after a change that failed', async () => {
    const { dns, reconcile, looks } = await setBy('a change');
    dns.fail('apply', 'home.example.org', 'DNS_TIMEOUT');
    await reconcile(want('home.example.org', setTo('A', '192.0.2.2')));
    dns.recover();
    await reconcile(want('home.example.org', setTo('A', '192.0.2.3')));
    assert.equal(looks(), 2);
  });

  it('is not believed after an hour', async () => {
    const { clock, reconcile, looks } = await setBy('a change');
    await clock.advance(60 * 60_000 - 1);
    await reconcile(want('home.example.org', setTo('A', '192.0.2.2')));
    assert.equal(looks(), 1);
    await clock.advance(60 * 60_000);
    await reconcile(want('home.example.org', setTo('A', '192.0.2.3')));
    assert.equal(looks(), 2);
  });

  it('is not believed of any name for five seconds after it was wrong of one', async () => {
    const { dns, clock, reconcile, looks } = await setBy('a change');
    await reconcile(want('cam.example.org', setTo('A', '192.0.2.1')));
    dns.put('cam.example.org', '192.0.2.9');
    await reconcile(want('cam.example.org', setTo('A', '192.0.2.2')));

    await reconcile(want('home.example.org', setTo('A', '192.0.2.2')));
    assert.equal(looks(), 2);
    await clock.advance(5_000);
    await reconcile(want('home.example.org', setTo('A', '192.0.2.3')));
    assert.equal(looks(), 2);
  });
});

it('what one primary tells is learnt when it tells it, however long another takes for the same request', async () => {
  const { dns, reconcile } = setUp();
  const [home, cam] = ['home.example.org', 'cam.example.org'];
  for (const name of [home, cam]) await reconcile(want(name, setTo('A', '192.0.2.1')));
  dns.put(cam, '192.0.2.9');
  const slow = dns.pauseNext('apply');
  const both = reconcile(want('x.example.net', setTo('A', '192.0.2.2')), want(cam, setTo('A', '192.0.2.2')));
  await slow.reached;
  await new Promise((resolve) => setImmediate(resolve));

  // The memory of cam was wrong, so that of home is doubted.
  dns.lookUps.clear();
  await reconcile(want(home, setTo('A', '192.0.2.2')));
  assert.equal(dns.lookUps.size, 1);
  slow.resume();
  assert.deepEqual(await both, ['changed A 192.0.2.2', 'changed A 192.0.2.2']);
});

describe('much that is asked at once', () => {
  const NAMES = ['n1', 'n2', 'n3', 'n4', 'n5', 'n6'].map((label) => `${label}.example.org`);
  const held = setTo('A', '192.0.2.1');

  /** All names have their address, which is known; looks at four more are under way. */
  async function busy() {
    const all = setUp();
    const { dns, reconcile } = all;
    for (const name of NAMES) await reconcile(want(name, held));
    const looks = ['b1', 'b2', 'b3', 'b4'].map((label) => {
      const pause = dns.pauseNext('lookUp');
      void reconcile(want(`${label}.example.org`, held));
      return pause;
    });
    await Promise.all(looks.map(({ reached }) => reached));
    dns.applied.length = 0;
    dns.lookUps.clear();
    return { ...all, looks };
  }

  it('is asked by changes that change nothing', async () => {
    const { dns, reconcile } = await busy();
    assert.deepEqual(await Promise.all(NAMES.map((name) => reconcile(want(name, held)))), [
      ...NAMES.map(() => ['unchanged A 192.0.2.1']),
    ]);
    assert.equal(dns.lookUps.size, 0);
    assert.deepEqual(
      dns.applied.map(sent),
      NAMES.map((name) => ({ [name]: ['A 192.0.2.1 → 192.0.2.1'] })),
    );
  });

  it('is asked by a look each when the others have ended', async () => {
    const { dns, reconcile, looks } = await busy();
    looks[0]?.resume();
    await new Promise((resolve) => setImmediate(resolve));
    dns.applied.length = 0;
    dns.lookUps.clear();
    assert.deepEqual(await reconcile(want(NAMES[0] ?? '', held)), ['unchanged A 192.0.2.1']);
    assert.deepEqual(dns.applied, []);
    assert.equal(dns.lookUps.size, 1);
  });

  it('together with changes of other names in the same request, in a message of its own', async () => {
    const { dns, reconcile } = await busy();
    const [first = '', second = ''] = NAMES;
    assert.deepEqual(await reconcile(want(first, held), want(second, setTo('A', '192.0.2.2'))), [
      'unchanged A 192.0.2.1',
      'changed A 192.0.2.2',
    ]);
    assert.deepEqual(dns.applied.map(sent), [
      { [first]: ['A 192.0.2.1 → 192.0.2.1'] },
      { [second]: ['A 192.0.2.1 → 192.0.2.2'] },
    ]);
  });

  it('is looked at where the primary does not confirm it, and made as it is wanted', async () => {
    const { dns, reconcile } = await busy();
    const [name = ''] = NAMES;
    dns.put(name, '192.0.2.9');
    assert.deepEqual(await reconcile(want(name, held)), ['changed A 192.0.2.1']);
    assert.deepEqual(dns.addressesOf(name), ['192.0.2.1']);
    assert.deepEqual(dns.applied.map(sent), [
      { [name]: ['A 192.0.2.1 → 192.0.2.1'] },
      { [name]: ['A 192.0.2.9 → 192.0.2.1'] },
    ]);
  });

  for (const code of ['DNS_REFUSED', 'DNS_TIMEOUT', 'DNS_SERVER_FAILURE'] as const) {
    it(`is looked at where a primary answers such a change with ${code}, for a minute without asking so`, async () => {
      const { dns, clock, reconcile } = await busy();
      const [first = '', second = ''] = NAMES;
      dns.fail('apply', first, code);
      assert.deepEqual(await reconcile(want(first, held)), ['unchanged A 192.0.2.1']);
      await clock.advance(59_999);
      assert.deepEqual(await reconcile(want(second, held)), ['unchanged A 192.0.2.1']);
      assert.equal(dns.applied.length, 1);
      assert.equal(dns.lookUps.get(domainName(first)), 1);
      assert.equal(dns.lookUps.get(domainName(second)), 1);
      await clock.advance(1);
      await reconcile(want(second, held));
      assert.equal(dns.applied.length, 2);
    });
  }

  it('is given up while there is time for a look', async () => {
    const { dns, clock } = await busy();
    const deadlines: number[] = [];
    const records = new ReconcileRecords(
      {
        findZone: (name) => dns.findZone(name),
        lookUp: (name, types) => dns.lookUp(name, types),
        apply(zone, changes, deadline) {
          deadlines.push(deadline);
          return dns.apply(zone, changes);
        },
      },
      clock,
    );
    const askAll = () => Promise.all(NAMES.map((name) => records.execute([want(name, held)], DEADLINE)));
    await askAll();
    await askAll();
    assert.deepEqual(
      deadlines,
      NAMES.map(() => 1_500),
    );
  });

  it('counts all who come at the same moment, in one zone', async () => {
    const { dns, reconcile } = setUp();
    const others = ['n1.example.net', 'n2.example.net'];
    for (const name of [...NAMES, ...others]) await reconcile(want(name, held));
    dns.applied.length = 0;
    dns.lookUps.clear();
    await Promise.all([...NAMES.slice(0, 4), ...others].map((name) => reconcile(want(name, held))));
    assert.deepEqual(dns.applied, []);
    await Promise.all(NAMES.slice(0, 5).map((name) => reconcile(want(name, held))));
    assert.equal(dns.applied.length, 5);
  });

  it('is looked at where it is not known to be the name’s own', async () => {
    const { dns, reconcile } = await busy();
    dns.put('*.w.example.org', '192.0.2.1');
    const name = 'any.w.example.org';
    assert.deepEqual(await reconcile(want(name, held)), ['changed A 192.0.2.1']);
    dns.applied.length = 0;
    assert.deepEqual(await reconcile(want(name, held)), ['unchanged A 192.0.2.1']);
    assert.deepEqual(dns.applied.map(sent), [{ [name]: ['A 192.0.2.1 → 192.0.2.1'] }]);
  });

  it('is looked at where there shall be nothing: an alias may be there', async () => {
    const { dns, reconcile } = await busy();
    const [name = ''] = NAMES;
    await reconcile(want(name, setTo('A')));
    dns.applied.length = 0;
    dns.putAlias(name);
    assert.deepEqual(await reconcile(want(name, setTo('A'))), ['failed DNS_CNAME']);
    assert.deepEqual(dns.applied, []);
  });

  it('is looked at once an hour, however often it is confirmed: a delegation may have come to hide it', async () => {
    const { dns, clock, reconcile } = await busy();
    const [name = ''] = NAMES;
    for (let minutes = 0; minutes < 59; minutes += 30) {
      await reconcile(want(name, held));
      await clock.advance(30 * 60_000);
    }
    assert.equal(dns.lookUps.size, 0);
    assert.deepEqual(await reconcile(want(name, held)), ['unchanged A 192.0.2.1']);
    assert.equal(dns.lookUps.get(domainName(name)), 1);
  });
});

describe('records that are as wanted', () => {
  const unchanged: readonly [situation: string, there: string[], wanted: WantedRecordSet[]][] = [
    ['the same address', ['192.0.2.1'], [setTo('A', '192.0.2.1')]],
    [
      'the same addresses in another order',
      ['192.0.2.1', '192.0.2.2'],
      [setTo('A', '192.0.2.2', '192.0.2.1')],
    ],
    ['the same address written differently', ['2001:db8::1'], [setTo('AAAA', '2001:DB8:0::0:1')]],
    ['both families', ['192.0.2.1', '2001:db8::1'], [setTo('A', '192.0.2.1'), setTo('AAAA', '2001:db8::1')]],
    ['nothing to remove', [], [setTo('A'), setTo('AAAA')]],
    ['an address in the prefix already', ['2001:db8:1::7'], [behind('2001:db8:1::/48')]],
  ];
  for (const [situation, there, wanted] of unchanged) {
    it(`(${situation}) send nothing`, async () => {
      const { dns, reconcile } = setUp();
      dns.put('home.example.org', ...there);
      const [result] = await reconcile(want('home.example.org', ...wanted));
      assert.match(result ?? '', /^unchanged /);
      assert.deepEqual(dns.applied, []);
      assert.deepEqual(dns.addressesOf('home.example.org'), there);
    });
  }

  it('but for their TTL send nothing; the TTL comes with the next change', async () => {
    const { dns, reconcile } = setUp();
    dns.put('home.example.org', '192.0.2.1');
    const withTtl = (address: string): WantedRecordSet => ({
      type: 'A',
      ttl: ttl(300),
      addresses: addresses([address]),
    });
    assert.deepEqual(await reconcile(want('home.example.org', withTtl('192.0.2.1'))), [
      'unchanged A 192.0.2.1',
    ]);
    assert.deepEqual(dns.applied, []);
    assert.equal(dns.recordSetsOf('home.example.org')[0]?.ttl, 60);

    await reconcile(want('home.example.org', withTtl('192.0.2.2')));
    assert.equal(dns.recordSetsOf('home.example.org')[0]?.ttl, 300);
  });
});

describe('a prefix', () => {
  it('is put in front of the host parts that are there', async () => {
    const { dns, reconcile } = setUp();
    dns.put('home.example.org', '192.0.2.1', '2001:db8:1::a', '2001:db8:1::b');
    assert.deepEqual(await reconcile(want('home.example.org', behind('2001:db8:2:3::/64'))), [
      'changed AAAA 2001:db8:2:3::a 2001:db8:2:3::b',
    ]);
    assert.deepEqual(dns.addressesOf('home.example.org'), [
      '192.0.2.1',
      '2001:db8:2:3::a',
      '2001:db8:2:3::b',
    ]);
  });

  it('makes one address of two that differ in the network alone', async () => {
    const { dns, reconcile } = setUp();
    dns.put('home.example.org', '2001:db8:1::a', '2001:db8:2::a');
    assert.deepEqual(await reconcile(want('home.example.org', behind('2001:db8:3::/48'))), [
      'changed AAAA 2001:db8:3::a',
    ]);
    assert.deepEqual(dns.applied.map(sent), [
      { 'home.example.org': ['AAAA 2001:db8:1::a,2001:db8:2::a → 2001:db8:3::a'] },
    ]);
  });

  it('without a host part to stand in front of leaves everything as it is, the other family too', async () => {
    const { dns, reconcile } = setUp();
    dns.put('home.example.org', '192.0.2.1');
    const wanted = want('home.example.org', setTo('A', '192.0.2.2'), behind('2001:db8:2::/64'));
    assert.deepEqual(await reconcile(wanted), ['no-host-part']);
    assert.deepEqual(dns.applied, []);
    assert.deepEqual(dns.addressesOf('home.example.org'), ['192.0.2.1']);
  });
});

describe('many names', () => {
  it('of several zones travel in one call a zone, and are answered in their order', async () => {
    const { dns, reconcile } = setUp();
    dns.put('b.example.org', '192.0.2.1');
    const names = ['a.example.org', 'x.example.net', 'b.example.org', 'c.sub.example.org', 'd.example.org'];
    const results = await reconcile(...names.map((name) => want(name, setTo('A', '192.0.2.1'))));
    assert.deepEqual(
      results.map((result) => result.split(' ')[0]),
      ['changed', 'changed', 'unchanged', 'changed', 'changed'],
    );
    const calls = dns.applied.map(({ zone, changes }) => [zone, changes.map(({ name }) => name).sort()]);
    assert.deepEqual(calls.sort(), [
      ['example.net', ['x.example.net']],
      ['example.org', ['a.example.org', 'd.example.org']],
      ['sub.example.org', ['c.sub.example.org']],
    ]);
  });

  for (const operation of ['findZone', 'lookUp', 'apply'] as const) {
    it(`of which one fails at ${operation} are changed but for that one`, async () => {
      const { dns, reconcile } = setUp();
      dns.fail(operation, 'b.example.org', 'DNS_REFUSED');
      const names = ['a.example.org', 'b.example.org', 'c.example.org'];
      assert.deepEqual(await reconcile(...names.map((name) => want(name, setTo('A', '192.0.2.1')))), [
        'changed A 192.0.2.1',
        'failed DNS_REFUSED',
        'changed A 192.0.2.1',
      ]);
      assert.deepEqual(dns.addressesOf('b.example.org'), []);
      assert.equal(dns.applied.length, 1);
    });
  }

  it('of which one is an alias or in no zone are changed but for that one', async () => {
    const { dns, reconcile } = setUp();
    dns.putAlias('alias.example.org');
    const names = ['alias.example.org', 'home.example.com', 'home.example.org'];
    assert.deepEqual(await reconcile(...names.map((name) => want(name, setTo('A', '192.0.2.1')))), [
      'failed DNS_CNAME',
      'failed DNS_NO_ZONE',
      'changed A 192.0.2.1',
    ]);
  });

  it('that are none are answered at once', async () => {
    const { dns, reconcile } = setUp();
    assert.deepEqual(await reconcile(), []);
    assert.deepEqual(dns.applied, []);
  });
});

describe('two requests for one name', () => {
  it('take turns in the order of their acceptance: the later one stays', async () => {
    const { dns, reconcile } = setUp();
    const pause = dns.pauseNext('apply');
    const first = reconcile(want('home.example.org', setTo('A', '192.0.2.1')));
    await pause.reached;
    const second = reconcile(want('home.example.org', setTo('A', '192.0.2.2')));
    const third = reconcile(want('other.example.org', setTo('A', '192.0.2.3')));
    assert.deepEqual(await third, ['changed A 192.0.2.3'], 'other names do not wait');
    assert.equal(dns.lookUps.get(domainName('home.example.org')), 1, 'the second has not even looked');

    pause.resume();
    assert.deepEqual(await first, ['changed A 192.0.2.1']);
    assert.deepEqual(await second, ['changed A 192.0.2.2']);
    assert.deepEqual(dns.addressesOf('home.example.org'), ['192.0.2.2']);
  });

  it('do not find the name unchanged while another change of it is under way', async () => {
    const { dns, reconcile } = setUp();
    dns.put('home.example.org', '192.0.2.1');
    const pause = dns.pauseNext('apply');
    const away = reconcile(want('home.example.org', setTo('A', '192.0.2.2')));
    await pause.reached;
    const back = reconcile(want('home.example.org', setTo('A', '192.0.2.1')));
    pause.resume();
    assert.deepEqual(await Promise.all([away, back]), [['changed A 192.0.2.2'], ['changed A 192.0.2.1']]);
    assert.deepEqual(dns.addressesOf('home.example.org'), ['192.0.2.1']);
  });

  it('of different families both land', async () => {
    const { dns, reconcile } = setUp();
    await Promise.all([
      reconcile(want('home.example.org', setTo('A', '192.0.2.1'))),
      reconcile(want('home.example.org', setTo('AAAA', '2001:db8::1'))),
    ]);
    assert.deepEqual(dns.addressesOf('home.example.org'), ['192.0.2.1', '2001:db8::1']);
  });

  it('that share names with others in a circle all end', async () => {
    const { dns, reconcile } = setUp();
    const [a, b, c] = ['a.example.org', 'b.example.org', 'c.example.org'] as const;
    const both = (one: string, other: string, address: string) =>
      reconcile(want(one, setTo('A', address)), want(other, setTo('A', address)));
    await Promise.all([both(a, b, '192.0.2.1'), both(b, c, '192.0.2.2'), both(c, a, '192.0.2.3')]);
    assert.deepEqual(
      [a, b, c].map((name) => dns.addressesOf(name)),
      [['192.0.2.3'], ['192.0.2.2'], ['192.0.2.3']],
    );
  });

  describe('of which several wait long for their turns', () => {
    /** What becomes of requests for one name that come while an earlier one is under way. */
    async function outcomesOf(...wanted: readonly (readonly WantedRecordSet[])[]) {
      const { dns, clock, reconcile } = setUp();
      const pause = dns.pauseNext('apply');
      const first = reconcile(want('home.example.org', setTo('A', '192.0.2.1')));
      await pause.reached;
      const others = wanted.map((sets) => reconcile(want('home.example.org', ...sets)));
      await clock.advance(1_000);
      pause.resume();
      assert.deepEqual(await first, ['changed A 192.0.2.1']);
      const outcomes = (await Promise.all(others)).flat();
      return { outcomes, messages: dns.applied.length - 1, held: dns.addressesOf('home.example.org') };
    }

    it('are made by one message, of the last; the others hear that they were superseded', async () => {
      const many = Array.from({ length: 60 }, (_, index) => [setTo('A', `192.0.2.${index + 2}`)]);
      const { outcomes, messages, held } = await outcomesOf(...many);
      assert.deepEqual(outcomes, [...Array(59).fill('failed DNS_SUPERSEDED'), 'changed A 192.0.2.61']);
      assert.deepEqual([messages, held], [1, ['192.0.2.61']]);
    });

    it('all hear of success where they want the same', async () => {
      const same = [setTo('A', '192.0.2.2')];
      const { outcomes, messages } = await outcomesOf(same, [setTo('A', '192.0.2.3')], same);
      assert.deepEqual(outcomes, ['changed A 192.0.2.2', 'failed DNS_SUPERSEDED', 'unchanged A 192.0.2.2']);
      assert.equal(messages, 1);
    });

    it('are all made where they speak of different RRsets', async () => {
      const { outcomes, held } = await outcomesOf([setTo('A', '192.0.2.2')], [setTo('AAAA', '2001:db8::2')]);
      assert.deepEqual(outcomes, ['changed A 192.0.2.2', 'changed AAAA 2001:db8::2']);
      assert.deepEqual(held, ['192.0.2.2', '2001:db8::2']);
    });

    it('are made where the later one leaves an RRset as it is', async () => {
      const { outcomes, held } = await outcomesOf(
        [setTo('A', '192.0.2.2'), setTo('AAAA', '2001:db8::2')],
        [setTo('A', '192.0.2.3')],
      );
      assert.deepEqual(outcomes, ['changed A 192.0.2.2 AAAA 2001:db8::2', 'changed A 192.0.2.3']);
      assert.deepEqual(held, ['192.0.2.3', '2001:db8::2']);
    });
  });

  it('the first of which fails do not keep the second from its turn', async () => {
    const { dns, reconcile } = setUp();
    dns.fail('apply', 'home.example.org', 'DNS_SERVER_FAILURE');
    const pause = dns.pauseNext('apply');
    const first = reconcile(want('home.example.org', setTo('A', '192.0.2.1')));
    await pause.reached;
    const second = reconcile(want('home.example.org', setTo('A', '192.0.2.2')));
    pause.resume();
    assert.deepEqual(await first, ['failed DNS_SERVER_FAILURE']);
    dns.recover();
    assert.deepEqual(await second, ['changed A 192.0.2.2']);
  });

  it('leave the second without an outcome but a fault when its time was up before its turn came', async () => {
    const { dns, clock, records, reconcile } = setUp();
    const pause = dns.pauseNext('apply');
    const first = reconcile(want('home.example.org', setTo('A', '192.0.2.1')));
    await pause.reached;
    const second = records.execute([want('home.example.org', setTo('A', '192.0.2.2'))], DEADLINE);
    await clock.advance(DEADLINE);
    pause.resume();
    await first;
    const [result] = await second;
    assert.ok(result?.kind === 'failed');
    assert.equal(result.fault.code, 'DNS_TIMEOUT');
    assert.equal(result.fault.refused, false);
    assert.match(result.fault.message, /could not confirm home\.example\.org/);
    assert.deepEqual(dns.addressesOf('home.example.org'), ['192.0.2.1']);
    assert.equal(dns.applied.length, 1);
  });

  it('give the name back also when the updater itself breaks', async () => {
    const { dns, records, reconcile } = setUp();
    const broken = new Error('a bug');
    const apply = dns.apply;
    dns.apply = () => Promise.reject(broken);
    await assert.rejects(
      records.execute([want('home.example.org', setTo('A', '192.0.2.1'))], DEADLINE),
      broken,
    );
    dns.apply = apply;
    assert.deepEqual(await reconcile(want('home.example.org', setTo('A', '192.0.2.2'))), [
      'changed A 192.0.2.2',
    ]);
  });
});

describe('many requests at once', () => {
  const rrset = fc.record({
    name: fc.constantFrom('a.example.org', 'b.example.org', 'c.example.net'),
    type: fc.constantFrom<AddressType>('A', 'AAAA'),
  });
  const request = fc.uniqueArray(rrset, { minLength: 1, maxLength: 3, selector: ({ name }) => name });

  it('leave what the latest of each RRset asked for, in whatever order the primary answers', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(request, { maxLength: 6 }), fc.scheduler(), async (requests, answers) => {
        const { dns, clock } = setUp();
        const records = new ReconcileRecords(
          {
            findZone: answers.scheduleFunction((name) => dns.findZone(name)),
            lookUp: answers.scheduleFunction((name, types) => dns.lookUp(name, types)),
            apply: answers.scheduleFunction((zone, changes) => dns.apply(zone, changes)),
          },
          clock,
        );
        const last = new Map<string, string>();
        const running = requests.map((rrsets, index) => {
          const wanted = rrsets.map(({ name, type }) => {
            const address = type === 'A' ? `192.0.2.${index + 1}` : `2001:db8::${index + 1}`;
            last.set(`${name} ${type}`, address);
            return want(name, setTo(type, address));
          });
          return records.execute(wanted, DEADLINE);
        });
        const outcomes = (await answers.waitFor(Promise.all(running))).flat();

        assert.deepEqual(
          outcomes.map(({ kind }) => kind),
          outcomes.map(() => 'changed'),
        );
        for (const [rrset, address] of last) {
          const [name = '', type] = rrset.split(' ');
          const [held] = dns.recordSetsOf(name).filter((set) => set.type === type);
          assert.deepEqual(
            held?.addresses.map(({ text }) => text),
            [address],
            rrset,
          );
        }
      }),
      { numRuns: fuzzRuns(100) },
    );
  });
});

describe('a name that somebody else changes between the look and the change', () => {
  /** Wants `wanted` of home.example.org, and does `interfere` before each of the first changes arrives. */
  async function interfered(
    wanted: WantedRecordSet[],
    there: string[],
    interference: (string[] | undefined)[],
  ) {
    const { dns, reconcile } = setUp();
    dns.put('home.example.org', ...there);
    const pauses = interference.map(() => dns.pauseNext('apply'));
    const result = reconcile(want('home.example.org', ...wanted));
    for (const [index, texts] of interference.entries()) {
      await pauses[index]?.reached;
      if (texts !== undefined) dns.put('home.example.org', ...texts);
      pauses[index]?.resume();
    }
    return { dns, result: (await result)[0] };
  }

  it('is looked at anew, and then becomes as wanted', async () => {
    const { dns, result } = await interfered([setTo('A', '192.0.2.9')], ['192.0.2.1'], [['192.0.2.2']]);
    assert.equal(result, 'changed A 192.0.2.9');
    assert.deepEqual(dns.applied.map(sent), [
      { 'home.example.org': ['A 192.0.2.1 → 192.0.2.9'] },
      { 'home.example.org': ['A 192.0.2.2 → 192.0.2.9'] },
    ]);
  });

  it('in one family only becomes as wanted in both', async () => {
    const { dns, result } = await interfered(
      [setTo('A', '192.0.2.9'), setTo('AAAA', '2001:db8::9')],
      ['192.0.2.1', '2001:db8::1'],
      [['192.0.2.2', '2001:db8::1']],
    );
    assert.equal(result, 'changed A 192.0.2.9 AAAA 2001:db8::9');
    assert.deepEqual(dns.addressesOf('home.example.org'), ['192.0.2.9', '2001:db8::9']);
    assert.equal(dns.applied.length, 2);
  });

  it('to what is wanted counts as changed: an earlier message of ours may have done it', async () => {
    const { dns, result } = await interfered([setTo('A', '192.0.2.9')], ['192.0.2.1'], [['192.0.2.9']]);
    assert.equal(result, 'changed A 192.0.2.9');
    assert.equal(dns.applied.length, 1);
  });

  it('takes the new host part behind the prefix', async () => {
    const { dns, result } = await interfered(
      [behind('2001:db8:2::/64')],
      ['2001:db8:1::a'],
      [['2001:db8:1::b']],
    );
    assert.equal(result, 'changed AAAA 2001:db8:2::b');
    assert.deepEqual(dns.addressesOf('home.example.org'), ['2001:db8:2::b']);
  });

  it('again and again is left to the client to ask for once more', async () => {
    const { dns, result } = await interfered(
      [setTo('A', '192.0.2.9')],
      ['192.0.2.1'],
      [['192.0.2.2'], ['192.0.2.3'], ['192.0.2.4']],
    );
    assert.equal(result, 'failed DNS_CONFLICT');
    assert.deepEqual(dns.addressesOf('home.example.org'), ['192.0.2.4']);
    assert.equal(dns.applied.length, 3);
  });

  it('is not sent again when the time is up', async () => {
    const { dns, clock, reconcile } = setUp();
    const pause = dns.pauseNext('apply');
    const result = reconcile(want('home.example.org', setTo('A', '192.0.2.9')));
    await pause.reached;
    dns.put('home.example.org', '192.0.2.2');
    await clock.advance(DEADLINE);
    pause.resume();
    assert.deepEqual(await result, ['failed DNS_TIMEOUT']);
    assert.equal(dns.applied.length, 1);
  });

  it('does not keep the names beside it from their change', async () => {
    const { dns, reconcile } = setUp();
    const pause = dns.pauseNext('apply');
    const result = reconcile(
      want('home.example.org', setTo('A', '192.0.2.9')),
      want('other.example.org', setTo('A', '192.0.2.9')),
    );
    await pause.reached;
    dns.put('home.example.org', '192.0.2.2');
    pause.resume();
    assert.deepEqual(await result, ['changed A 192.0.2.9', 'changed A 192.0.2.9']);
    assert.deepEqual(
      dns.applied.map((call) => Object.keys(sent(call)).length),
      [2, 1],
    );
  });
});

describe('a name for which a wildcard answers', () => {
  const wanted = (...recordSets: WantedRecordSet[]) => want('x.w.example.org', ...recordSets);

  it('gets its own records', async () => {
    const { dns, reconcile } = setUp();
    dns.put('*.w.example.org', '192.0.2.1');
    assert.deepEqual(await reconcile(wanted(setTo('A', '192.0.2.2'))), ['changed A 192.0.2.2']);
    assert.deepEqual(dns.addressesOf('x.w.example.org'), ['192.0.2.2']);
    assert.deepEqual(dns.addressesOf('*.w.example.org'), ['192.0.2.1']);
  });

  it('gets its own records also when the wildcard says what is wanted, and keeps them when that changes', async () => {
    const { dns, reconcile } = setUp();
    dns.put('*.w.example.org', '192.0.2.1');
    assert.deepEqual(await reconcile(wanted(setTo('A', '192.0.2.1'))), ['changed A 192.0.2.1']);
    await reconcile(want('*.w.example.org', setTo('A', '192.0.2.77')));
    assert.deepEqual(dns.addressesOf('x.w.example.org'), ['192.0.2.1']);
  });

  it('and that has the same records of its own is as wanted; that is found out once', async () => {
    const { dns, reconcile } = setUp();
    dns.put('*.w.example.org', '192.0.2.1');
    dns.put('x.w.example.org', '192.0.2.1');
    for (let turn = 0; turn < 3; turn += 1) {
      assert.deepEqual(await reconcile(wanted(setTo('A', '192.0.2.1'))), ['unchanged A 192.0.2.1']);
    }
    assert.deepEqual(dns.applied.map(sent), [{ 'x.w.example.org': ['A  → 192.0.2.1'] }]);
  });

  it('and that holds others than the wildcard shows is as wanted without a message', async () => {
    const { dns, reconcile } = setUp();
    dns.put('*.w.example.org', '192.0.2.1');
    dns.put('x.w.example.org', '192.0.2.2');
    assert.deepEqual(await reconcile(wanted(setTo('A', '192.0.2.2'))), ['unchanged A 192.0.2.2']);
    assert.deepEqual(dns.applied, []);
  });

  it('has an outcome that is not known when the wildcard cannot be looked up', async () => {
    const { dns, reconcile } = setUp();
    dns.put('x.w.example.org', '192.0.2.2');
    dns.fail('lookUp', '*.w.example.org', 'DNS_TIMEOUT');
    assert.deepEqual(await reconcile(wanted(setTo('A', '192.0.2.2'))), ['failed DNS_TIMEOUT']);
    dns.fail('lookUp', '*.w.example.org', 'DNS_CNAME');
    assert.deepEqual(await reconcile(wanted(setTo('A', '192.0.2.2'))), ['unchanged A 192.0.2.2']);
  });

  for (const ofWildcard of [['192.0.2.1'], ['192.0.2.1', '2001:db8::1']]) {
    it(`gets both families when [${ofWildcard}] is as wanted in one: its own AAAA would hide the wildcard's A`, async () => {
      const { dns, reconcile } = setUp();
      dns.put('*.w.example.org', ...ofWildcard);
      assert.deepEqual(await reconcile(wanted(setTo('A', '192.0.2.1'), setTo('AAAA', '2001:db8::9'))), [
        'changed A 192.0.2.1 AAAA 2001:db8::9',
      ]);
      assert.deepEqual(dns.addressesOf('x.w.example.org'), ['192.0.2.1', '2001:db8::9']);
    });
  }

  it('has no host part of its own', async () => {
    const { dns, reconcile } = setUp();
    dns.put('*.w.example.org', '2001:db8:1::a');
    assert.deepEqual(await reconcile(wanted(behind('2001:db8:2::/64'))), ['no-host-part']);
    assert.deepEqual(dns.addressesOf('x.w.example.org'), []);
  });

  it('has nothing to remove, and the wildcard stays', async () => {
    const { dns, reconcile } = setUp();
    dns.put('*.w.example.org', '192.0.2.1');
    await reconcile(wanted(setTo('A'), setTo('AAAA')));
    assert.deepEqual(dns.addressesOf('*.w.example.org'), ['192.0.2.1']);
    assert.deepEqual(dns.addressesOf('x.w.example.org'), []);
  });

  it('gets its records also when the wildcard changes meanwhile', async () => {
    const { dns, reconcile } = setUp();
    dns.put('*.w.example.org', '192.0.2.1');
    const pause = dns.pauseNext('apply');
    const result = reconcile(wanted(setTo('A', '192.0.2.9')));
    await pause.reached;
    dns.put('*.w.example.org', '192.0.2.2');
    pause.resume();
    assert.deepEqual(await result, ['changed A 192.0.2.9']);
    assert.deepEqual(dns.addressesOf('x.w.example.org'), ['192.0.2.9']);
  });

  it('is another name than the wildcard, which has records of its own', async () => {
    const { dns, reconcile } = setUp();
    dns.put('*.w.example.org', '192.0.2.1');
    assert.deepEqual(await reconcile(want('*.w.example.org', setTo('A', '192.0.2.2'))), [
      'changed A 192.0.2.2',
    ]);
    assert.deepEqual(dns.addressesOf('*.w.example.org'), ['192.0.2.2']);
    assert.equal(dns.applied.length, 1);
  });
});
