import assert from 'node:assert/strict';
import { readdirSync, readFileSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as pause, setImmediate } from 'node:timers/promises';
import { holding, type LockOwner, MutexTimeout } from '../../../../src/adapters/toml/file-mutex.ts';
import { RunningProcess, runProcess } from '../../../support/run-process.ts';
import { tempFolder } from '../../../support/temp-folder.ts';
import { until } from '../../../support/until.ts';

describe('a mutex that is a file', () => {
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
    for (let round = 0; round < 12; round += 1) {
      const lock = newLock();
      const [owner, gravedigger] = [plant(lock, DEAD), { ...DEAD, id: `d${round}` }];
      // Half of the times, somebody was killed who was about to bury the owner.
      if (round % 2 === 0) plant(`${lock}.${owner.id}`, gravedigger);
      if (round % 4 === 0) plant(`${lock}.${owner.id}.${gravedigger.id}`, DEAD);
      assert.equal(await mostAtOnce(lock, 12), 1);
      assert.deepEqual(left(lock), []);
    }
  });

  it('is taken over from a process of the same number that began at another time', async () => {
    const lock = newLock();
    plant(lock, DEAD);
    assert.equal(await holding(lock, 0, async () => 'in'), 'in');
  });

  it('is taken over from a process that has ended', async () => {
    const lock = newLock();
    const { stdout } = await runProcess('sh', ['-c', 'echo $$']);
    plant(lock, { pid: Number(stdout) });
    assert.equal(await holding(lock, 0, async () => 'in'), 'in');
  });

  it('is taken over from a process that is dead, and was not yet noticed to be', {
    skip: process.platform !== 'linux' && 'proc(5) is needed to know',
  }, async () => {
    const lock = newLock();
    const parent = new RunningProcess('sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 60']);
    const pid = Number(await until(() => parent.stdout, { what: 'the child' }));
    await until(() => readFileSync(`/proc/${pid}/stat`, 'latin1').includes(') Z '), { what: 'its end' });
    plant(lock, { pid });
    assert.equal(await holding(lock, 0, async () => 'in'), 'in');
    parent.kill('SIGKILL');
    await parent.end();
  });

  for (const [situation, owner] of [
    ['this process', { pid: process.pid }],
    ['a process of somebody else', { pid: 1 }],
    ['a process of another machine', { pid: 2 ** 22 - 1, host: 'elsewhere.example.org' }],
  ] as const) {
    it(`waits in vain for ${situation}, and tells who holds it`, async () => {
      const lock = newLock();
      const planted = plant(lock, owner);
      await assert.rejects(
        holding(lock, 30, () => assert.fail('was let in')),
        (error) => error instanceof MutexTimeout && error.owner?.id === planted.id && error.lock === lock,
      );
      assert.deepEqual(left(lock), ['lock~']);
    });
  }

  it('waits in vain for a file that is no lock, and leaves it alone', async () => {
    const lock = newLock();
    writeFileSync(lock, 'mine');
    await assert.rejects(
      holding(lock, 30, () => assert.fail('was let in')),
      (error) => error instanceof MutexTimeout && error.owner === undefined,
    );
    assert.equal(readFileSync(lock, 'utf8'), 'mine');
  });

  it('lets in who waits, once the owner is gone', async () => {
    const lock = newLock();
    plant(lock, { pid: process.pid });
    const waiting = holding(lock, 10_000, async () => 'in');
    await setImmediate();
    unlinkSync(lock);
    assert.equal(await waiting, 'in');
  });
});

const newLock = (): string => join(tempFolder(), 'lock~');

/** An owner whose number is that of another process now, which takes longest to find out. */
const DEAD = { pid: process.pid, began: 'another start of the machine 12345' };

const left = (lock: string): string[] => readdirSync(join(lock, '..'));

/** Puts a lock in place as its owner would have. */
function plant(lock: string, owner: Partial<LockOwner> & { pid: number }): LockOwner {
  const whole: LockOwner = { host: hostname(), began: '', id: `d${Math.random()}`, ...owner };
  symlinkSync(JSON.stringify(whole), lock);
  return whole;
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
    await holding(lock, 10_000, visit);
  };
  await Promise.all(Array.from({ length: count }, come));
  assert.equal(all, count);
  return most;
}
