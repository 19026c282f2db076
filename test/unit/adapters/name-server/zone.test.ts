import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { RrType } from '../../../../src/adapters/dns-wire/constants.ts';
import { isAtOrBelow, labelsOf, parentName } from '../../../../src/adapters/name-server/owner-name.ts';
import { nextSerial } from '../../../../src/adapters/name-server/soa.ts';
import { Zone } from '../../../../src/adapters/name-server/zone.ts';
import { verdictOf } from '../../../../src/adapters/name-server/zone-change.ts';
import { rrsetOf, type ZoneChange, type ZoneRecord } from '../../../../src/adapters/name-server/zone-data.ts';
import { ZoneDraft } from '../../../../src/adapters/name-server/zone-draft.ts';
import { isOlder } from '../../../../src/domain/serial.ts';
import { fuzzRuns } from '../../../support/fuzz-runs.ts';
import { recordsOf, textOf, zoneOf } from '../../../support/zone-of.ts';

const ZONE = 'example.org';

/** Where a question leads, in short. */
function lead(zone: Zone, name: string, type: number = RrType.A): string {
  const found = zone.resolve(name, type);
  return found.kind === 'nxdomain' ? `nxdomain ${found.encloser.name}` : `${found.kind} ${found.node.name}`;
}

/** Lets records come and go. */
function edit(
  zone: Zone,
  deleted: readonly ZoneRecord[],
  added: readonly ZoneRecord[],
): ZoneChange | undefined {
  const draft = new ZoneDraft(zone);
  for (const record of deleted) draft.deleteRecord(record);
  for (const record of added) draft.add(record);
  const verdict = verdictOf(zone, draft);
  if (verdict.kind !== 'change') return undefined;
  zone.apply(verdict.change);
  return verdict.change;
}

describe('A zone', () => {
  const zone = zoneOf(
    ZONE,
    `www A 192.0.2.1
     a.b.c A 192.0.2.2
     *.wild TXT "wild"
     sub.wild A 192.0.2.3
     deleg NS ns.deleg
     ns.deleg A 192.0.2.4
     below.ns.deleg A 192.0.2.5
     moved DNAME example.net.
     hidden.moved A 192.0.2.6
     x.*.star A 192.0.2.7
     dot\\.ted A 192.0.2.8
    `.replaceAll(/^ +/gm, ''),
  );

  it('finds names that exist, also those without records', () => {
    assert.equal(lead(zone, ZONE), `node ${ZONE}`);
    assert.equal(lead(zone, 'www.example.org'), 'node www.example.org');
    assert.equal(lead(zone, 'c.example.org'), 'node c.example.org');
    assert.deepEqual(zone.find('c.example.org')?.rrsets, []);
    assert.equal(lead(zone, 'dot\\.ted.example.org'), 'node dot\\.ted.example.org');
  });

  it('names the closest encloser of a name that does not exist', () => {
    assert.equal(lead(zone, 'no.example.org'), 'nxdomain example.org');
    assert.equal(lead(zone, 'x.y.z.www.example.org'), 'nxdomain www.example.org');
    assert.equal(lead(zone, 'x.b.c.example.org'), 'nxdomain b.c.example.org');
    assert.equal(lead(zone, 'ted.example.org'), 'nxdomain example.org');
  });

  it('lets a wildcard answer for what does not exist below its parent, and for nothing else (RFC 4592)', () => {
    assert.equal(lead(zone, 'any.wild.example.org'), 'wildcard *.wild.example.org');
    assert.equal(lead(zone, 'a.b.wild.example.org'), 'wildcard *.wild.example.org');
    assert.equal(lead(zone, '*.wild.example.org'), 'node *.wild.example.org');
    assert.equal(lead(zone, 'sub.wild.example.org'), 'node sub.wild.example.org');
    assert.equal(lead(zone, 'a.sub.wild.example.org'), 'nxdomain sub.wild.example.org');
    assert.equal(lead(zone, 'any.star.example.org'), 'wildcard *.star.example.org');
  });

  it('leads to the delegation at or above a name, but keeps DS for itself', () => {
    assert.equal(lead(zone, 'deleg.example.org'), 'delegation deleg.example.org');
    assert.equal(lead(zone, 'ns.deleg.example.org'), 'delegation deleg.example.org');
    assert.equal(lead(zone, 'no.such.deleg.example.org'), 'delegation deleg.example.org');
    assert.equal(lead(zone, 'deleg.example.org', RrType.DS), 'node deleg.example.org');
    assert.equal(lead(zone, 'ns.deleg.example.org', RrType.DS), 'delegation deleg.example.org');
    assert.equal(lead(zone, ZONE, RrType.NS), `node ${ZONE}`);
  });

  it('leads to the DNAME above a name, whether the name exists or not', () => {
    assert.equal(lead(zone, 'moved.example.org'), 'node moved.example.org');
    assert.equal(lead(zone, 'hidden.moved.example.org'), 'dname moved.example.org');
    assert.equal(lead(zone, 'a.b.moved.example.org'), 'dname moved.example.org');
  });

  it('shows a transfer one version while updates go on', () => {
    const changing = zoneOf(ZONE, 'a A 192.0.2.1\nb A 192.0.2.2');
    const snapshot = changing.snapshot();
    const before = textOf(changing);
    edit(changing, recordsOf(ZONE, 'a A 192.0.2.1'), recordsOf(ZONE, 'c A 192.0.2.3'));
    assert.equal(snapshot.nodes[0]?.name, ZONE);
    assert.equal(textOf(new Zone(ZONE, snapshot.nodes.flatMap(recordsAt))), before);
    assert.equal(snapshot.serial, 1);
    assert.equal(changing.serial, 2);
  });

  it('remembers what has changed since a serial, and does not know of others', () => {
    const changing = zoneOf(ZONE);
    const changes = [1, 2, 3].map((n) => edit(changing, [], recordsOf(ZONE, `h${n} A 192.0.2.${n}`)));
    assert.deepEqual(changing.changesSince(2), changes.slice(1));
    assert.deepEqual(changing.changesSince(4), []);
    assert.equal(changing.changesSince(0), undefined);
    assert.equal(changing.changesSince(5), undefined);
    const types = changes.map((change) => [change?.deleted[0]?.type, change?.added[0]?.type]);
    assert.deepEqual(types, [
      [RrType.SOA, RrType.SOA],
      [RrType.SOA, RrType.SOA],
      [RrType.SOA, RrType.SOA],
    ]);
  });

  it('forgets old changes, so that memory does not grow with their number', () => {
    const changing = zoneOf(ZONE);
    const record = recordsOf(ZONE, 'h A 192.0.2.1');
    for (let round = 0; round < 10_000; round += 1) {
      edit(changing, [], record);
      edit(changing, record, []);
    }
    assert.equal(changing.serial, 20_001);
    assert.equal(changing.changesSince(1), undefined);
    assert.equal(changing.changesSince(20_000)?.length, 1);
  });

  it('refuses a change of another version, and stays as it was', () => {
    const changing = zoneOf(ZONE, 'a A 192.0.2.1');
    const soa = (serial: number) =>
      recordsOf(ZONE, `@ SOA ns.example.net. hostmaster ${serial} 3600 600 86400 60`);
    const before = textOf(changing);
    const rows: readonly ZoneChange[] = [
      { from: 2, to: 3, deleted: soa(2), added: soa(3) },
      { from: 1, to: 2, deleted: [...soa(1), ...recordsOf(ZONE, 'a A 192.0.2.9')], added: soa(2) },
      { from: 1, to: 3, deleted: soa(1), added: soa(2) },
      { from: 1, to: 1, deleted: soa(1), added: soa(1) },
      { from: 1, to: 2, deleted: soa(1), added: [] },
    ];
    for (const change of rows) {
      assert.throws(() => changing.apply(change), RangeError);
      assert.equal(textOf(changing), before);
    }
  });

  it('takes names away with their last record, and with them those above that were there for them only', () => {
    const changing = zoneOf(ZONE, 'a.b.c A 192.0.2.1\nd.b.c A 192.0.2.2');
    edit(changing, recordsOf(ZONE, 'a.b.c A 192.0.2.1'), []);
    assert.equal(lead(changing, 'b.c.example.org'), 'node b.c.example.org');
    edit(changing, recordsOf(ZONE, 'd.b.c A 192.0.2.2'), recordsOf(ZONE, 'c A 192.0.2.3'));
    assert.equal(lead(changing, 'b.c.example.org'), 'nxdomain c.example.org');
    edit(changing, recordsOf(ZONE, 'c A 192.0.2.3'), []);
    assert.equal([...changing.names()].length, 1);
  });

  it('of the root has names as well', () => {
    const root = new Zone(
      '',
      recordsOf('', '. SOA a. b. 1 2 3 4 5\n. NS a.\nnet. NS a.\nx.org. A 192.0.2.1'),
    );
    assert.equal(lead(root, ''), 'node ');
    assert.equal(lead(root, 'x.org'), 'node x.org');
    assert.equal(lead(root, 'org'), 'node org');
    assert.equal(lead(root, 'a.net'), 'delegation net');
    assert.equal(lead(root, 'com'), 'nxdomain ');
  });
});

describe('A zone under random changes', () => {
  const label = fc.constantFrom('a', 'b', '*', 'c\\.d');
  const owner = fc.array(label, { maxLength: 3 }).map((labels) => [...labels, ZONE].join('.'));
  const step = fc.record({ owner, last: fc.integer({ min: 1, max: 3 }), add: fc.boolean() });

  it('has exactly the names with records, and those above them', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const zone = zoneOf(ZONE);
        const held = new Set<string>();
        for (const { owner: name, last, add } of steps) {
          const record = { owner: name, type: RrType.A, ttl: 300, rdata: Buffer.from([192, 0, 2, last]) };
          if (add) held.add(`${name} ${last}`);
          else held.delete(`${name} ${last}`);
          edit(zone, add ? [] : [record], add ? [record] : []);
        }
        const names = new Set([ZONE]);
        for (const entry of held) {
          for (let name = entry.split(' ')[0] ?? ''; name !== ZONE; name = parentName(name)) names.add(name);
        }
        assert.deepEqual([...zone.names()].sort(), [...names].sort());
        const shown = [...zone.names()].flatMap((name) =>
          (rrsetOf(zone.find(name), RrType.A)?.rdatas ?? []).map((rdata) => `${name} ${rdata[3]}`),
        );
        assert.deepEqual(shown.sort(), [...held].sort());
      }),
      { numRuns: fuzzRuns(300) },
    );
  });

  it('gives changes that bring an earlier version to the present one', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), fc.nat(20), (steps, copied) => {
        const zone = zoneOf(ZONE);
        let copy = new Zone(ZONE, zone.snapshot().nodes.flatMap(recordsAt));
        for (const [index, { owner: name, last, add }] of steps.entries()) {
          if (index === copied) copy = new Zone(ZONE, zone.snapshot().nodes.flatMap(recordsAt));
          const record = { owner: name, type: RrType.A, ttl: last, rdata: Buffer.from([192, 0, 2, last]) };
          edit(zone, add ? [] : [record], add ? [record] : []);
        }
        for (const change of zone.changesSince(copy.serial) ?? []) copy.apply(change);
        assert.equal(textOf(copy), textOf(zone));
      }),
      { numRuns: fuzzRuns(200) },
    );
  });
});

describe('Serials (RFC 1982)', () => {
  it('go on after the highest with 1, and always forward', () => {
    assert.equal(nextSerial(0xffff_ffff), 1);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), (serial) => isOlder(serial, nextSerial(serial))),
    );
  });
});

describe('Names', () => {
  it('are cut at separating dots only', () => {
    assert.deepEqual(labelsOf('a\\.b.c\\\\.d'), ['a\\.b', 'c\\\\', 'd']);
    assert.deepEqual(labelsOf(''), []);
    assert.equal(parentName('a\\.b.c'), 'c');
    assert.equal(parentName('c'), '');
    assert.equal(isAtOrBelow('x.example.org', 'example.org'), true);
    assert.equal(isAtOrBelow('xexample.org', 'example.org'), false);
    assert.equal(isAtOrBelow('x\\.example.org', 'example.org'), false);
    assert.equal(isAtOrBelow('x\\\\.example.org', 'example.org'), true);
    assert.equal(isAtOrBelow('org', 'example.org'), false);
    assert.equal(isAtOrBelow('any', ''), true);
  });
});

const recordsAt = ({ owner, rrsets }: { owner: string; rrsets: Zone['apex']['rrsets'] }): ZoneRecord[] =>
  rrsets.flatMap(({ type, ttl, rdatas }) => rdatas.map((rdata) => ({ owner, type, ttl, rdata })));
