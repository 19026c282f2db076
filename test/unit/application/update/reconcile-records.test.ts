import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { DnsUpdater } from '../../../../src/application/ports/dns-updater.ts';
import { NameTurns } from '../../../../src/application/turns/name-turns.ts';
import type { WantedName, WantedRecordSet } from '../../../../src/application/update/plan-change.ts';
import { ReconcileRecords } from '../../../../src/application/update/reconcile-records.ts';
import type { Reconciliation } from '../../../../src/application/update/reconciliation.ts';
import { RememberingDnsUpdater } from '../../../../src/application/update/remembering-dns-updater.ts';
import { domainName } from '../../../../src/domain/domain-name.ts';
import { parseIpAddress } from '../../../../src/domain/ip-address.ts';
import { parseIpv6Prefix } from '../../../../src/domain/ipv6-prefix.ts';
import type { AddressType } from '../../../../src/domain/record-set.ts';
import { ttl } from '../../../../src/domain/ttl.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';
import { type AppliedChanges, MemoryDnsUpdater } from '../../../fakes/memory-dns-updater.ts';
import { noEvents } from '../../../support/events.ts';
import { fuzzRuns } from '../../../support/fuzz-runs.ts';
import { valueIn } from '../../../support/parsed.ts';

const DEADLINE = 10_000;

const reconcileOn = (dns: DnsUpdater, clock: ManualClock) =>
  new ReconcileRecords(dns, clock, new NameTurns(), noEvents);

function setUp({ remembering = false } = {}) {
  const dns = new MemoryDnsUpdater('example.org', 'example.net', 'sub.example.org');
  const clock = new ManualClock();
  const records = reconcileOn(remembering ? new RememberingDnsUpdater(dns, clock) : dns, clock);
  /** Reconciles, and tells the outcomes in short. */
  const reconcile = async (...wanted: readonly WantedName[]) =>
    (await records.execute(wanted, clock.monotonic() + DEADLINE)).map(inShort);
  return { dns, clock, records, reconcile };
}

const addresses = (texts: readonly string[]) => texts.map((text) => valueIn(parseIpAddress(text)));

const setTo = (type: AddressType, ...texts: readonly string[]): WantedRecordSet => ({
  type,
  ttl: ttl(60),
  values: addresses(texts),
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
  const sets = result.recordSets.map(({ type, values }) =>
    [type, ...values.map(({ text }) => text)].join(' '),
  );
  return [result.kind, ...sets].join(' ');
}

/** What was sent, for each name: `A 192.0.2.1 → 192.0.2.2`, or `A 192.0.2.1` for a condition only. */
const sent = ({ changes }: AppliedChanges) =>
  Object.fromEntries(
    changes.map(({ name, condition, changes: ofName }) => [
      name,
      condition.map(({ type, values }) => {
        const change = ofName.find((one) => one.type === type);
        return `${type} ${textOf(values)}${change === undefined ? '' : ` → ${textOf(change.values)}`}`;
      }),
    ]),
  );

const textOf = (values: readonly { text: string }[]) => values.map(({ text }) => text).join(',') || 'none';

describe('records that differ from what is wanted', () => {
  it('are created where there are none', async () => {
    const { dns, reconcile } = setUp();
    assert.deepEqual(await reconcile(want('home.example.org', setTo('A', '192.0.2.1'))), [
      'changed A 192.0.2.1',
    ]);
    assert.deepEqual(dns.addressesOf('home.example.org'), ['192.0.2.1']);
    assert.deepEqual(dns.applied.map(sent), [{ 'home.example.org': ['A none → 192.0.2.1'] }]);
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

  it('of one family are changed on the condition that the other is as wanted', async () => {
    const { dns, reconcile } = setUp();
    dns.put('home.example.org', '192.0.2.1', '2001:db8::1');
    const wanted = want('home.example.org', setTo('A', '192.0.2.1'), setTo('AAAA', '2001:db8::2'));
    assert.deepEqual(await reconcile(wanted), ['changed A 192.0.2.1 AAAA 2001:db8::2']);
    assert.deepEqual(dns.applied.map(sent), [
      { 'home.example.org': ['A 192.0.2.1', 'AAAA 2001:db8::1 → 2001:db8::2'] },
    ]);
  });

  it('are removed, and removing those of the other family that are not there is not asked for', async () => {
    const { dns, reconcile } = setUp();
    dns.put('home.example.org', '2001:db8::1');
    const wanted = want('home.example.org', setTo('A'), setTo('AAAA'));
    assert.deepEqual(await reconcile(wanted), ['changed A AAAA']);
    assert.deepEqual(dns.addressesOf('home.example.org'), []);
    assert.deepEqual(dns.applied.map(sent), [{ 'home.example.org': ['A none', 'AAAA 2001:db8::1 → none'] }]);
  });
});

describe('what the primary told before, where it is remembered,', () => {
  const setBy = async (lastHeard: 'a change' | 'a look') => {
    const all = setUp({ remembering: true });
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
    const { dns, reconcile } = setUp({ remembering: true });
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

  it('is not believed an hour after the last look, however often changes were acknowledged since', async () => {
    const { clock, reconcile, looks } = await setBy('a change');
    await clock.advance(60 * 60_000 - 1);
    await reconcile(want('home.example.org', setTo('A', '192.0.2.2')));
    assert.equal(looks(), 1);
    await clock.advance(1);
    await reconcile(want('home.example.org', setTo('A', '192.0.2.3')));
    assert.equal(looks(), 2);
  });

  it('and was wrong of one name, is not believed of that name for an hour, and of every other name still', async () => {
    const { dns, clock, reconcile, looks } = await setBy('a change');
    const cam = (address: string) => reconcile(want('cam.example.org', setTo('A', address)));
    const looksAtCam = () => dns.lookUps.get(domainName('cam.example.org'));
    await cam('192.0.2.1');
    dns.put('cam.example.org', '192.0.2.9');
    await cam('192.0.2.2');
    assert.equal(looksAtCam(), 2);

    await cam('192.0.2.3');
    assert.equal(looksAtCam(), 3);
    await reconcile(want('home.example.org', setTo('A', '192.0.2.2')));
    assert.equal(looks(), 1);
    await clock.advance(60 * 60_000);
    await cam('192.0.2.4');
    await cam('192.0.2.5');
    assert.equal(looksAtCam(), 4);
  });

  it('and is what is wanted, is asked about by a condition alone', async () => {
    const { dns, reconcile, looks } = await setBy('a change');
    dns.applied.length = 0;
    assert.deepEqual(await reconcile(want('home.example.org', setTo('A', '192.0.2.1'))), [
      'unchanged A 192.0.2.1',
    ]);
    assert.equal(looks(), 1);
    assert.deepEqual(dns.applied.map(sent), [{ 'home.example.org': ['A 192.0.2.1'] }]);
  });

  for (const code of ['DNS_REFUSED', 'DNS_TIMEOUT', 'DNS_SERVER_FAILURE'] as const) {
    it(`and is what is wanted, is looked at where the primary answers a condition alone with ${code}`, async () => {
      const { dns, reconcile, looks } = await setBy('a change');
      dns.fail('apply', 'home.example.org', code);
      assert.deepEqual(await reconcile(want('home.example.org', setTo('A', '192.0.2.1'))), [
        'unchanged A 192.0.2.1',
      ]);
      assert.equal(looks(), 2);
    });
  }

  it('is asked about by a condition alone for half of the time at most, so that a look can follow', async () => {
    const { dns, clock } = setUp();
    const deadlines: number[] = [];
    const primary: DnsUpdater = {
      findZone: (name) => dns.findZone(name),
      lookUp: (question) => dns.lookUp(question),
      apply(zone, changes, deadline) {
        deadlines.push(deadline);
        return dns.apply(zone, changes);
      },
    };
    const records = reconcileOn(new RememberingDnsUpdater(primary, clock), clock);
    for (const address of ['192.0.2.1', '192.0.2.1', '192.0.2.2']) {
      await records.execute([want('home.example.org', setTo('A', address))], DEADLINE);
    }
    assert.deepEqual(deadlines, [DEADLINE, DEADLINE / 2, DEADLINE]);
  });

  it('and is nothing, where nothing is wanted, is looked at: an alias may be there', async () => {
    const { dns, reconcile } = setUp({ remembering: true });
    await reconcile(want('home.example.org', setTo('A')));
    dns.putAlias('home.example.org');
    assert.deepEqual(await reconcile(want('home.example.org', setTo('A'))), ['failed DNS_CNAME']);
    assert.deepEqual(dns.applied, []);
  });

  it('and is no AAAA, where a prefix is reported, is looked at: there may be one by now', async () => {
    const { dns, reconcile } = setUp({ remembering: true });
    await reconcile(want('home.example.org', setTo('AAAA')));
    dns.put('home.example.org', '2001:db8:1::7');
    assert.deepEqual(await reconcile(want('home.example.org', behind('2001:db8:2::/48'))), [
      'changed AAAA 2001:db8:2::7',
    ]);
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

  describe('but for their TTL', () => {
    const hourly = (address: string): WantedRecordSet => ({
      type: 'A',
      ttl: ttl(3_600),
      values: addresses([address]),
    });

    it('are given the TTL, and are unchanged for whoever asked', async () => {
      const { dns, reconcile } = setUp();
      dns.put('home.example.org', '192.0.2.1');
      assert.deepEqual(await reconcile(want('home.example.org', hourly('192.0.2.1'))), [
        'unchanged A 192.0.2.1',
      ]);
      assert.equal(dns.recordSetsOf('home.example.org')[0]?.ttl, 3_600);
    });

    it('are unchanged also where the primary does not take the TTL', async () => {
      const { dns, reconcile } = setUp();
      dns.put('home.example.org', '192.0.2.1');
      dns.fail('apply', 'home.example.org', 'DNS_REFUSED');
      assert.deepEqual(await reconcile(want('home.example.org', hourly('192.0.2.1'))), [
        'unchanged A 192.0.2.1',
      ]);
    });

    it('are asked about and left where the TTL is only remembered', async () => {
      const { dns, reconcile } = setUp({ remembering: true });
      await reconcile(want('home.example.org', setTo('A', '192.0.2.1')));
      await reconcile(want('home.example.org', hourly('192.0.2.1')));
      assert.deepEqual(dns.applied.map(sent).at(-1), { 'home.example.org': ['A 192.0.2.1'] });
    });
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
  it('of several zones are answered in their order', async () => {
    const { dns, reconcile } = setUp();
    dns.put('b.example.org', '192.0.2.1');
    const names = ['a.example.org', 'x.example.net', 'b.example.org', 'c.sub.example.org', 'd.example.org'];
    const results = await reconcile(...names.map((name) => want(name, setTo('A', '192.0.2.1'))));
    assert.deepEqual(
      results.map((result) => result.split(' ')[0]),
      ['changed', 'changed', 'unchanged', 'changed', 'changed'],
    );
    const zones = Object.fromEntries(dns.applied.map(({ zone, changes }) => [changes[0]?.name, zone]));
    assert.deepEqual(zones, {
      'a.example.org': 'example.org',
      'x.example.net': 'example.net',
      'c.sub.example.org': 'sub.example.org',
      'd.example.org': 'example.org',
    });
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
        const records = reconcileOn(
          {
            findZone: answers.scheduleFunction((name) => dns.findZone(name)),
            lookUp: answers.scheduleFunction((question) => dns.lookUp(question)),
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
            held?.values.map(({ text }) => text),
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

  it('several times is changed when the other one has lost a round', async () => {
    const others = Array.from({ length: 9 }, (_, round) => [`192.0.2.${round + 10}`]);
    const { dns, result } = await interfered([setTo('A', '192.0.2.9')], ['192.0.2.1'], others);
    assert.equal(result, 'changed A 192.0.2.9');
    assert.deepEqual(dns.addressesOf('home.example.org'), ['192.0.2.9']);
  });

  it('again and again is left to the client to ask for once more', async () => {
    const others = Array.from({ length: 10 }, (_, round) => [`192.0.2.${round + 10}`]);
    const { dns, result } = await interfered([setTo('A', '192.0.2.9')], ['192.0.2.1'], others);
    assert.equal(result, 'failed DNS_CONFLICT');
    assert.deepEqual(dns.addressesOf('home.example.org'), ['192.0.2.19']);
    assert.equal(dns.applied.length, 10);
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
    assert.equal(dns.applied.length, 3);
  });
});
