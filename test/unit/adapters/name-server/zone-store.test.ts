import assert from 'node:assert/strict';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Rcode, RrClass, RrType } from '../../../../src/adapters/dns-wire/constants.ts';
import { replaceFile } from '../../../../src/adapters/files/replace-file.ts';
import { Journal } from '../../../../src/adapters/name-server/journal/journal.ts';
import { journalHeader, readJournal } from '../../../../src/adapters/name-server/journal/read-journal.ts';
import { serialOf, soaOf, withSerial } from '../../../../src/adapters/name-server/soa.ts';
import { type Decide, StoredZone } from '../../../../src/adapters/name-server/stored-zone.ts';
import type { Zone } from '../../../../src/adapters/name-server/zone.ts';
import type { ZoneRecord } from '../../../../src/adapters/name-server/zone-data.ts';
import { loadZone, readZoneFile } from '../../../../src/adapters/name-server/zone-files.ts';
import type { ZoneStore } from '../../../../src/adapters/name-server/zone-store.ts';
import { judgeUpdate, type UpdateRecord } from '../../../../src/adapters/name-server/zone-update.ts';
import { noLogger } from '../../../../src/application/ports/logger.ts';
import { RecordingLogger } from '../../../fakes/recording-logger.ts';
import { asNobody } from '../../../support/as-nobody.ts';
import { exportedZone, openZoneStore } from '../../../support/open-zone-store.ts';
import { plantLock } from '../../../support/plant-lock.ts';
import { smallDisk } from '../../../support/small-disk.ts';
import { tempFolder } from '../../../support/temp-folder.ts';
import { textOf, zoneOf } from '../../../support/zone-of.ts';

const ZONE = 'dyn.example.org';

const add = (label: string, last: number): UpdateRecord => ({
  name: `${label}.${ZONE}`,
  type: RrType.A,
  class: RrClass.IN,
  ttl: 60,
  rdata: Buffer.of(192, 0, 2, last),
});

const update = (store: ZoneStore, ...updates: readonly UpdateRecord[]) =>
  store.update(zoneIn(store), { prerequisites: [], updates });

/** Somebody sets the serial of the zone. */
function leadTo(store: ZoneStore, serial: number) {
  const { ttl, rdatas } = zoneIn(store).soa;
  const rdata = withSerial(rdatas[0], serial);
  return update(store, { name: ZONE, type: RrType.SOA, class: RrClass.IN, ttl, rdata });
}

function zoneIn(store: ZoneStore): Zone {
  const [zone] = store.zones;
  assert.ok(zone !== undefined);
  return zone;
}

/** The zone as another process would find it now. */
async function onDisk(folder: string): Promise<string> {
  const loaded = await loadZone(folder, ZONE);
  assert.ok(loaded !== undefined);
  return textOf(loaded.zone);
}

/** With each of `texts`, which the zone has had, as its zone file, the journal leads to the last of them. */
async function assertReadFromEach(texts: readonly string[], folder: string, store: ZoneStore): Promise<void> {
  const journal = readFileSync(join(folder, `${ZONE}.journal`));
  await store.close();
  writeFileSync(join(folder, `${ZONE}.journal`), journal);
  for (const text of texts) {
    writeFileSync(join(folder, `${ZONE}.zone`), text);
    assert.equal(await onDisk(folder), texts.at(-1));
  }
}

/**
 * A folder with a zone file and a journal of `lines` updates: what a process leaves that is killed. The file is
 * that of serial 1.
 */
async function killedAfter(
  lines: number,
): Promise<{ folder: string; journal: string; texts: readonly string[] }> {
  const folder = tempFolder();
  const path = join(folder, `${ZONE}.zone`);
  writeFileSync(path, `$TTL 60\n@ SOA ns1 hostmaster 1 1 1 1 1\n@ NS ns1\nns1 A 192.0.2.1\n`);
  const store = await openZoneStore(folder, [ZONE]);
  const texts = [textOf(zoneIn(store))];
  for (let line = 1; line <= lines; line += 1) {
    await update(store, add(`h${line}`, line));
    texts.push(textOf(zoneIn(store)));
  }
  const kept = [path, join(folder, `${ZONE}.journal`)].map((file) => [file, readFileSync(file)] as const);
  await store.close();
  for (const [file, content] of kept) writeFileSync(file, content);
  return { folder, journal: join(folder, `${ZONE}.journal`), texts };
}

describe('A zone store', () => {
  it('begins a zone that has no file, with its name servers and their addresses', async () => {
    const folder = tempFolder();
    const store = await openZoneStore(folder, [ZONE]);
    const serial = zoneIn(store).serial;
    assert.ok(Math.abs(serial - Date.now() / 1000) < 60);
    await store.close();
    const [checksum = '', ...lines] = readFileSync(join(folder, `${ZONE}.zone`), 'utf8').split('\n');
    assert.match(checksum, /^; checksum \(CRC-32\) of what follows: [0-9a-f]{8}; remove this line after/);
    assert.equal(
      lines.join('\n'),
      `$ORIGIN dyn.example.org.
$TTL 300
@   IN SOA ns1 hostmaster (
    ${serial}   ; serial
    3600         ; refresh
    600          ; retry
    1209600      ; expire
    60 )         ; negative TTL
    IN NS  ns1
ns1 IN A   127.0.0.1
`,
    );
  });

  it('takes up a zone that has a file, whatever the settings would begin it with', async () => {
    const { folder, texts } = await killedAfter(0);
    const store = await openZoneStore(folder, [ZONE]);
    assert.equal(textOf(zoneIn(store)), texts[0]);
    await store.close();
  });

  it('shows an update when it is durable, and tells of it', async () => {
    const folder = tempFolder();
    const store = await openZoneStore(folder, [ZONE]);
    const heard: string[] = [];
    const stop = store.subscribe(({ name, serial }) => heard.push(`${name} ${serial}`));
    const zone = zoneIn(store);
    const { serial } = zone;
    assert.equal(await update(store, add('h', 1)), Rcode.NOERROR);
    assert.equal(zone.serial, serial + 1);
    assert.equal(await onDisk(folder), textOf(zone));
    assert.equal(await update(store, add('h', 1)), Rcode.NOERROR);
    assert.equal(await update(store, { ...add('h', 1), name: 'example.net' }), Rcode.NOTZONE);
    assert.deepEqual(heard, [`${ZONE} ${serial + 1}`]);
    stop();
    await update(store, add('h', 2));
    assert.equal(heard.length, 1);
    await store.close();
  });

  it('keeps updates that come together in one line of the journal, each with a serial of its own', async () => {
    const folder = tempFolder();
    const store = await openZoneStore(folder, [ZONE]);
    const zone = zoneIn(store);
    const { serial } = zone;
    await Promise.all(Array.from({ length: 50 }, (_, index) => update(store, add(`h${index}`, index))));
    assert.equal(zone.serial, serial + 50);
    const path = join(folder, `${ZONE}.journal`);
    const { entries } = readJournal(readFileSync(path), ZONE, path);
    assert.deepEqual(
      entries.map(({ changes }) => changes.length),
      [50],
    );
    await store.close();
  });

  it('judges each update by those before it, also of the same moment', async () => {
    const store = await openZoneStore(tempFolder(), [ZONE]);
    const free = { ...add('h', 0), class: RrClass.NONE, ttl: 0, rdata: Buffer.alloc(0) };
    const race = [1, 2, 3].map((last) =>
      store.update(zoneIn(store), { prerequisites: [free], updates: [add('h', last)] }),
    );
    assert.deepEqual(await Promise.all(race), [Rcode.NOERROR, Rcode.YXRRSET, Rcode.YXRRSET]);
    await store.close();
  });

  it('leaves a zone file that says all when it is closed, and an empty journal', async () => {
    const folder = tempFolder();
    const store = await openZoneStore(folder, [ZONE]);
    const last = update(store, add('h', 1));
    await store.close();
    assert.equal(await last, Rcode.NOERROR);
    assert.ok(readFileSync(join(folder, `${ZONE}.zone`), 'utf8').includes('h   60 IN A   192.0.2.1'));
    assert.equal(readFileSync(join(folder, `${ZONE}.journal`), 'utf8'), journalHeader(ZONE));
    assert.deepEqual(readdirSync(folder).sort(), [`${ZONE}.journal`, `${ZONE}.zone`]);
    await assert.rejects(update(store, add('h', 2)), { code: 'ZONE_CLOSED' });
  });

  it('finds the closest zone of a name', async () => {
    const store = await openZoneStore(tempFolder(), [ZONE, `child.${ZONE}`]);
    assert.equal(store.closest(`a.b.${ZONE}`)?.name, ZONE);
    assert.equal(store.closest(`a.child.${ZONE}`)?.name, `child.${ZONE}`);
    assert.equal(store.closest(`xchild.${ZONE}`)?.name, ZONE);
    assert.equal(store.closest('example.org'), undefined);
    await store.close();
  });

  it('has a folder for itself', async () => {
    const folder = tempFolder();
    const store = await openZoneStore(folder, [ZONE]);
    await assert.rejects(openZoneStore(folder, [ZONE]), {
      code: 'ZONE_LOCKED',
      message: `"${folder}" is in use by process ${process.pid}: stop it first; if it is not dynonym, remove "${join(folder, 'lock')}"`,
    });
    await store.close();
    await (await openZoneStore(folder, [ZONE])).close();
  });

  it('takes its folder over from a process that died with the power, whoever has its number now', {
    skip: process.platform !== 'linux' && 'proc(5) is needed to know',
  }, async () => {
    const folder = tempFolder();
    plantLock(join(folder, 'lock'), { pid: process.ppid });
    const logger = new RecordingLogger();
    const store = await openZoneStore(folder, [ZONE], logger);
    assert.equal(logger.at('warn')[0]?.event, 'Took over the lock of a process that is dead');
    await store.close();
    assert.deepEqual(readdirSync(folder).sort(), [`${ZONE}.journal`, `${ZONE}.zone`]);
  });

  it('names all that is wrong with any of its files, and opens nothing', async () => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'a.test.zone'), '$TTL 1\n@ A x\n@ B x\n');
    writeFileSync(join(folder, 'b.test.zone'), '$TTL 1\n@ A 192.0.2.1\n');
    await assert.rejects(openZoneStore(folder, ['a.test', 'ok.test', 'b.test']), {
      code: 'ZONE_INVALID',
      message: [
        `"${folder}/a.test.zone", line 2: an IPv4 address has four decimal numbers of 0 to 255, like 192.0.2.7`,
        `"${folder}/a.test.zone", line 3: "B" is no record type`,
        `"${folder}/b.test.zone", line 1: the zone b.test has no SOA`,
        `"${folder}/b.test.zone", line 1: the zone b.test has no NS at its apex`,
      ].join('\n'),
    });
    assert.equal(existsSync(join(folder, 'lock')), false);
  });

  it('says that a folder cannot be used', async () => {
    const folder = join(tempFolder(), 'none');
    await assert.rejects(openZoneStore(folder, [ZONE]), { code: 'LOCK_UNWRITABLE' });
  });
});

describe('An error that nobody expects', () => {
  /** A change that deletes what is not there. */
  const unfit: Decide = (zone) => {
    const serial = serialOf(soaOf(zone).rdatas[0]);
    const soa = (to: number): ZoneRecord => {
      const { type, ttl, rdatas } = soaOf(zone);
      return { owner: ZONE, type, ttl, rdata: withSerial(rdatas[0], to) };
    };
    const { name: owner, ...nobody } = add('nobody', 1);
    const change = {
      from: serial,
      to: serial + 1,
      deleted: [soa(serial), { owner, ...nobody }],
      added: [soa(serial + 1)],
    };
    return { kind: 'change', change };
  };

  it('in a change: that change is refused alone, and the disk never has it', async () => {
    const folder = tempFolder();
    const store = await openZoneStore(folder, [ZONE]);
    const zone = zoneIn(store);
    const [one, bad, two] = await Promise.allSettled([
      update(store, add('one', 1)),
      store.change(zone, unfit),
      update(store, add('two', 2)),
    ]);
    assert.deepEqual([one.status, two.status], ['fulfilled', 'fulfilled']);
    assert.ok(bad.status === 'rejected' && bad.reason instanceof RangeError);
    assert.equal(await onDisk(folder), textOf(zone));
    await store.close();
  });

  it('in the work on a zone ends the updates of that zone, and of no other; what is durable stays', async () => {
    const folder = tempFolder();
    const logger = new RecordingLogger();
    const store = await openZoneStore(folder, [ZONE, 'other.test'], logger);
    const zone = zoneIn(store);
    const cause = new Error('a listener that throws');
    const stop = store.subscribe(() => {
      throw cause;
    });
    const failed = { code: 'ZONE_FAILED', cause };
    const first = update(store, add('h', 1));
    await assert.rejects(first, failed);
    stop();
    await assert.rejects(update(store, add('h', 2)), failed);
    assert.equal(logger.at('error').length, 1);

    const other = store.zone('other.test');
    assert.ok(other !== undefined);
    const record = { ...add('h', 3), name: 'h.other.test' };
    assert.equal(await store.update(other, { prerequisites: [], updates: [record] }), Rcode.NOERROR);
    await store.close();
    const again = await openZoneStore(folder, [ZONE, 'other.test']);
    assert.equal(textOf(zoneIn(again)), textOf(zone));
    await again.close();
  });
});

describe('The import of a zone', () => {
  const recordsIn = (text: string) => readZoneFile(Buffer.from(text), ZONE, 'x.zone').records;
  const FILE = '$TTL 1h\n@ SOA ns1 hostmaster 7 1 1 1 1\n@ NS ns1\nns1 A 192.0.2.1\n';

  it('makes the zone what the file says, as one change that secondaries can follow', async () => {
    const folder = tempFolder();
    const store = await openZoneStore(folder, [ZONE]);
    const zone = zoneIn(store);
    await update(store, add('old', 1));
    const { serial } = zone;
    await store.import(zone, recordsIn(FILE));
    assert.equal(zone.serial, serial + 1);
    assert.equal(zone.changesSince(serial)?.length, 1);
    assert.equal(zone.find(`old.${ZONE}`), undefined);
    assert.equal(await onDisk(folder), textOf(zone));
    await store.import(zone, recordsIn(textOf(zone)));
    assert.equal(zone.serial, serial + 1);
    await store.close();
  });

  it('takes the serial of the file where that is later', async () => {
    const { folder } = await killedAfter(0);
    const store = await openZoneStore(folder, [ZONE]);
    await store.import(zoneIn(store), recordsIn(FILE));
    assert.equal(zoneIn(store).serial, 7);
    await store.close();
  });

  it('begins with a file that has to be right: all that is wrong is listed', () => {
    assert.throws(() => recordsIn(`${FILE}a A\nb CNAME\n`), {
      code: 'ZONE_INVALID',
      message: '"x.zone", line 5: an IPv4 address is missing\n"x.zone", line 6: a name is missing',
    });
  });

  it('and the export are each other undone, also while the zone is served', async () => {
    const folder = tempFolder();
    const store = await openZoneStore(folder, [ZONE]);
    await update(store, add('h', 1));
    const exported = (await exportedZone(folder, ZONE)) ?? '';
    assert.ok(exported.includes('192.0.2.1'));
    const { serial } = zoneIn(store);
    await store.import(zoneIn(store), recordsIn(exported));
    assert.equal(zoneIn(store).serial, serial);
    assert.equal(await exportedZone(folder, ZONE), exported);
    assert.equal(await exportedZone(folder, 'other.test'), undefined);
    await store.close();
  });
});

describe('A journal', () => {
  it('that was torn at any octet of its last line gives all lines before it, and a line in the log', async () => {
    const { folder, journal, texts } = await killedAfter(3);
    const whole = readFileSync(journal);
    const last = whole.lastIndexOf('\n', whole.length - 2) + 1;
    for (let end = last; end <= whole.length; end += 1) {
      const logger = new RecordingLogger();
      writeFileSync(journal, whole.subarray(0, end));
      const loaded = await loadZone(folder, ZONE);
      assert.equal(loaded && textOf(loaded.zone), texts[end === whole.length ? 3 : 2]);
      if (end % 40 !== 0) continue;
      const file = readFileSync(join(folder, `${ZONE}.zone`));
      const store = await openZoneStore(folder, [ZONE], logger);
      assert.equal(textOf(zoneIn(store)), texts[2]);
      assert.equal(logger.at('warn').length, end === last ? 0 : 1);
      // What comes next stands where the torn line was.
      await update(store, add('next', 9));
      assert.equal(await onDisk(folder), textOf(zoneIn(store)));
      await store.close();
      writeFileSync(join(folder, `${ZONE}.zone`), file);
    }
  });

  it('whose last line was never filled by the disk loses that line only', async () => {
    const { folder, journal, texts } = await killedAfter(2);
    appendFileSync(journal, Buffer.alloc(5_000));
    const loaded = await loadZone(folder, ZONE);
    assert.equal(loaded && textOf(loaded.zone), texts[2]);
    assert.equal(loaded?.torn, 5_000);
  });

  it('whose last line has zeros in place of its end loses that line only', async () => {
    const { folder, journal, texts } = await killedAfter(2);
    const whole = readFileSync(journal);
    const last = whole.lastIndexOf('\n', whole.length - 2) + 1;
    for (const from of [last + 1, last + 30, whole.length - 1]) {
      writeFileSync(journal, Buffer.from(whole).fill(0, from));
      const loaded = await loadZone(folder, ZONE);
      assert.equal(loaded && textOf(loaded.zone), texts[1]);
      assert.equal(loaded?.torn, whole.length - last);
    }
  });

  it('whose last line has zeros before its end is damaged: it may have been acknowledged', async () => {
    const { folder, journal } = await killedAfter(2);
    const whole = readFileSync(journal);
    const last = whole.lastIndexOf('\n', whole.length - 2) + 1;
    for (const [from, to] of [
      [last, last + 60],
      [last + 30, last + 31],
      [last + 60, whole.length - 1],
    ] as const) {
      writeFileSync(journal, Buffer.from(whole).fill(0, from, to));
      await assert.rejects(loadZone(folder, ZONE), { code: 'ZONE_DAMAGED' });
    }
  });

  it('that is damaged is refused with file and line, whichever bit it is, in the last line too', async () => {
    const { folder, journal } = await killedAfter(3);
    const whole = readFileSync(journal);
    for (let at = 0; at < whole.length; at += 1) {
      const damaged = Buffer.from(whole);
      damaged.writeUInt8(whole.readUInt8(at) ^ (1 << (at % 8)), at);
      writeFileSync(journal, damaged);
      const line = whole.subarray(0, at).toString('latin1').split('\n').length;
      await assert.rejects(loadZone(folder, ZONE), (error: Error & { code?: string }) => {
        assert.equal(error.code, 'ZONE_DAMAGED');
        assert.ok(error.message.startsWith(`"${journal}", line ${line}: `), error.message);
        return true;
      });
    }
  });

  it('that has lost a line or its head, or belongs elsewhere, is refused', async () => {
    const { folder, journal } = await killedAfter(3);
    const [header, one, two, three] = readFileSync(journal, 'latin1').split('\n');
    for (const lines of [
      [header, one, three, ''],
      [header, two, three, ''],
      ['dynonym-journal 1 other.test', one, ''],
      [one, two, three, ''],
      [''],
    ]) {
      writeFileSync(journal, lines.join('\n'));
      await assert.rejects(loadZone(folder, ZONE), { code: 'ZONE_DAMAGED' });
    }
  });

  it('without its zone file is refused, so that no old zone begins anew', async () => {
    const { folder } = await killedAfter(1);
    const empty = tempFolder();
    writeFileSync(join(empty, `${ZONE}.journal`), readFileSync(join(folder, `${ZONE}.journal`)));
    await assert.rejects(openZoneStore(empty, [ZONE]), { code: 'ZONE_DAMAGED' });
  });

  it('of which the zone file has some lines already, from a crash while it was shortened, is read from there', async () => {
    const { folder, texts } = await killedAfter(3);
    for (const text of texts) {
      writeFileSync(join(folder, `${ZONE}.zone`), text);
      assert.equal(await onDisk(folder), texts[3]);
    }
  });

  it('is read from there also where its serials went round more than half of the circle', async () => {
    const folder = tempFolder();
    const path = join(folder, `${ZONE}.zone`);
    writeFileSync(path, '$TTL 60\n@ SOA ns1 hostmaster 100 1 1 1 1\n@ NS ns1\nns1 A 192.0.2.1\n');
    const store = await openZoneStore(folder, [ZONE]);
    const texts = [textOf(zoneIn(store))];
    for (const serial of [2147483747, 4294967294, 2147483645, 2147483646]) {
      await leadTo(store, serial);
      assert.equal(zoneIn(store).serial, serial);
      texts.push(textOf(zoneIn(store)));
    }
    await assertReadFromEach(texts, folder, store);
  });

  it('is read from there also where its serials went round the circle, so that one came twice', async () => {
    const folder = tempFolder();
    const path = join(folder, `${ZONE}.zone`);
    writeFileSync(
      path,
      '$TTL 60\n@ SOA ns1 hostmaster 100 1 1 1 1\n@ NS ns1\nns1 A 192.0.2.1\nold A 192.0.2.9\n',
    );
    const store = await openZoneStore(folder, [ZONE]);
    const texts = [textOf(zoneIn(store))];
    const keep = () => texts.push(textOf(zoneIn(store)));
    const nothing = Buffer.alloc(0);
    await update(store, { name: `old.${ZONE}`, type: RrType.A, class: RrClass.ANY, ttl: 0, rdata: nothing });
    keep();
    for (const serial of [2147483740, 4294967290, 99]) {
      await leadTo(store, serial);
      keep();
    }
    for (const label of ['second', 'third']) {
      await update(store, add(label, 1));
      keep();
    }
    assert.equal(zoneIn(store).serial, 101);
    await assertReadFromEach(texts, folder, store);
  });

  it('is shortened while updates go on, and the zone file takes over', async () => {
    const folder = tempFolder();
    const minCompaction = 50_000;
    const store = await openZoneStore(folder, [ZONE], noLogger, minCompaction);
    const path = join(folder, `${ZONE}.zone`);
    const before = readFileSync(path);
    let round = 0;
    for (; readFileSync(path).equals(before) && round < 60; round += 1) {
      await Promise.all(Array.from({ length: 100 }, (_, index) => update(store, add(`h${round}`, index))));
    }
    await update(store, add('last', 1));
    assert.ok(round > 1 && round < 60, `${round} rounds`);
    // Some rounds come while the zone file is being written.
    assert.ok(readFileSync(join(folder, `${ZONE}.journal`)).length < 10 * minCompaction);
    assert.equal(await onDisk(folder), textOf(zoneIn(store)));
    await store.close();
    assert.equal(await onDisk(folder), textOf(zoneIn(store)));
  });
});

describe('A journal that cannot be shortened', () => {
  /** One with two changes, and the means to see how many there are. */
  async function openJournal(replace?: typeof replaceFile) {
    const { folder, journal: path } = await killedAfter(2);
    const entries = () => readJournal(readFileSync(path), ZONE, path).entries;
    const [change] = entries()[0]?.changes ?? [];
    assert.ok(change !== undefined);
    const journal = await Journal.open(path, ZONE, readFileSync(path).length, replace);
    return { folder, path, journal, entries, change };
  }

  it('because nobody may read the folder goes on as it is, and what is added is in it', async () => {
    const { folder, journal, entries, change } = await openJournal();
    await asNobody(folder, async () => {
      chmodSync(folder, 0o300);
      await assert.rejects(journal.dropUpTo(journal.size), { code: 'EACCES' });
      chmodSync(folder, 0o700);
    });
    await journal.append([change]);
    assert.equal(entries().length, 3);
    await journal.dropUpTo(journal.size);
    assert.equal(entries().length, 0);
    await journal.close();
  });

  it('whose name another has by then takes nothing more: the next start would not read it', async () => {
    const { path, journal, entries, change } = await openJournal(async (...file) => {
      await replaceFile(...file);
      throw new Error('the folder was not written');
    });
    await assert.rejects(journal.dropUpTo(journal.size), /the folder was not written/);
    await assert.rejects(journal.append([change]), {
      code: 'ZONE_UNWRITABLE',
      message: `"${path}" cannot be used: the folder was not written`,
    });
    assert.equal(entries().length, 0);
    await journal.close();
  });
});

describe('A disk that is full when the zones are opened', () => {
  const disk = smallDisk();
  const skip = disk === undefined && 'only root may mount';

  it('lets them be answered for, refuses changes, and writes nothing', { skip }, async () => {
    assert.ok(disk !== undefined);
    const { folder, fill, clear } = disk;
    const first = await openZoneStore(folder, [ZONE]);
    await update(first, add('h', 1));
    await first.close();
    fill();
    const before = readdirSync(folder).sort();
    const logger = new RecordingLogger();
    const store = await openZoneStore(folder, [ZONE], logger);
    assert.match(textOf(zoneIn(store)), /^h\S*\s.*192\.0\.2\.1$/m);
    assert.equal(store.closest(`a.${ZONE}`)?.name, ZONE);
    assert.equal(logger.at('warn').length, 1);
    await assert.rejects(update(store, add('h', 2)), { code: 'ZONE_UNWRITABLE', message: /ENOSPC/ });
    // Another process may have the folder by then.
    clear();
    await assert.rejects(update(store, add('h', 2)), { code: 'ZONE_UNWRITABLE' });
    await store.close();
    assert.deepEqual(
      readdirSync(folder).sort(),
      before.filter((name) => name !== 'full'),
    );
    const next = await openZoneStore(folder, [ZONE]);
    await update(next, add('h', 2));
    await next.close();
  });

  it('begins no new zone', { skip }, async () => {
    assert.ok(disk !== undefined);
    disk.fill();
    await assert.rejects(openZoneStore(disk.folder, ['new.test']), { code: 'ZONE_UNWRITABLE' });
    disk.clear();
  });
});

describe('A full disk', { skip: !existsSync('/dev/full') && 'no /dev/full here' }, () => {
  it('keeps nothing: updates fail, nobody sees them, and the log says why', async () => {
    const zone = zoneOf(ZONE);
    const logger = new RecordingLogger();
    // By a link of our own: what is put in the place of the journal must not take that of the device.
    const path = join(tempFolder(), 'journal');
    symlinkSync('/dev/full', path);
    const journal = await Journal.open(path, ZONE, 0);
    const heard: Zone[] = [];
    const files = { path: join(tempFolder(), 'zone'), journal };
    const stored = new StoredZone(zone, files, logger, (changed) => heard.push(changed));
    const ask = (last: number) =>
      stored.change((view) => judgeUpdate(view, { prerequisites: [], updates: [add('h', last)] }));
    const outcomes = await Promise.allSettled([ask(1), ask(2), ask(2)]);
    for (const outcome of outcomes) {
      assert.ok(outcome.status === 'rejected');
      assert.equal(outcome.reason.code, 'ZONE_UNWRITABLE');
      assert.equal(outcome.reason.message, `"${path}" cannot be used: no space left on device (ENOSPC)`);
    }
    assert.equal(textOf(zone), textOf(zoneOf(ZONE)));
    assert.deepEqual(heard, []);
    assert.equal(logger.at('error').length, 1);
    await assert.rejects(ask(3), { code: 'ZONE_UNWRITABLE' });
    await stored.close();
  });
});
