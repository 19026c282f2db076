import assert from 'node:assert/strict';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { FileHistory } from '../../../../src/adapters/file-history/file-history.ts';
import { domainName } from '../../../../src/domain/domain-name.ts';
import type { UserName } from '../../../../src/domain/user.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';
import { RecordingLogger } from '../../../fakes/recording-logger.ts';
import { change, report } from '../../../support/events.ts';
import { smallDisk } from '../../../support/small-disk.ts';
import { tempFolder } from '../../../support/temp-folder.ts';
import { until } from '../../../support/until.ts';

const HOME = domainName('home.example.org');
const DAY = 86_400_000;
const ALICE = 'alice' as UserName;
const BOB = 'bob' as UserName;

function setUp({
  folder = tempFolder(),
  events = 100,
  days = 90,
  slack = 1_000_000,
  clock = new ManualClock(),
} = {}) {
  const path = join(folder, 'dynonym.history.jsonl');
  const logger = new RecordingLogger();
  let lost = 0;
  const open = () =>
    new FileHistory(path, {
      limits: { events, days },
      slack,
      clock,
      logger,
      lost: (count) => {
        lost += count;
      },
    });
  return { path, clock, logger, open, history: open(), lost: () => lost };
}

const lines = (path: string) =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '');

describe('a file of events', () => {
  it('is not written before the events of a moment are gathered, and then by itself', async () => {
    const { path, clock, history } = setUp();
    history.tell(report({ at: clock.now() }));
    history.tell(change({ at: clock.now() }));
    assert.ok(!existsSync(path));
    await clock.advance(250);
    await history.close();
    assert.equal(lines(path).length, 2);
    assert.equal(clock.pending, 0);
  });

  it('has one line for all repetitions of a report within ten seconds', async () => {
    const { path, clock, history, open } = setUp();
    for (let second = 0; second < 9; second += 1) {
      history.tell(report({ at: clock.now(), outcome: 'unchanged' }));
      await clock.advance(1_000);
    }
    const [known] = await history.ofName(HOME, 100);
    assert.ok(known?.kind === 'reported' && known.repeated?.times === 9);
    assert.equal(lines(path).length, 1);
    await clock.advance(10_000);
    // Waits for what is being written.
    await history.states([HOME]);
    assert.equal(lines(path).length, 2);
    assert.deepEqual(await open().ofName(HOME, 100), [known]);
    assert.equal(clock.pending, 0);
  });

  it('has the repetitions of a report before what happened then', async () => {
    const { clock, history, open } = setUp();
    for (let turn = 0; turn < 3; turn += 1) {
      history.tell(report({ at: clock.now() + turn, outcome: 'unchanged' }));
    }
    history.tell(change({ at: clock.now() + 3 }));
    await clock.advance(250);
    await history.states([HOME]);
    const [last, first] = await open().ofName(HOME, 100);
    assert.equal(last?.kind, 'changed');
    assert.ok(first?.kind === 'reported' && first.repeated?.times === 3);
    await history.close();
  });

  it('is its owner’s alone', async () => {
    const { path, clock, history } = setUp();
    history.tell(report({ at: clock.now() }));
    await history.close();
    assert.equal(statSync(path).mode & 0o777, 0o600);
  });

  it('is read again after a restart: events, states, and the report that goes on', async () => {
    const { clock, history, open } = setUp();
    const at = clock.now();
    history.tell(change({ at }));
    history.tell(report({ at, outcome: 'unchanged' }));
    history.tell(report({ at: at + 1, outcome: 'unchanged' }));
    await history.close();
    const again = open();
    again.tell(report({ at: at + 2, outcome: 'unchanged' }));
    const [last, first] = await again.ofName(HOME, 100);
    assert.deepEqual([last?.at, first?.kind], [at + 2, 'changed']);
    const summary = (await again.states([HOME])).get(HOME);
    assert.deepEqual(summary?.report?.repeated, { times: 3, since: at });
    assert.deepEqual(summary?.addresses, { ipv4: ['192.0.2.1'] });
  });

  it('is read by another process while it is written', async () => {
    const { clock, history, open } = setUp();
    history.tell(change({ at: clock.now() }));
    await history.close();
    assert.equal((await open().ofName(HOME, 100)).length, 1);
    history.tell(change({ at: clock.now(), after: { ipv4: [] } }));
    await history.close();
    assert.equal((await open().ofName(HOME, 100)).length, 2);
  });

  for (const torn of ['{"kind":"chang', '\0\0\0\0', 'null', '[]', '{"kind":"changed"}', '\n\n']) {
    it(`may end with ${JSON.stringify(torn)}: the rest is read, and what follows is kept`, async () => {
      const { path, clock, history, open } = setUp();
      history.tell(change({ at: clock.now() }));
      await history.close();
      appendFileSync(path, torn);
      const again = open();
      again.tell(report({ at: clock.now() }));
      assert.deepEqual(
        (await again.ofName(HOME, 100)).map(({ kind }) => kind),
        ['reported', 'changed'],
      );
    });
  }

  const at = new ManualClock().now();
  const other = 'other.example.org';
  const noEvents: Readonly<Record<string, object | string>> = {
    'a change without its addresses': { kind: 'changed', at, name: other },
    'a change with a number for an address': { ...change({ at }), after: { ipv4: [1] } },
    'a kind of a later version': { kind: 'future', at, name: other },
    'a kind that all objects have': { kind: 'constructor', at, name: other },
    'no kind': { kind: ['changed'], at, name: other },
    'a silence without its beginning': { kind: 'silent', at, name: other, expected: 1 },
    'a report without its user': { ...report({ at }), user: undefined },
    'a report with an outcome of a later version': { ...report({ at }), outcome: 'postponed' },
    'a report that was repeated since ever': { ...report({ at }), repeated: { times: 2 } },
    'a time that no date has': change({ at: 1e17 }),
    'a time that is no number': JSON.stringify(change({ at })).replace(String(at), '1e999'),
  };
  for (const [what, line] of Object.entries(noEvents)) {
    it(`may have ${what}: the rest is read, and the log tells how many lines were passed over`, async () => {
      const { path, logger, history } = setUp();
      const text = typeof line === 'string' ? line : JSON.stringify(line);
      writeFileSync(path, `${JSON.stringify(change({ at }))}\n${text}\n${text}\n{"kind":"chang`);
      const states = await history.states([HOME, domainName(other), domainName('lost.example.org')]);
      assert.deepEqual([...states.keys()], [HOME]);
      assert.deepEqual(await history.ofName(HOME, 100), [change({ at })]);
      assert.deepEqual(await history.ofName(domainName(other), 100), []);
      const [entry, ...more] = logger.at('warn');
      assert.equal(entry?.event, 'Passed over lines of the history that are no events');
      assert.deepEqual([entry?.fields, more], [{ file: path, lines: 2 }, []]);
    });
  }

  it('loses the lines that are no events when it is shortened', async () => {
    const { path, history } = setUp();
    writeFileSync(
      path,
      `{"kind":"future","at":${at},"name":"${other}"}\n${JSON.stringify(change({ at }))}\n`,
    );
    await history.forget(new Set([BOB]));
    assert.deepEqual(lines(path), [JSON.stringify(change({ at }))]);
    await history.close();
  });

  it('that cannot be read is a fault with a code for whoever asks', async () => {
    const { path, open } = setUp();
    mkdirSync(path);
    await assert.rejects(open().states([HOME]), { code: 'HISTORY_UNREADABLE' });
  });

  it('that cannot be written loses events, counts them, says so once, and goes on when it can', async () => {
    const { path, clock, logger, history, lost } = setUp();
    await history.close();
    mkdirSync(path);
    for (let turn = 0; turn < 3; turn += 1) {
      history.tell(change({ at: clock.now(), after: { ipv4: [`192.0.2.${turn}`] } }));
      await history.close();
    }
    assert.equal(lost(), 3);
    assert.equal(logger.at('error').filter(({ event }) => event === 'Could not write the history').length, 1);
    rmdirSync(path);
    history.tell(change({ at: clock.now() }));
    await history.close();
    assert.equal(lines(path).length, 1);
  });

  it('does not take more than is kept while the disk stands still', async () => {
    const { clock, history, lost } = setUp();
    for (let turn = 0; turn < 50_010; turn += 1) history.tell(report({ at: clock.now() + turn }));
    assert.equal(lost(), 10);
    await history.close();
  });
});

describe('a report that comes while its name is looked up', () => {
  it('takes the place of no other event, also when it is repeated', async () => {
    const { clock, history } = setUp();
    history.tell(change({ at: clock.now() }));
    assert.equal((await history.ofName(HOME, 10)).length, 1);
    const found = history.ofName(HOME, 10);
    await Promise.resolve();
    for (const at of [1, 2]) history.tell(report({ at: clock.now() + at, outcome: 'unchanged' }));
    const kinds = (await found).map(({ kind }) => kind);
    assert.ok(kinds.includes('changed'), String(kinds));
    const [latest, earlier, ...others] = await history.ofName(HOME, 10);
    assert.equal(latest?.kind === 'reported' && latest.repeated?.times, 2);
    assert.deepEqual([earlier?.kind, others], ['changed', []]);
  });
});

describe('a file of events that grows', () => {
  it('is shortened to the last events of each name, and loses none that come meanwhile', async () => {
    const { path, clock, history, open } = setUp({ events: 3, slack: 20_000 });
    const cam = domainName('cam.example.org');
    history.tell(change({ name: cam, at: clock.now() }));
    let at = clock.now();
    // About 200,000 octets.
    for (let turn = 0; turn < 100; turn += 1) {
      for (let one = 0; one < 20; one += 1) {
        at += 1;
        history.tell(change({ at }));
      }
      await history.close();
    }
    // Twice the slack, and what was written in one go.
    assert.ok(statSync(path).size < 45_000, `${statSync(path).size}`);
    const again = open();
    assert.deepEqual(
      (await again.ofName(HOME, 100)).map((event) => event.at),
      [at, at - 1, at - 2],
    );
    assert.equal((await again.ofName(cam, 100)).length, 1);
  });

  it('is not read and written again where nothing could be removed', async () => {
    const { path, clock, history } = setUp({ slack: 20_000 });
    const files = new Set<number>();
    // About 100,000 octets, and no name has more events than are kept.
    for (let turn = 0; turn < 1_000; turn += 1) {
      history.tell(change({ at: clock.now(), name: domainName(`host${turn % 20}.example.org`) }));
      if (turn % 50 !== 49) continue;
      await history.close();
      files.add(statSync(path).ino);
    }
    assert.equal(files.size, 1);
    assert.equal(lines(path).length, 1_000);
  });

  it('is shortened after a start where a quarter of it is too old', async () => {
    const { path, clock, history, open } = setUp({ days: 7, slack: 20_000 });
    const fill = async (into: typeof history, events: number) => {
      for (let turn = 0; turn < events; turn += 1) {
        into.tell(change({ at: clock.now(), name: domainName(`host${turn % 20}.example.org`) }));
      }
      await into.close();
    };
    await fill(history, 90);
    await clock.advance(8 * DAY);
    const again = open();
    await fill(again, 200);
    await until(() => lines(path).length === 200, { what: 'the file to be shortened' });
  });

  it('is left alone by a process that only reads it', async () => {
    const { path, clock, open } = setUp({ events: 1, slack: 100 });
    const events = Array.from({ length: 50 }, (_, turn) => change({ at: clock.now() + turn }));
    writeFileSync(path, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
    const before = statSync(path).ino;
    const reader = open();
    assert.equal((await reader.states([HOME])).size, 1);
    assert.equal((await reader.ofName(HOME, 10)).length, 1);
    await reader.close();
    assert.equal(statSync(path).ino, before);
    assert.equal(lines(path).length, 50);
  });

  it('is shortened again after ten minutes where that failed, and the log says once why', async () => {
    const { path, clock, history, logger } = setUp({ events: 1, slack: 1_000 });
    mkdirSync(`${path}.new~`);
    const fill = async () => {
      for (let turn = 0; turn < 50; turn += 1) history.tell(change({ at: clock.now() + turn }));
      await history.close();
    };
    for (let turn = 0; turn < 5; turn += 1) await fill();
    assert.equal(logger.at('error').length, 1);
    rmdirSync(`${path}.new~`);
    await fill();
    assert.equal(lines(path).length, 300);
    await clock.advance(10 * 60_000);
    await fill();
    assert.ok(lines(path).length < 60, `${lines(path).length}`);
  });

  it('is shortened to a few days', async () => {
    const { clock, history, open } = setUp({ days: 7 });
    history.tell(change({ at: clock.now() }));
    await clock.advance(6 * DAY);
    history.tell(change({ at: clock.now(), after: { ipv4: [] } }));
    assert.equal((await history.ofName(HOME, 100)).length, 2);
    await clock.advance(2 * DAY);
    assert.equal((await history.ofName(HOME, 100)).length, 1);
    assert.equal((await open().ofName(HOME, 100)).length, 1);
  });

  it('loses nothing because the clock is set forward', async () => {
    const { clock, history } = setUp();
    history.tell(change({ at: clock.now() }));
    clock.setWallClock(clock.now() + 365 * DAY);
    assert.equal((await history.ofName(HOME, 100)).length, 1);
  });
});

describe('a user who is no more', () => {
  it('is not in the file any more', async () => {
    const { path, clock, history, open } = setUp();
    history.tell(report({ at: clock.now(), user: BOB }));
    history.tell(report({ at: clock.now(), user: ALICE }));
    await history.forget(new Set([BOB]));
    assert.doesNotMatch(readFileSync(path, 'utf8'), /bob/);
    assert.equal((await open().ofName(HOME, 100)).length, 1);
  });

  it('is forgotten later where the file could not be written', async () => {
    const { path, clock, history } = setUp();
    history.tell(report({ at: clock.now(), user: BOB }));
    await history.close();
    // The draft of the shorter file cannot be made.
    mkdirSync(`${path}.new~`);
    await history.forget(new Set([BOB]));
    assert.equal((await history.states([HOME])).size, 0, 'nobody is told of it any more');
    assert.deepEqual(await history.ofName(HOME, 10), []);
    // Somebody else has the name now.
    await clock.advance(1);
    const next = report({ at: clock.now(), user: ALICE });
    history.tell(next);
    await history.close();
    rmdirSync(`${path}.new~`);
    await history.forget(new Set([BOB]));
    assert.doesNotMatch(readFileSync(path, 'utf8'), /bob/);
    assert.deepEqual(await history.ofName(HOME, 10), [next]);
  });
});

describe('a full disk', () => {
  const disk = smallDisk();
  it('loses events, and leaves a file that is read as before', {
    skip: disk === undefined && 'no mount',
  }, async () => {
    assert.ok(disk);
    const { path, clock, history, open, lost, logger } = setUp({ folder: disk.folder });
    history.tell(change({ at: clock.now() }));
    await history.close();
    disk.fill();
    for (let turn = 0; turn < 100; turn += 1) {
      history.tell(report({ at: clock.now(), program: 'x'.repeat(80), from: `192.0.2.${turn}` }));
      await history.close();
    }
    assert.ok(lost() > 0);
    assert.equal(logger.at('error').length, 1);
    assert.ok((await open().ofName(HOME, 100)).length >= 1);
    disk.clear();
    history.tell(change({ at: clock.now(), after: { ipv4: ['192.0.2.77'] } }));
    await history.close();
    const [last] = await open().ofName(HOME, 1);
    assert.ok(last?.kind === 'changed' && last.after.ipv4?.[0] === '192.0.2.77');
    writeFileSync(path, '');
  });
});
