import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { DnsFault, type DnsFaultCode } from '../../../../src/application/ports/dns-fault.ts';
import type { ChangeResult, DnsUpdater } from '../../../../src/application/ports/dns-updater.ts';
import { BatchingDnsUpdater } from '../../../../src/application/update/batching-dns-updater.ts';
import { domainName } from '../../../../src/domain/domain-name.ts';
import { parseIpv4 } from '../../../../src/domain/ip-address.ts';
import type { NameChange } from '../../../../src/domain/record-set.ts';
import { ttl } from '../../../../src/domain/ttl.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';
import { MemoryDnsUpdater } from '../../../fakes/memory-dns-updater.ts';
import { replacing } from '../../../support/changes.ts';
import { valueIn } from '../../../support/parsed.ts';

const ZONE = domainName('example.org');
const DEADLINE = 10_000;

function change(label: string, address = '192.0.2.1'): NameChange {
  const addresses = [valueIn(parseIpv4(address))];
  return replacing(domainName(`${label}.example.org`), { type: 'A', ttl: ttl(60), values: addresses });
}

function setUp() {
  const primary = new MemoryDnsUpdater('example.org', 'example.net');
  const clock = new ManualClock();
  return { primary, clock, batching: new BatchingDnsUpdater(primary, clock) };
}

/** The labels of each message that was sent. */
const messages = (primary: MemoryDnsUpdater) =>
  primary.applied.map(({ changes }) => changes.map(({ name }) => name.split('.')[0]));

/** What was asked for is sent: no timer and no other event comes before. */
const sent = () => Promise.resolve();

const codes = (results: readonly ChangeResult[]) =>
  results.map((result) => (result.ok ? 'ok' : result.fault.code));

describe('BatchingDnsUpdater', () => {
  /** Each in a message of its own, which is under way. */
  async function occupy(batching: BatchingDnsUpdater, ...labels: readonly string[]) {
    const results: Promise<readonly ChangeResult[]>[] = [];
    for (const label of labels) {
      results.push(batching.apply(ZONE, [change(label)], DEADLINE));
      await sent();
    }
    return results;
  }

  test('an idle zone sends in the same tick', async () => {
    const { primary, batching } = setUp();
    void batching.apply(ZONE, [change('a')], DEADLINE);
    await sent();
    assert.deepEqual(messages(primary), [['a']]);
  });

  test('what comes at the same moment goes together', async () => {
    const { primary, batching } = setUp();
    await Promise.all(['a', 'b', 'c'].map((label) => batching.apply(ZONE, [change(label)], DEADLINE)));
    assert.deepEqual(messages(primary), [['a', 'b', 'c']]);
  });

  test('of many that come at the same moment each of two messages has one half', async () => {
    const { primary, batching } = setUp();
    const labels = Array.from({ length: 17 }, (_, index) => `n${index}`);
    await Promise.all(labels.map((label) => batching.apply(ZONE, [change(label)], DEADLINE)));
    assert.deepEqual(messages(primary), [labels.slice(0, 8), labels.slice(8)]);
  });

  test('what comes while two messages are under way goes into one message behind them', async () => {
    const { primary, batching } = setUp();
    const first = primary.pauseNext('apply');
    const second = primary.pauseNext('apply');
    const all = await occupy(batching, 'a', 'b');
    all.push(...['c', 'd', 'e'].map((label) => batching.apply(ZONE, [change(label)], DEADLINE)));
    await sent();
    assert.deepEqual(messages(primary), [['a'], ['b']]);
    first.resume();
    second.resume();
    assert.deepEqual((await Promise.all(all)).map(codes), [['ok'], ['ok'], ['ok'], ['ok'], ['ok']]);
    assert.deepEqual(messages(primary), [['a'], ['b'], ['c', 'd', 'e']]);
  });

  test('a second message waits until it is as large as the one under way', async () => {
    const { primary, batching } = setUp();
    const large = primary.pauseNext('apply');
    const second = primary.pauseNext('apply');
    const all = [batching.apply(ZONE, [change('a'), change('b'), change('c')], DEADLINE)];
    await sent();
    all.push(...(await occupy(batching, 'd', 'e')));
    assert.deepEqual(messages(primary), [['a', 'b', 'c']]);
    all.push(...(await occupy(batching, 'f')));
    assert.deepEqual(messages(primary), [
      ['a', 'b', 'c'],
      ['d', 'e', 'f'],
    ]);
    large.resume();
    second.resume();
    await Promise.all(all);
  });

  test('a second message does not wait for one that takes long', async () => {
    const { primary, clock, batching } = setUp();
    const stuck = primary.pauseNext('apply');
    const all = [batching.apply(ZONE, [change('a'), change('b'), change('c')], DEADLINE)];
    await sent();
    all.push(...(await occupy(batching, 'd')));
    await clock.advance(99);
    assert.deepEqual(messages(primary), [['a', 'b', 'c']]);
    await clock.advance(1);
    all.push(...(await occupy(batching, 'e')));
    assert.deepEqual(messages(primary), [['a', 'b', 'c'], ['d'], ['e']]);
    stuck.resume();
    await Promise.all(all);
    assert.equal(clock.pending, 0);
  });

  test('changes do not wait for conditions alone, nor go with them', async () => {
    const { primary, batching } = setUp();
    const condition = (label: string): NameChange => {
      const { name, changes } = change(label);
      return { name, condition: changes, changes: [] };
    };
    for (const label of ['a', 'b']) primary.put(`${label}.example.org`, '192.0.2.1');
    const pauses = ['a', 'b', 'c'].map(() => primary.pauseNext('apply'));
    const all: Promise<readonly ChangeResult[]>[] = [];
    for (const label of ['a', 'b', 'c', 'd']) {
      all.push(batching.apply(ZONE, [condition(label)], DEADLINE));
      await sent();
    }
    all.push(...(await occupy(batching, 'e')));
    assert.deepEqual(messages(primary), [['a'], ['b'], ['e']]);
    for (const pause of pauses) pause.resume();
    assert.deepEqual((await Promise.all(all)).map(codes), [
      ...[['ok'], ['ok'], ['DNS_CONFLICT'], ['DNS_CONFLICT'], ['ok']],
    ]);
    assert.deepEqual(messages(primary), [['a'], ['b'], ['e'], ['c', 'd']]);
  });

  test('the changes and the conditions alone of one call are answered in their order', async () => {
    const { primary, batching } = setUp();
    primary.put('b.example.org', '192.0.2.1');
    const { name, changes } = change('b');
    const mixed = [change('a'), { name, condition: changes, changes: [] }, change('c')];
    primary.fail('apply', 'c.example.org', 'DNS_REFUSED');
    assert.deepEqual(codes(await batching.apply(ZONE, mixed, DEADLINE)), ['ok', 'ok', 'DNS_REFUSED']);
    assert.deepEqual(messages(primary), [['a', 'c'], ['b']]);
  });

  test('zones do not wait for one another', async () => {
    const { primary, batching } = setUp();
    primary.pauseNext('apply');
    primary.pauseNext('apply');
    await occupy(batching, 'a', 'b', 'c');
    const other = { ...change('x'), name: domainName('x.example.net') };
    void batching.apply(domainName('example.net'), [other], DEADLINE);
    await sent();
    assert.deepEqual(
      primary.applied.map(({ zone }) => zone),
      ['example.org', 'example.org', 'example.net'],
    );
  });

  test('each caller learns what became of its own change', async () => {
    const { primary, batching } = setUp();
    const pauses = [primary.pauseNext('apply'), primary.pauseNext('apply')];
    primary.fail('apply', 'c.example.org', 'DNS_REFUSED');
    const all = ['a', 'b', 'c', 'd'].map((label) => batching.apply(ZONE, [change(label)], DEADLINE));
    for (const pause of pauses) pause.resume();
    assert.deepEqual((await Promise.all(all)).map(codes), [['ok'], ['ok'], ['DNS_REFUSED'], ['ok']]);
  });

  test('a change that waits is given up at its deadline, however long the messages before it take', async () => {
    const { primary, clock, batching } = setUp();
    const pauses = [primary.pauseNext('apply'), primary.pauseNext('apply')];
    const all = await occupy(batching, 'a', 'b');
    const settled: string[] = [];
    for (const [label, deadline] of [
      ['later', 900],
      ['sooner', 500],
    ] as const) {
      void batching.apply(ZONE, [change(label)], deadline).then((results) => {
        settled.push(`${label} ${codes(results)} at ${clock.monotonic()}`);
      });
    }
    await clock.advance(899);
    assert.deepEqual(settled, ['sooner DNS_TIMEOUT at 500']);
    await clock.advance(1);
    assert.deepEqual(settled, ['sooner DNS_TIMEOUT at 500', 'later DNS_TIMEOUT at 900']);
    for (const pause of pauses) pause.resume();
    await Promise.all(all);
    assert.equal(clock.pending, 0);
    assert.deepEqual(messages(primary), [['a'], ['b']]);
  });

  test('a change with little time left goes alone, and takes no time from the others', async () => {
    const { primary, clock } = setUp();
    const sentWith: [labels: string, deadline: number][] = [];
    const inner: DnsUpdater = {
      findZone: (name) => primary.findZone(name),
      lookUp: (question) => primary.lookUp(question),
      apply(zone, changes, deadline) {
        sentWith.push([changes.map(({ name }) => name.split('.')[0]).join(), deadline]);
        return primary.apply(zone, changes);
      },
    };
    const batching = new BatchingDnsUpdater(inner, clock);
    const all = (
      [
        ['a', DEADLINE],
        ['b', 500],
        ['c', DEADLINE - 900],
      ] as const
    ).map(([label, deadline]) => batching.apply(ZONE, [change(label)], deadline));
    assert.deepEqual((await Promise.all(all)).map(codes), [['ok'], ['ok'], ['ok']]);
    assert.deepEqual(sentWith, [
      ['a,c', DEADLINE - 900],
      ['b', 500],
    ]);
  });

  test('a change whose turn comes after its deadline is not sent', async () => {
    const { primary, clock, batching } = setUp();
    const pauses = [primary.pauseNext('apply'), primary.pauseNext('apply')];
    await occupy(batching, 'a', 'b');
    const late = batching.apply(ZONE, [change('c')], 500);
    const inTime = batching.apply(ZONE, [change('d')], DEADLINE);
    await clock.advance(501);
    for (const pause of pauses) pause.resume();
    assert.deepEqual(codes(await late), ['DNS_TIMEOUT']);
    assert.deepEqual(codes(await inTime), ['ok']);
    assert.deepEqual(messages(primary), [['a'], ['b'], ['d']]);
  });

  test('more than ten thousand waiting changes are turned away at once', async () => {
    const { primary, batching } = setUp();
    primary.pauseNext('apply');
    primary.pauseNext('apply');
    await occupy(batching, 'a', 'b');
    const many = Array.from({ length: 10_000 }, (_, index) => change(`n${index}`));
    void batching.apply(ZONE, many, DEADLINE);
    assert.deepEqual(codes(await batching.apply(ZONE, [change('c')], DEADLINE)), ['DNS_OVERLOADED']);
  });

  test('a primary that breaks its promise fails its callers and nobody else', async () => {
    const { primary, clock } = setUp();
    let broken = true;
    const inner: DnsUpdater = {
      findZone: (name) => primary.findZone(name),
      lookUp: (question) => primary.lookUp(question),
      apply: async (zone, changes) => {
        if (broken) throw new Error('defect');
        return primary.apply(zone, changes);
      },
    };
    const batching = new BatchingDnsUpdater(inner, clock);
    await assert.rejects(batching.apply(ZONE, [change('a')], DEADLINE), /defect/);
    broken = false;
    assert.deepEqual(codes(await batching.apply(ZONE, [change('a')], DEADLINE)), ['ok']);
  });

  test('whatever is refused, cut off or restarted, the zone holds exactly what was acknowledged', async () => {
    const step = fc.record({
      label: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
      host: fc.integer({ min: 1, max: 254 }),
      fate: fc.constantFrom('done', 'done', 'done', 'refused', 'lost'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 60 }), async (steps) => {
        const { primary, clock } = setUp();
        const fates = new Map(steps.map(({ host, label, fate }) => [`${label} 192.0.2.${host}`, fate]));
        const inner: DnsUpdater = {
          findZone: (name) => primary.findZone(name),
          lookUp: (question) => primary.lookUp(question),
          async apply(zone, changes) {
            // The answer comes later than the call, so that changes gather.
            await Promise.resolve();
            const results: ChangeResult[] = [];
            for (const one of changes) {
              const address = one.changes[0]?.values[0]?.text;
              const fate = fates.get(`${one.name.split('.')[0]} ${address}`);
              if (fate === 'done') results.push(...(await primary.apply(zone, [one])));
              else if (fate === 'lost') results.push({ ok: false, fault: fault('DNS_TIMEOUT') });
              else results.push({ ok: false, fault: fault('DNS_REFUSED') });
            }
            return results;
          },
        };
        const batching = new BatchingDnsUpdater(inner, clock);
        const acknowledged = new Map<string, string>();
        await Promise.all(
          steps.map(async ({ label, host }) => {
            const address = `192.0.2.${host}`;
            const [result] = await batching.apply(ZONE, [change(label, address)], DEADLINE);
            if (result?.ok === true) acknowledged.set(label, address);
          }),
        );
        for (const label of 'abcdef') {
          const held = primary.addressesOf(`${label}.example.org`);
          assert.deepEqual(held, acknowledged.has(label) ? [acknowledged.get(label)] : []);
        }
      }),
      { numRuns: 200 },
    );
  });
});

function fault(code: DnsFaultCode): DnsFault {
  return new DnsFault(code, 'told to fail');
}
