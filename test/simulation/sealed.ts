import type { Random } from '../support/random.ts';

const forbidden = (name: string) => () => {
  throw new Error(`${name} in a simulation: what runs there asks its Clock, or the run cannot be repeated`);
};

/**
 * Does `work` in a world without chance and without real time: `Math.random` follows the seed, and timers and the clock
 * of the system throw. Afterwards all are as they were.
 */
export async function sealed<Result>(random: Random, work: () => Promise<Result>): Promise<Result> {
  const { setTimeout, setInterval } = globalThis;
  const { now } = Date;
  const { random: chance } = Math;
  const { stackTraceLimit } = Error;
  const seal = {
    setTimeout: forbidden('setTimeout'),
    setInterval: forbidden('setInterval'),
  };
  Object.assign(globalThis, seal);
  Date.now = forbidden('Date.now');
  // Faults are values here, and nobody reads where thousands of them come from.
  Error.stackTraceLimit = 0;
  Math.random = () => random.below(2 ** 30) / 2 ** 30;
  try {
    return await work();
  } finally {
    Object.assign(globalThis, { setTimeout, setInterval });
    Date.now = now;
    Error.stackTraceLimit = stackTraceLimit;
    Math.random = chance;
  }
}
