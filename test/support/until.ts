import { setTimeout as pause } from 'node:timers/promises';

/**
 * Milliseconds after which something is taken to hang. Far away: a machine that does much else meets no deadline of a
 * test, and how fast something is, is for `npm run bench` to say.
 */
export const HANG = 120_000;

export type Bound = {
  /** What is waited for, as it shall stand in the error. */
  readonly what: string;
  /** Milliseconds, {@link HANG} unless said. */
  readonly within?: number;
};

/**
 * Waits until `condition` gives something truthy, and returns that. The one way in which tests wait for what
 * does not tell them. A condition that throws does not hold yet; the last error is the cause of the failure.
 */
export async function until<Value>(
  condition: () => Value | Promise<Value>,
  { what, within = HANG }: Bound,
): Promise<Exclude<Value, false | 0 | '' | null | undefined>> {
  const end = performance.now() + within;
  let cause: unknown;
  for (let interval = 5; ; interval = Math.min(interval * 1.5, 100)) {
    try {
      const value = await condition();
      if (value) return value as Exclude<Value, false | 0 | '' | null | undefined>;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    if (performance.now() >= end) throw new Error(`waited ${within} ms for ${what}`, { cause });
    await pause(interval);
  }
}
