import assert from 'node:assert/strict';
import { readdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as pause, setImmediate } from 'node:timers/promises';
import { holding, LockTimeout } from '../../../../src/adapters/files/hold-lock.ts';
import { BEFORE_POWER_LOSS, plantLock } from '../../../support/plant-lock.ts';
import { RunningProcess, runProcess } from '../../../support/run-process.ts';
import { tempFolder } from '../../../support/temp-folder.ts';
import { HANG, until } from '../../../support/until.ts';

/** Four have all that a dead owner may have left behind; test/fuzz/lock-race.test.ts has many more. */
const ROUNDS = 4;

describe('a lock that is waited for', () => {
  it('lets one after the other in, and leaves nothing behind', async () => {
    const lock = newLock();
    assert.equal(await mostAtOnce(lock, 20), 1);
    assert.deepEqual(left(lock), []);
  });

  it('is free again when an action fails, and gives the failure', async () => {
    const lock = newLock();
    await assert.rejects(
      holding(lock, 1000, () => Promise.reject(new Error('no'))),
      /^Error: no$/,
    );
    assert.equal(await holding(lock, 0, async () => 'in'), 'in');
  });

  it('of many who find a dead owner at once, lets one after the other in', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const lock = newLock();
      plantLock(lock, ENDED);
      // Half of the times, a process was killed that was about to take the lock over.
      if (round % 2 === 0) plantLock(`${lock}.takeover`, ENDED);
      if (round % 4 === 0) plantLock(`${lock}.takeover.takeover`, ENDED);
      assert.equal(await mostAtOnce(lock, 12), 1);
      assert.deepEqual(left(lock), []);
    }
  });

  it('is taken over from a process of the same number that began at another time', async () => {
    const lock = newLock();
    plantLock(lock, ENDED);
    assert.equal(await holding(lock, 0, async () => 'in'), 'in');
    assert.deepEqual(left(lock), []);
  });

  it('is taken over from a process that has ended', async () => {
    const lock = newLock();
    const { stdout } = await runProcess('sh', ['-c', 'echo $$']);
    plantLock(lock, { pid: Number(stdout), began: '-' });
    assert.equal(await holding(lock, 0, async () => 'in'), 'in');
  });

  it('is taken over from a process that is dead, and was not yet noticed to be', {
    skip: process.platform !== 'linux' && 'proc(5) is needed to know',
  }, async () => {
    const lock = newLock();
    const parent = new RunningProcess('sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 60']);
    const pid = Number(await until(() => parent.stdout, { what: 'the child' }));
    await until(() => readFileSync(`/proc/${pid}/stat`, 'latin1').includes(') Z '), { what: 'its end' });
    plantLock(lock, { pid, began: '-' });
    assert.equal(await holding(lock, 0, async () => 'in'), 'in');
    parent.kill('SIGKILL');
    await parent.end();
  });

  it('waits in vain for somebody else in this process, and tells who holds it', async () => {
    const lock = newLock();
    await holding(lock, 0, () => waitsInVain(lock, process.pid, hostname()));
  });

  for (const [situation, owner] of [
    ['a process of somebody else', { pid: 1, began: '-' }],
    ['a process of another machine', { pid: 2 ** 22 - 1, host: 'elsewhere.example.org' }],
  ] as const) {
    it(`waits in vain for ${situation}, and tells who holds it`, async () => {
      const lock = newLock();
      const second = plantLock(lock, owner);
      await waitsInVain(lock, owner.pid, 'host' in owner ? owner.host : hostname());
      assert.deepEqual(left(lock), ['lock~', basename(second)]);
    });
  }

  it('waits in vain for a file that is no lock, and leaves it alone', async () => {
    const lock = newLock();
    writeFileSync(lock, 'mine');
    await assert.rejects(
      holding(lock, 30, () => assert.fail('was let in')),
      (error) => error instanceof LockTimeout && error.owner === undefined,
    );
    assert.equal(readFileSync(lock, 'utf8'), 'mine');
  });

  it('lets in who waits, once the owner is gone', async () => {
    const lock = newLock();
    const second = plantLock(lock, { pid: 1, began: '-' });
    const waiting = holding(lock, HANG, async () => 'in');
    await setImmediate();
    unlinkSync(lock);
    unlinkSync(second);
    assert.equal(await waiting, 'in');
  });
});

const newLock = (): string => join(tempFolder(), 'lock~');

/** An owner whose number is that of another process now, which takes longest to find out. */
const ENDED = { pid: process.ppid, began: BEFORE_POWER_LOSS };

const left = (lock: string): string[] => readdirSync(join(lock, '..'));

async function waitsInVain(lock: string, pid: number, host: string): Promise<void> {
  await assert.rejects(
    holding(lock, 30, () => assert.fail('was let in')),
    (error) => {
      assert.ok(error instanceof LockTimeout);
      assert.deepEqual([error.lock, error.owner], [lock, { pid, host }]);
      return true;
    },
  );
}

/** How many of `count` who try at the same time are in at once. */
async function mostAtOnce(lock: string, count: number): Promise<number> {
  let [now, most, all] = [0, 0, 0];
  const visit = async (): Promise<void> => {
    now += 1;
    all += 1;
    most = Math.max(most, now);
    // That all come and go at random moments is the point; nothing is waited for.
    await pause(Math.random() * 3);
    now -= 1;
  };
  const come = async (): Promise<void> => {
    await pause(Math.random() * 2);
    await holding(lock, HANG, visit);
  };
  await Promise.all(Array.from({ length: count }, come));
  assert.equal(all, count);
  return most;
}
