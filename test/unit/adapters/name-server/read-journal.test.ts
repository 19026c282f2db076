import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { RrType } from '../../../../src/adapters/dns-wire/constants.ts';
import { writeLine } from '../../../../src/adapters/name-server/journal/journal-line.ts';
import { journalHeader, readJournal } from '../../../../src/adapters/name-server/journal/read-journal.ts';
import type { ZoneChange, ZoneRecord } from '../../../../src/adapters/name-server/zone-data.ts';
import { fuzzRuns } from '../../../support/fuzz-runs.ts';

const ZONE = 'dyn.example.org';
const RUNS = { numRuns: fuzzRuns(500, 20_000) };

const record = (owner: string, last: number): ZoneRecord => ({
  owner: `${owner}.${ZONE}`,
  type: RrType.A,
  ttl: 60,
  rdata: Buffer.of(192, 0, 2, last),
});

const changeOf = (serial: number, size: number): ZoneChange => ({
  ...{ from: serial, to: serial + 1, deleted: [record('h\\000', serial)] },
  added: Array.from({ length: size }, (_, index) => record(`host-${index}`, index % 256)),
});

const lineOf = (size: number, serial = 0) => Buffer.from(writeLine([changeOf(serial, size)]), 'latin1');

/** How many records each line adds: up to so many that it is longer than a page of a disk. */
const sizes = fc.array(fc.nat({ max: 300 }), { minLength: 1, maxLength: 3 });

const read = (...octets: readonly Buffer[]) =>
  readJournal(Buffer.concat([Buffer.from(journalHeader(ZONE)), ...octets]), ZONE, 'journal');

/** A part of it, from nothing to all but its last octet. */
const cut = (line: Buffer, share: number) => line.subarray(0, Math.floor(share * line.length));

const shares = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
/** A last line: its records, where it is cut, and the zeros behind that. */
const torn = fc.record({ size: fc.nat({ max: 300 }), share: shares, zeros: fc.nat({ max: 20_000 }) });

const tornLine = ({ size, share, zeros }: { size: number; share: number; zeros: number }) =>
  Buffer.concat([cut(lineOf(size, 9), share), Buffer.alloc(zeros)]);

describe('The end of a journal', () => {
  it('is torn where the last line is cut at any place, with any number of zeros behind it', () => {
    fc.assert(
      fc.property(sizes, torn, (before, last) => {
        const lines = before.map(lineOf);
        assert.deepEqual(read(...lines, tornLine(last)), read(...lines));
      }),
      RUNS,
    );
  });

  it('is torn where the disk has kept the first page of a long line, and zeros in place of all others', () => {
    const line = lineOf(300);
    assert.ok(line.length > 10_000);
    // Of the last one, a line break alone stood behind the border of a page.
    for (const kept of [512, 4_096, 8_192, line.length - 1]) {
      assert.deepEqual(read(Buffer.from(line).fill(0, kept)).entries, []);
    }
  });

  it('does not hide damage: any octet of a whole line that became another, also before a torn line', () => {
    const difference = fc.integer({ min: 1, max: 255 });
    fc.assert(
      fc.property(sizes, shares, difference, fc.option(torn), (all, place, bits, last) => {
        const whole = Buffer.concat(all.map(lineOf));
        const at = Math.floor(place * whole.length);
        const octet = whole.readUInt8(at) ^ bits;
        // A zero in place of the last line break cannot be told from a line that was cut there.
        fc.pre(octet !== 0 || at < whole.length - 1);
        whole.writeUInt8(octet, at);
        const behind = last === null ? [] : [tornLine(last)];
        assert.throws(() => read(whole, ...behind), { code: 'ZONE_DAMAGED' });
      }),
      RUNS,
    );
  });

  it('does not hide zeros that have come into a line before its end', () => {
    fc.assert(
      fc.property(sizes, shares, shares, (all, from, share) => {
        const whole = Buffer.concat(all.map(lineOf));
        const start = Math.floor(from * (whole.length - 1));
        const end = start + 1 + Math.floor(share * (whole.length - 1 - start));
        assert.throws(() => read(whole.fill(0, start, end)), { code: 'ZONE_DAMAGED' });
      }),
      RUNS,
    );
  });
});
