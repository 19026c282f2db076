import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PendingSignIns } from '../../src/application/ports/pending-sign-ins.ts';

/** What every PendingSignIns keeps to. `open` gives an empty one, and the same in another process, if there may be one. */
export function pendingSignInsContract(
  name: string,
  open: () => Promise<{
    readonly pending: PendingSignIns;
    readonly other: PendingSignIns;
    /** Lets time pass. */
    wait(milliseconds: number): Promise<void>;
  }>,
): void {
  describe(`${name} as pending sign-ins`, () => {
    it('gives what is kept once, to one of several who take it', async () => {
      const { pending, other } = await open();
      await pending.keep('browser', 'challenge');
      assert.equal(await other.take('another'), undefined);
      const taken = await Promise.all([pending, other, pending].map((each) => each.take('browser')));
      assert.deepEqual(
        taken.filter((value) => value !== undefined),
        ['challenge'],
      );
    });

    it('keeps the last of several for one browser', async () => {
      const { pending, other } = await open();
      await pending.keep('browser', 'one');
      await other.keep('browser', 'two');
      assert.equal(await pending.take('browser'), 'two');
      assert.equal(await pending.take('browser'), undefined);
    });

    it('forgets what is five minutes old', async () => {
      const { pending, other, wait } = await open();
      await pending.keep('browser', 'challenge');
      await wait(4 * 60_000);
      assert.equal(await other.take('browser'), 'challenge');
      await pending.keep('browser', 'challenge');
      await wait(5 * 60_000);
      assert.equal(await other.take('browser'), undefined);
    });
  });
}
