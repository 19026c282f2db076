import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { RemoteReconciler } from '../../../../src/adapters/cluster/remote-reconciler.ts';
import { DnsFault } from '../../../../src/application/ports/dns-fault.ts';
import type { WantedName, WantedRecordSet } from '../../../../src/application/update/plan-change.ts';
import type { Reconciliation } from '../../../../src/application/update/reconcile-records.ts';
import { domainName } from '../../../../src/domain/domain-name.ts';
import { parseIpAddress } from '../../../../src/domain/ip-address.ts';
import { parseIpv6Prefix } from '../../../../src/domain/ipv6-prefix.ts';
import type { AddressType } from '../../../../src/domain/record-set.ts';
import { ttl } from '../../../../src/domain/ttl.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';
import { fuzzRuns } from '../../../support/fuzz-runs.ts';
import { valueIn } from '../../../support/parsed.ts';
import { firstProcess } from './pair.ts';

const DEADLINE = 10_000;

const setTo = (type: AddressType, ...texts: readonly string[]): WantedRecordSet => ({
  type,
  ttl: ttl(60),
  addresses: texts.map((text) => valueIn(parseIpAddress(text))),
});

const behind = (prefix: string): WantedRecordSet => ({
  type: 'AAAA',
  ttl: ttl(300),
  prefix: valueIn(parseIpv6Prefix(prefix)),
});

const want = (name: string, ...recordSets: readonly WantedRecordSet[]): WantedName => ({
  name: domainName(name),
  recordSets,
});

const HOME = want('home.example.org', setTo('A', '192.0.2.1'));

const codes = (results: readonly Reconciliation[]) =>
  results.map((result) => (result.kind === 'failed' ? result.fault.code : result.kind));

/** One world with the records of `prepare`, reconciled here, and another such world reconciled from a worker. */
async function bothWays(
  prepare: (world: ReturnType<typeof firstProcess>) => void,
  wanted: readonly WantedName[],
  deadline = DEADLINE,
) {
  const here = firstProcess();
  const there = firstProcess();
  prepare(here);
  prepare(there);
  const { first } = await there.worker();
  const local = await here.reconcile.execute(wanted, deadline);
  const remote = await first.reconciler.execute(wanted, deadline);
  assert.deepEqual(remote, local);
  assert.deepEqual(there.dns.applied, here.dns.applied);
  return { remote, dns: there.dns };
}

describe('what a worker is told is what the first process found', () => {
  it('of names that change, do not change, and have no host part for a prefix', async () => {
    const { remote, dns } = await bothWays(
      ({ dns }) => {
        dns.put('cam.example.org', '192.0.2.7');
        dns.put('nas.example.org', '2001:db8::1:2:3:4');
      },
      [
        HOME,
        want('cam.example.org', setTo('A', '192.0.2.7')),
        want('nas.example.org', behind('2001:db8:5::/64')),
        want('tv.example.net', behind('2001:db8:5::/64')),
        want('off.example.net', setTo('A'), setTo('AAAA')),
      ],
    );
    assert.deepEqual(codes(remote), ['changed', 'unchanged', 'changed', 'no-host-part', 'unchanged']);
    assert.deepEqual(dns.addressesOf('nas.example.org'), ['2001:db8:5:0:1:2:3:4']);
  });

  it('of names that fail, each with its code, its words, and whether it was refused', async () => {
    const { remote } = await bothWays(
      ({ dns }) => {
        dns.fail('apply', 'home.example.org', 'DNS_REFUSED');
        dns.fail('lookUp', 'cam.example.org', 'DNS_TIMEOUT');
        dns.putAlias('www.example.org');
      },
      [
        HOME,
        want('cam.example.org', setTo('A', '192.0.2.7')),
        want('www.example.org', setTo('A', '192.0.2.7')),
        want('home.example.com', setTo('A', '192.0.2.7')),
        want('good.example.org', setTo('A', '192.0.2.7')),
      ],
    );
    assert.deepEqual(codes(remote), ['DNS_REFUSED', 'DNS_TIMEOUT', 'DNS_CNAME', 'DNS_NO_ZONE', 'changed']);
    const [refused, late] = remote;
    assert.ok(refused?.kind === 'failed' && refused.fault instanceof DnsFault && refused.fault.refused);
    assert.ok(late?.kind === 'failed' && !late.fault.refused);
  });

  it('of a deadline that has passed', async () => {
    const { remote } = await bothWays(() => {}, [HOME], 0);
    assert.deepEqual(codes(remote), ['DNS_TIMEOUT']);
  });

  it('of nothing at all', async () => {
    const { remote } = await bothWays(() => {}, []);
    assert.deepEqual(remote, []);
  });

  it('of anything', async () => {
    const octet = fc.integer({ min: 0, max: 3 });
    const ipv4 = octet.map((last) => `192.0.2.${last}`);
    const ipv6 = octet.map((last) => `2001:db8::${last + 1}`);
    const few = (text: fc.Arbitrary<string>) => fc.uniqueArray(text, { maxLength: 2 });
    const owner = fc.constantFrom('a.example.org', '*.a.example.org', 'b.example.net', 'c.example.com');
    const wanted = fc.uniqueArray(
      fc
        .tuple(
          owner,
          fc.option(few(ipv4).map((texts) => setTo('A', ...texts))),
          fc.option(
            fc.oneof(
              few(ipv6).map((texts) => setTo('AAAA', ...texts)),
              fc.constantFrom('2001:db8:1::/64', '::/0', '2001:db8:2:3::1/128').map(behind),
            ),
          ),
        )
        .map(([name, v4, v6]) => want(name, ...[v4, v6].filter((set) => set !== null))),
      { selector: ({ name }) => name },
    );
    const present = fc.array(fc.tuple(owner, few(fc.oneof(ipv4, ipv6))), { maxLength: 4 });
    const refused = fc.option(owner);
    await fc.assert(
      fc.asyncProperty(present, refused, wanted, async (records, name, names) => {
        await bothWays(({ dns }) => {
          for (const [owner, addresses] of records) dns.put(owner, ...addresses);
          if (name !== null) dns.fail('apply', name, 'DNS_SERVER_FAILURE');
        }, names);
      }),
      { numRuns: fuzzRuns(200) },
    );
  });
});

describe('workers that ask at the same time', () => {
  it('take turns at a name, whichever worker is asked', async () => {
    const { dns, worker } = firstProcess();
    const [one, other] = [await worker(), await worker()];
    const pause = dns.pauseNext('apply');
    const earlier = one.first.reconciler.execute([HOME], DEADLINE);
    await pause.reached;
    const later = other.first.reconciler.execute(
      [want('home.example.org', setTo('A', '192.0.2.2'))],
      DEADLINE,
    );
    const elsewhere = await other.first.reconciler.execute(
      [want('cam.example.org', setTo('A', '192.0.2.3'))],
      DEADLINE,
    );
    assert.deepEqual(codes(elsewhere), ['changed']);
    assert.deepEqual(dns.addressesOf('home.example.org'), []);

    pause.resume();
    assert.deepEqual(codes([...(await earlier), ...(await later)]), ['changed', 'changed']);
    assert.deepEqual(dns.addressesOf('home.example.org'), ['192.0.2.2']);
    // The second saw what the first had made.
    assert.deepEqual(
      dns.applied.at(-1)?.changes[0]?.recordSets[0]?.replaces?.map(({ text }) => text),
      ['192.0.2.1'],
    );
  });

  it('are given the time that is left, whatever their clocks say', async () => {
    const { clock, worker } = firstProcess();
    await clock.advance(3_600_000);
    const workerClock = new ManualClock();
    const { first } = await worker(workerClock);
    assert.deepEqual(codes(await first.reconciler.execute([HOME], DEADLINE)), ['changed']);
    assert.equal(workerClock.pending, 0);
  });

  it('finish the turn of one that died', async () => {
    const { dns, worker } = firstProcess();
    const { first, there } = await worker();
    const pause = dns.pauseNext('apply');
    const lost = first.reconciler.execute([HOME], DEADLINE);
    await pause.reached;
    there.close();
    pause.resume();

    const { first: next } = await worker();
    assert.deepEqual(codes(await next.reconciler.execute([HOME], DEADLINE)), ['unchanged']);
    first.reconciler.lost();
    assert.deepEqual(codes(await lost), ['DNS_STOPPED']);
  });
});

describe('a worker that gets no answer', () => {
  /** A worker alone with a silent first process. */
  function alone() {
    const clock = new ManualClock();
    const sent: object[] = [];
    const reconciler = new RemoteReconciler((message) => sent.push(message), clock);
    return { clock, sent, reconciler };
  }

  it('could not confirm anything when the first process is gone, also what is asked later', async () => {
    const { worker, dns } = firstProcess();
    const { first, here } = await worker();
    dns.pauseNext('apply');
    const cam = want('cam.example.org', setTo('A', '192.0.2.7'));
    const waiting = first.reconciler.execute([HOME, cam], DEADLINE);
    here.close();
    assert.deepEqual(codes(await waiting), ['DNS_STOPPED', 'DNS_STOPPED']);
    const [result] = await first.reconciler.execute([HOME], DEADLINE);
    assert.ok(result?.kind === 'failed');
    assert.match(result.fault.message, /^could not confirm home\.example\.org: /);
    assert.equal(result.fault.refused, false);
  });

  it('ends by itself soon after the deadline, and a late answer finds nobody', async () => {
    const { clock, reconciler } = alone();
    const waiting = reconciler.execute([HOME], DEADLINE);
    await clock.advance(DEADLINE);
    assert.equal(clock.pending, 1);
    await clock.advance(1_000);
    assert.deepEqual(codes(await waiting), ['DNS_TIMEOUT']);
    reconciler.answered(1, [{ kind: 'unchanged', recordSets: [] }]);
    reconciler.broken(1);
  });

  it('rejects where the first process met a mistake in the program', async () => {
    const { dns, logger, worker } = firstProcess();
    const { first } = await worker();
    dns.apply = async () => [];
    await assert.rejects(first.reconciler.execute([HOME], DEADLINE), /its log says why/);
    assert.equal(logger.at('error').length, 1);
    assert.match(logger.text, /gave fewer results/);
  });

  it('rejects an answer for another number of names', async () => {
    const { reconciler, clock } = alone();
    const waiting = reconciler.execute([HOME], DEADLINE);
    reconciler.answered(1, []);
    await assert.rejects(waiting, /other names/);
    assert.equal(clock.pending, 0);
  });

  it('puts answers together with their questions in any order', async () => {
    const { reconciler } = alone();
    const one = reconciler.execute([HOME], DEADLINE);
    const other = reconciler.execute([HOME], DEADLINE);
    reconciler.answered(2, [{ kind: 'no-host-part' }]);
    reconciler.answered(1, [{ kind: 'changed', recordSets: [] }]);
    assert.deepEqual(codes([...(await one), ...(await other)]), ['changed', 'no-host-part']);
  });
});
