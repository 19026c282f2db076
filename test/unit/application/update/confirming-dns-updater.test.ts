import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ChangeResult } from '../../../../src/application/ports/dns-updater.ts';
import { NameTurns } from '../../../../src/application/turns/name-turns.ts';
import { ConfirmingDnsUpdater } from '../../../../src/application/update/confirming-dns-updater.ts';
import { ReconcileRecords } from '../../../../src/application/update/reconcile-records.ts';
import { domainName } from '../../../../src/domain/domain-name.ts';
import { parseIpv4 } from '../../../../src/domain/ip-address.ts';
import type { NameChange, RecordSet, RecordSetChange } from '../../../../src/domain/record-set.ts';
import { ttl } from '../../../../src/domain/ttl.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';
import { MemoryDnsUpdater } from '../../../fakes/memory-dns-updater.ts';
import { noEvents } from '../../../support/events.ts';
import { valueIn } from '../../../support/parsed.ts';

const ZONE = domainName('example.org');
const HOME = domainName('home.example.org');
const DEADLINE = 10_000;
const HOUR = 3_600_000;

const addresses = (...texts: readonly string[]): RecordSet => ({
  type: 'A',
  ttl: ttl(60),
  values: texts.map((text) => valueIn(parseIpv4(text))),
});

const replacement = (from: RecordSet, to: RecordSet): NameChange => ({
  name: HOME,
  condition: [from],
  changes: [{ ...to, kind: 'replace' }],
});

function setUp() {
  const dns = new MemoryDnsUpdater('example.org');
  const clock = new ManualClock();
  const updater = new ConfirmingDnsUpdater(dns, clock);
  const apply = async (change: NameChange) =>
    inShort((await updater.apply(ZONE, [change], clock.monotonic() + DEADLINE))[0]);
  /** `change` or `condition` for each message. */
  const sent = () =>
    dns.applied.map(({ changes }) => (changes[0]?.changes.length === 0 ? 'condition' : 'change'));
  return { dns, clock, updater, apply, sent };
}

const inShort = (result: ChangeResult | undefined) =>
  result === undefined || result.ok ? 'ok' : result.fault.code;

describe('an updater that confirms', () => {
  it('asks after the first change of a name in an hour whether the name holds it', async () => {
    const { clock, apply, sent } = setUp();
    assert.equal(await apply(replacement(addresses(), addresses('192.0.2.1'))), 'ok');
    assert.deepEqual(sent(), ['change', 'condition']);
    assert.equal(await apply(replacement(addresses('192.0.2.1'), addresses('192.0.2.2'))), 'ok');
    assert.deepEqual(sent(), ['change', 'condition', 'change']);
    await clock.advance(HOUR);
    assert.equal(await apply(replacement(addresses('192.0.2.2'), addresses('192.0.2.3'))), 'ok');
    assert.deepEqual(sent(), ['change', 'condition', 'change', 'change', 'condition']);
  });

  it('tells a change that the primary acknowledged twice and did not make', async () => {
    const { dns, apply, sent } = setUp();
    dns.put(HOME, '192.0.2.1');
    dns.ignoreChangesOf(HOME);
    assert.equal(await apply(replacement(addresses('192.0.2.1'), addresses('192.0.2.2'))), 'DNS_NOT_MADE');
    assert.deepEqual(sent(), ['change', 'condition', 'change']);
    assert.equal(dns.lookUps.get(HOME), 2);
  });

  it('tells a removal that was not made, and one of a name that had nothing', async () => {
    const { dns, apply } = setUp();
    dns.put(HOME, '192.0.2.1');
    dns.ignoreChangesOf(HOME);
    assert.equal(await apply(replacement(addresses('192.0.2.1'), addresses())), 'DNS_NOT_MADE');
    dns.put(HOME);
    assert.equal(await apply(replacement(addresses(), addresses('192.0.2.1'))), 'DNS_NOT_MADE');
  });

  it('believes a look where the primary does not take a condition alone', async () => {
    const { dns, apply } = setUp();
    const inner = dns.apply.bind(dns);
    dns.apply = async (zone, changes) => {
      if (changes[0]?.changes.length === 0) dns.fail('apply', HOME, 'DNS_REFUSED');
      const results = await inner(zone, changes);
      dns.recover();
      return results;
    };
    assert.equal(await apply(replacement(addresses(), addresses('192.0.2.1'))), 'ok');
  });

  it('calls it a conflict where somebody else changed the name at the same time', async () => {
    const { dns, apply } = setUp();
    dns.pauseNext('apply').resume();
    const confirmation = dns.pauseNext('apply');
    const result = apply(replacement(addresses(), addresses('192.0.2.1')));
    await confirmation.reached;
    dns.put(HOME, '192.0.2.9');
    confirmation.resume();
    assert.equal(await result, 'DNS_CONFLICT');
  });

  it('looks at single values, whose RRset it does not know', async () => {
    const { dns, apply, sent } = setUp();
    const change = (kind: RecordSetChange['kind'], text: string): NameChange => ({
      name: HOME,
      condition: [],
      changes: [{ kind, type: 'TXT', ttl: ttl(60), values: [{ family: 'text', text }] }],
    });
    assert.equal(await apply(change('add', 'one')), 'ok');
    assert.deepEqual([sent(), dns.lookUps.get(HOME)], [['change'], 1]);
    assert.equal(await apply(change('remove', 'one')), 'ok');
    dns.ignoreChangesOf('cam.example.org');
    const ignored = { ...change('add', 'two'), name: domainName('cam.example.org') };
    assert.equal(await apply(ignored), 'DNS_NOT_MADE');
  });

  it('does not call a value missing where the look shows an older zone than conditions are judged by', async () => {
    const { dns, apply } = setUp();
    dns.lookUp = async ({ types }) => {
      const recordSets = types.map((type) => ({ type, ttl: ttl(0), values: [] }));
      return { ok: true, value: { recordSets, remembered: false } };
    };
    const values = [{ family: 'text', text: 'one' }] as const;
    const changes = [{ kind: 'add', type: 'TXT', ttl: ttl(60), values }] as const;
    assert.equal(await apply({ name: HOME, condition: [], changes }), 'DNS_CONFLICT');
    assert.deepEqual(dns.addressesOf(HOME), ['one']);
  });

  it('leaves a refusal and a condition alone as they are', async () => {
    const { dns, apply, sent } = setUp();
    dns.fail('apply', HOME, 'DNS_REFUSED');
    assert.equal(await apply(replacement(addresses(), addresses('192.0.2.1'))), 'DNS_REFUSED');
    dns.recover();
    assert.equal(await apply({ name: HOME, condition: [addresses()], changes: [] }), 'ok');
    assert.deepEqual(sent(), ['change', 'condition']);
  });

  it('has a request hear that its change was not made, and never of success', async () => {
    const { dns, clock, updater } = setUp();
    dns.put(HOME, '192.0.2.1');
    dns.ignoreChangesOf(HOME);
    const records = new ReconcileRecords(updater, clock, new NameTurns(), noEvents);
    const [result] = await records.execute([{ name: HOME, recordSets: [addresses('192.0.2.2')] }], DEADLINE);
    assert.ok(result?.kind === 'failed');
    assert.equal(result.fault.code, 'DNS_NOT_MADE');
    assert.equal(result.fault.refused, true);
  });
});
