import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { eventsIn } from '../../src/adapters/file-history/event-lines.ts';
import { FileHistory } from '../../src/adapters/file-history/file-history.ts';
import { SystemClock } from '../../src/adapters/system/system-clock.ts';
import { noLogger } from '../../src/application/ports/logger.ts';
import { domainName } from '../../src/domain/domain-name.ts';
import { compiled } from '../support/compiled.ts';
import { change, report } from '../support/events.ts';
import { RunningProcess } from '../support/run-process.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const KILLS = 100;
/** Milliseconds. What was told so short before the end may be missing. */
const SECOND = 1_000;
/** Milliseconds between two events, at most, while the process has the processor. */
const PAUSE = 10;

describe('a history whose process is killed with -9 at random moments', () => {
  it(`lacks no event but those of the last second, and can be read, ${KILLS} times`, async () => {
    const writer = await compiled('test/support/history-writer.ts');
    const path = join(tempFolder(), 'dynonym.history.jsonl');
    let next = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      const child = new RunningProcess(process.execPath, [writer, path, String(next)]);
      await until(() => child.stdout.includes('\n'), { what: 'the writer to begin' });
      // That the moment is random is the point. Some are longer than the time for which events are gathered.
      await pause(Math.random() * 2 * SECOND);
      child.kill('SIGKILL');
      await child.end();
      const told = child.stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.split(' ').map(Number));
      const kept = new Set<number>();
      for await (const event of eventsIn(path)) kept.add(event.at % 1_000_000);
      // Backwards from the end, as long as the process ran: while it waits for the processor, it does not count.
      let running = 0;
      let later = told.at(-1)?.[1] ?? 0;
      for (const [number = 0, at = 0] of told.toReversed()) {
        running += Math.min(later - at, PAUSE);
        later = at;
        assert.ok(kept.has(number) || running < SECOND, `after kill ${kill}, ${number} is missing`);
      }
      next = Number(told.at(-1)?.[0]) + 2;
    }
    const left = readdirSync(dirname(path)).filter((file) => !file.endsWith('.new~'));
    assert.deepEqual(left, ['dynonym.history.jsonl']);
  });
});

describe('a million updates', () => {
  for (const [what, limit, eventOf] of [
    [
      'that change the DNS',
      80_000_000,
      (number: number) => change({ after: { ipv4: [`192.0.2.${number % 256}`] } }),
    ],
    ['that change nothing', 15_000_000, () => report({ outcome: 'unchanged' })],
  ] as const) {
    it(`${what} leave a file of bounded size with the last events of each name`, async () => {
      const path = join(tempFolder(), 'dynonym.history.jsonl');
      let lost = 0;
      const history = new FileHistory(path, {
        limits: { events: 100, days: 90 },
        clock: new SystemClock(),
        logger: noLogger,
        lost: (events) => {
          lost += events;
        },
      });
      let largest = 0;
      const began = Date.now();
      for (let number = 0; number < 1_000_000; number += 1) {
        const name = domainName(`host${number % 1_000}.example.org`);
        history.tell({ ...eventOf(number), at: began + number, name });
        if (number % 10_000 !== 0) continue;
        await history.close();
        largest = Math.max(largest, statSync(path).size);
      }
      await history.close();
      assert.equal(lost, 0);
      assert.ok(largest < limit, `${largest} octets`);
      const events = await history.ofName(domainName('host7.example.org'), 1_000);
      const last = began + 999_007;
      assert.deepEqual(
        events.slice(0, 1).map(({ at }) => at),
        [last],
      );
      if (what === 'that change the DNS') assert.equal(events.length, 100);
      else
        assert.deepEqual(
          events.map((event) => event.kind === 'reported' && event.repeated?.times),
          [1_000],
        );
    });
  }
});
