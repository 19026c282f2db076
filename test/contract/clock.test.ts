import { SystemClock } from '../../src/adapters/system/system-clock.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { ShiftedClock } from '../fakes/shifted-clock.ts';
import { clockContract } from './clock.contract.ts';

for (const [name, create] of [
  ['SystemClock', () => new SystemClock()],
  ['ShiftedClock', () => new ShiftedClock(3_600_000)],
] as const) {
  clockContract(name, () => {
    const clock = create();
    // A whole millisecond later than what is due then, which so has run.
    const pass = (milliseconds: number) =>
      new Promise<void>((resolve) => void clock.schedule(milliseconds + 1, resolve));
    return { clock, pass };
  });
}

clockContract('ManualClock', () => {
  const clock = new ManualClock();
  return { clock, pass: (milliseconds) => clock.advance(milliseconds) };
});
