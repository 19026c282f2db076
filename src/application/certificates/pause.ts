import type { Clock } from '../ports/clock.ts';

/** Resolves after so many milliseconds, or when `stop` is aborted. */
export function pause(clock: Clock, milliseconds: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (stop.aborted) return resolve();
    const end = () => {
      callOff();
      stop.removeEventListener('abort', end);
      resolve();
    };
    const callOff = clock.schedule(milliseconds, end);
    stop.addEventListener('abort', end);
  });
}
