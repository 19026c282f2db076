import type { Clock } from '../ports/clock.ts';

/** Resolves after this many milliseconds, or when `stop` is aborted. */
export function pause(clock: Clock, milliseconds: number, stop?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (stop?.aborted) return resolve();
    const end = () => {
      callOff();
      stop?.removeEventListener('abort', end);
      resolve();
    };
    const callOff = clock.schedule(milliseconds, end);
    stop?.addEventListener('abort', end);
  });
}

/** Resolves when the signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/**
 * What the work brings, or what `late` says after this many milliseconds. The work itself goes on.
 * @param late runs in a timer, so it must not throw
 */
export async function inTime<Result>(
  clock: Clock,
  milliseconds: number,
  work: Promise<Result>,
  late: () => Result,
): Promise<Result> {
  let callOff = () => {};
  const patience = new Promise<Result>((resolve) => {
    callOff = clock.schedule(milliseconds, () => resolve(late()));
  });
  try {
    return await Promise.race([work, patience]);
  } finally {
    callOff();
  }
}
