import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryPendingSignIns } from '../../src/application/login/memory-pending-sign-ins.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { pendingSignInsContract } from './pending-sign-ins.contract.ts';

pendingSignInsContract('MemoryPendingSignIns', async () => {
  const clock = new ManualClock();
  const pending = new MemoryPendingSignIns(clock);
  return { pending, other: pending, wait: (milliseconds) => clock.advance(milliseconds) };
});

test('pending sign-ins do not mind that the clock of the system is set', async () => {
  const clock = new ManualClock();
  const pending = new MemoryPendingSignIns(clock);
  await pending.keep('browser', 'challenge');
  clock.setWallClock(clock.now() + 3_600_000);
  assert.equal(await pending.take('browser'), 'challenge');
});

test('of too many pending sign-ins, the oldest is forgotten', async () => {
  const pending = new MemoryPendingSignIns(new ManualClock());
  for (let number = 0; number <= 10_000; number += 1) await pending.keep(`browser ${number}`, `${number}`);
  assert.equal(await pending.take('browser 0'), undefined);
  assert.equal(await pending.take('browser 10000'), '10000');
});
