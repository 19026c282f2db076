import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LockOutcome, ProcessLock } from '../../src/application/ports/process-lock.ts';

/** A place for a lock, and processes around it. */
export type LockScene = {
  /** Another lock on the same place, of this process. */
  lock(): ProcessLock;
  readonly self: number;
  readonly living: number;
  readonly dead: number;
  /** Who holds the lock, whether alive or not. */
  holder(): Promise<number | undefined>;
  /** Puts a lock of that process there, whatever there was. */
  leave(process: number): Promise<void>;
  /** Takes the lock away, as somebody does by hand. */
  clear(): Promise<void>;
  /** Lets the disk take nothing more. Missing where this user cannot. */
  fill?(): void;
};

/** What every ProcessLock keeps to. `inScene` gives the test a scene of its own. */
export function processLockContract(
  name: string,
  inScene: (test: (scene: LockScene) => Promise<void>) => Promise<void>,
): void {
  const given = (situation: string, test: (scene: LockScene) => Promise<void>) =>
    it(situation, () => inScene(test));

  describe(`${name} as a lock between processes`, () => {
    given('that is free is acquired, and free again after its release', async ({ lock, holder, self }) => {
      const outcome = await acquired(lock());
      assert.equal(outcome.takenOverFrom, undefined);
      assert.notEqual(outcome.place, '');
      assert.equal(await holder(), self);
      await outcome.release();
      assert.equal(await holder(), undefined);
    });

    given('that another process holds tells which, and stays', async ({ lock, holder, leave, living }) => {
      await leave(living);
      const outcome = await lock().acquire();
      assert.equal(outcome.kind, 'held');
      assert.equal(outcome.kind === 'held' && outcome.by, living);
      assert.equal(await holder(), living);
    });

    given('that this process holds already is held by it', async ({ lock, self }) => {
      const one = lock();
      const { release } = await acquired(one);
      for (const again of [one, lock()]) {
        const outcome = await again.acquire();
        assert.equal(outcome.kind === 'held' && outcome.by, self);
      }
      await release();
      await (await acquired(lock())).release();
    });

    given('of a dead process is taken over', async ({ lock, holder, leave, dead, self }) => {
      await leave(dead);
      const outcome = await acquired(lock());
      assert.equal(outcome.takenOverFrom, dead);
      assert.equal(await holder(), self);
      await outcome.release();
      assert.equal(await holder(), undefined);
    });

    given('with our own number from a life before is taken over', async ({ lock, leave, self, holder }) => {
      await leave(self);
      const outcome = await acquired(lock());
      assert.equal(outcome.takenOverFrom, self);
      await outcome.release();
      assert.equal(await holder(), undefined);
    });

    given('that was taken over is held like any other', async ({ lock, leave, dead, self }) => {
      await leave(dead);
      const { release } = await acquired(lock());
      const outcome = await lock().acquire();
      assert.equal(outcome.kind === 'held' && outcome.by, self);
      await release();
    });

    for (const [state, prepare] of [
      ['is free', async () => {}],
      ['is of a dead process', ({ leave, dead }) => leave(dead)],
      ['has our number from a life before', ({ leave, self }) => leave(self)],
    ] satisfies [string, (scene: LockScene) => Promise<void>][]) {
      given(`that ${state} goes to exactly one of many who try at once`, async (scene) => {
        for (let round = 0; round < 20; round += 1) {
          await prepare(scene);
          const outcomes = await Promise.all(Array.from({ length: 16 }, () => scene.lock().acquire()));
          const winners = outcomes.filter((outcome) => outcome.kind === 'acquired');
          assert.equal(winners.length, 1);
          for (const outcome of outcomes) {
            if (outcome.kind === 'held') assert.equal(outcome.by, scene.self);
          }
          assert.equal(await scene.holder(), scene.self);
          await winners[0]?.release();
        }
      });
    }

    given('released twice is released once', async ({ lock, holder, self }) => {
      const first = await acquired(lock());
      await first.release();
      const second = await acquired(lock());
      await first.release();
      assert.equal(await holder(), self);
      await second.release();
    });

    given('that became that of another is left alone by release', async (scene) => {
      const { release } = await acquired(scene.lock());
      await scene.leave(scene.living);
      await release();
      assert.equal(await scene.holder(), scene.living);
    });

    given('on a full disk is none, and that is no fault', async ({ lock, holder, fill }) => {
      if (fill === undefined) return;
      fill();
      const outcome = await lock().acquire();
      assert.ok(outcome.kind === 'unwritable', outcome.kind);
      assert.equal(outcome.fault.code, 'LOCK_UNWRITABLE');
      assert.equal(await holder(), undefined);
    });

    given('that a living process holds is held also on a full disk', async (scene) => {
      await scene.leave(scene.living);
      scene.fill?.();
      const outcome = await scene.lock().acquire();
      assert.equal(outcome.kind === 'held' && outcome.by, scene.living);
    });

    given('that somebody took away is released without a word', async ({ lock, clear, holder }) => {
      const { release } = await acquired(lock());
      await clear();
      await release();
      assert.equal(await holder(), undefined);
    });
  });
}

async function acquired(lock: ProcessLock): Promise<Extract<LockOutcome, { kind: 'acquired' }>> {
  const outcome = await lock.acquire();
  assert.ok(outcome.kind === 'acquired', `the lock is ${outcome.kind}`);
  return outcome;
}
