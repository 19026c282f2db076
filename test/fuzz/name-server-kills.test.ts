import assert from 'node:assert/strict';
import { existsSync, watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { RrType } from '../../src/adapters/dns-wire/constants.ts';
import { Zone } from '../../src/adapters/name-server/zone.ts';
import { rrsetOf } from '../../src/adapters/name-server/zone-data.ts';
import { loadZone, readZoneFile } from '../../src/adapters/name-server/zone-files.ts';
import { isOlder } from '../../src/domain/serial.ts';
import { compiled } from '../support/compiled.ts';
import { fuzzRuns } from '../support/fuzz-runs.ts';
import { inTime } from '../support/in-time.ts';
import { Random } from '../support/random.ts';
import { RunningProcess } from '../support/run-process.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const ZONE = 'dyn.example.org';
const ZONE_FILE = `${ZONE}.zone`;
/** The name of a zone file that is being written. */
const DRAFT = `${ZONE_FILE}.new~`;
const WORKERS = 64;
const KILLS = fuzzRuns(20, 100);
/** Folders in which servers are killed at the same time, to use the time in which they start. */
const LANES = 5;
/** In every other lane the zone file is written again and again, so that kills hit that too. */
const MIN_COMPACTION = 4_096;
/** Whether a kill hits the writing of a zone file is chance: so many more kills a lane may take to see it. */
const MORE_KILLS = 100;

/** What is known to be kept: the count of each worker, and the serial, acknowledged or seen after a kill. */
type Acknowledged = { readonly counts: Map<number, number>; serial: number };

/** Runs a server under load, kills it at a random moment, and adds to what it has acknowledged. */
async function killUnderLoad(
  load: string,
  folder: string,
  random: Random,
  told: Acknowledged,
  options: readonly string[],
): Promise<void> {
  const server = new RunningProcess(process.execPath, [load, folder, ZONE, String(WORKERS), ...options]);
  try {
    await until(() => server.stdout !== '' || server.stderr !== '', { what: 'the first acknowledgement' });
    await setTimeout(random.below(100));
    // Chance alone seldom meets this moment.
    if (options.length > 0 && random.below(2) === 0) await draftIn(folder, server);
  } finally {
    server.kill('SIGKILL');
  }
  const { stdout, stderr } = await server.ended;
  assert.equal(stderr, '');
  // The last line may be cut, and then says nothing.
  for (const line of stdout.slice(0, stdout.lastIndexOf('\n')).split('\n')) {
    const [worker = 0, count = 0, serial = 0] = line.split(' ').map(Number);
    told.counts.set(worker, count);
    if (isOlder(told.serial, serial)) told.serial = serial;
  }
}

/** Waits until the draft of a zone file comes or goes, or the server ends. */
async function draftIn(folder: string, server: RunningProcess): Promise<void> {
  const watcher = watch(folder);
  const seen = new Promise<void>((resolve) => {
    watcher.on('change', (_event, file) => file === DRAFT && resolve());
  });
  try {
    await inTime(Promise.race([seen, server.ended]), { what: 'a zone file being written' });
  } finally {
    watcher.close();
  }
}

/** The serial of the zone file, without what the journal adds. */
async function writtenSerial(folder: string): Promise<number> {
  const path = join(folder, ZONE_FILE);
  return new Zone(ZONE, readZoneFile(await readFile(path), ZONE, path).records).serial;
}

/** How often the zone file was found written anew, and how often one that was being written. */
type Compactions = { readonly done: number; readonly cut: number };

/** Kills servers of one folder, one after another: so often as asked, and then until what has to be seen was seen. */
async function killAgainAndAgain(
  load: string,
  lane: number,
  options: readonly string[],
  hasSeenAll: (compactions: Compactions) => boolean,
): Promise<Compactions> {
  const folder = tempFolder();
  const random = new Random(lane);
  const told: Acknowledged = { counts: new Map(), serial: 0 };
  const written = new Set<number>();
  let cut = 0;
  // The zone file of the beginning is no compaction.
  const seen = (): Compactions => ({ done: written.size - 1, cut });
  const kills = Math.ceil(KILLS / LANES);
  for (let kill = 0; kill < kills || (!hasSeenAll(seen()) && kill < kills + MORE_KILLS); kill += 1) {
    await killUnderLoad(load, folder, random, told, options);
    written.add(await writtenSerial(folder));
    if (existsSync(join(folder, DRAFT))) cut += 1;
    const loaded = await loadZone(folder, ZONE);
    assert.ok(loaded !== undefined);
    for (const [worker, count] of told.counts) {
      const kept = rrsetOf(loaded.zone.find(`w${worker}.${ZONE}`), RrType.A)?.rdatas[0]?.readUInt32BE();
      // What became durable a moment before the end is there without having been told.
      assert.ok(kept !== undefined && kept >= count, `worker ${worker}: ${count} told, ${kept} kept`);
      told.counts.set(worker, kept);
    }
    assert.ok(!isOlder(loaded.zone.serial, told.serial));
    told.serial = loaded.zone.serial;
  }
  assert.equal(told.counts.size, WORKERS);
  return seen();
}

describe('the store of the name server, killed with -9 under load', () => {
  it(`has every acknowledged update when it is back, ${KILLS} times, and its serial never went back`, async (test) => {
    const load = await compiled('test/support/update-load.ts');
    const lanes = Array.from({ length: LANES }, async (_, lane) => {
      if (lane % 2 === 1) return killAgainAndAgain(load, lane, [], () => true);
      const compactions = await killAgainAndAgain(
        load,
        lane,
        [String(MIN_COMPACTION)],
        ({ done, cut }) => done > 0 && cut > 0,
      );
      assert.ok(compactions.done > 0, 'no zone file was ever written');
      assert.ok(compactions.cut > 0, 'no server was killed while it wrote one');
      return compactions;
    });
    const found = (await Promise.all(lanes)).map(({ done, cut }) => `${done} written, ${cut} cut`);
    test.diagnostic(`zone files of the lanes: ${found.join('; ')}`);
  });
});
