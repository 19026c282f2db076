import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { Rcode, RrClass, RrType } from '../../../../src/adapters/dns-wire/constants.ts';
import { readJournal } from '../../../../src/adapters/name-server/journal/read-journal.ts';
import { Zone } from '../../../../src/adapters/name-server/zone.ts';
import { ZoneFault } from '../../../../src/adapters/name-server/zone-fault.ts';
import { readZoneFile } from '../../../../src/adapters/name-server/zone-files.ts';
import { fuzzRuns } from '../../../support/fuzz-runs.ts';
import { openZoneStore } from '../../../support/open-zone-store.ts';
import { Random } from '../../../support/random.ts';
import { tempFolder } from '../../../support/temp-folder.ts';
import { textOf } from '../../../support/zone-of.ts';

const ZONE = 'dyn.example.org';
const PATH = `${ZONE}.zone`;
const UPDATES = 12;
const RUNS = fuzzRuns(2_000);

let zoneFile: Buffer;
let journal: Buffer;

/** The zone file and the journal of a zone after some updates that were acknowledged. */
before(async () => {
  const folder = tempFolder();
  const update = async (label: string, last: number) => {
    const store = await openZoneStore(folder, [ZONE]);
    const [zone] = store.zones;
    assert.ok(zone !== undefined);
    for (let index = 1; index <= last; index += 1) {
      const record = { type: RrType.A, class: RrClass.IN, ttl: 60, rdata: Buffer.of(192, 0, 2, index) };
      const updates = [{ ...record, name: `${label}${index}.${ZONE}` }];
      assert.equal(await store.update(zone, { prerequisites: [], updates }), Rcode.NOERROR);
    }
    journal = readFileSync(join(folder, `${ZONE}.journal`));
    await store.close();
  };
  await update('written', UPDATES);
  zoneFile = readFileSync(join(folder, PATH));
  await update('added', UPDATES);
});

const zoneIn = (octets: Buffer): string => textOf(new Zone(ZONE, readZoneFile(octets, ZONE, PATH).records));

const changesIn = (octets: Buffer): unknown => {
  const { entries, end } = readJournal(octets, ZONE, 'journal');
  assert.equal(end, octets.length, 'an acknowledged line is cut off');
  return entries;
};

/** A journal that ends in zeros is read as one that ends before them: a crash leaves both. */
function assertAsShort(damaged: Buffer): void {
  const outcomeOf = (octets: Buffer) => {
    try {
      return readJournal(octets, ZONE, 'journal');
    } catch (error) {
      if (error instanceof ZoneFault) return error.message;
      throw error;
    }
  };
  const short = damaged.toString('latin1').replace(/\0+$/, '');
  assert.deepEqual(outcomeOf(damaged), outcomeOf(Buffer.from(short, 'latin1')));
}

/** Either the fault of a damaged file, or exactly what the file said before. */
function assertNotSilent(read: (octets: Buffer) => unknown, whole: Buffer, damaged: Buffer): void {
  let content: unknown;
  try {
    content = read(damaged);
  } catch (error) {
    if (error instanceof ZoneFault) return;
    throw error;
  }
  assert.deepEqual(content, read(whole));
}

describe('A file of a zone', () => {
  for (const [name, read, file] of [
    ['zone file', zoneIn, () => zoneFile],
    ['journal', changesIn, () => journal],
  ] as const) {
    it(`tells of any bit that has flipped: ${name}`, () => {
      const whole = file();
      const random = new Random(8);
      for (let run = 0; run < RUNS; run += 1) {
        const damaged = Buffer.from(whole);
        const at = random.below(whole.length);
        damaged.writeUInt8(whole.readUInt8(at) ^ (1 << random.below(8)), at);
        assertNotSilent(read, whole, damaged);
      }
    });

    it(`tells of any octet that became another, and of zeros: ${name}`, () => {
      const whole = file();
      const random = new Random(9);
      for (let run = 0; run < RUNS; run += 1) {
        const damaged = Buffer.from(whole);
        const at = random.below(whole.length);
        if (run % 4 === 0) damaged.fill(0, at, at + 1 + random.below(whole.length - at));
        else damaged[at] = random.below(256);
        if (name === 'journal' && damaged.at(-1) === 0) {
          assertAsShort(damaged);
          continue;
        }
        assertNotSilent(read, whole, damaged);
      }
    });
  }

  it('is taken as it is without its checksum: a person has changed it', () => {
    const text = zoneFile.toString();
    const edited = text.slice(text.indexOf('\n') + 1).replace('192.0.2.7', '198.51.100.7');
    assert.ok(zoneIn(Buffer.from(edited)).includes('198.51.100.7'));
  });

  it('says what to do where its checksum is wrong', () => {
    const edited = zoneFile.toString().replace('192.0.2.7', '198.51.100.7');
    assert.throws(() => zoneIn(Buffer.from(edited)), {
      code: 'ZONE_DAMAGED',
      message: new RegExp(
        `^"${PATH}", line 1: the file differs from its checksum: if you have changed it by hand, remove this line, else take the zone from a secondary or a backup, and import it`,
      ),
    });
  });

  it('without its end is damaged', () => {
    assert.throws(() => zoneIn(zoneFile.subarray(0, zoneFile.lastIndexOf('\n', zoneFile.length - 2) + 1)), {
      code: 'ZONE_DAMAGED',
    });
  });
});
