import type { Clock } from '../../application/ports/clock.ts';

/** The longest delay of a timer of Node. A longer one would fire at once. */
const LONGEST = 2 ** 31 - 1;

export class SystemClock implements Clock {
  now(): number {
    return Date.now();
  }

  monotonic(): number {
    return performance.now();
  }

  schedule(milliseconds: number, action: () => void): () => void {
    const due = this.monotonic() + milliseconds;
    // Timers of Node have whole milliseconds, from the beginning of the turn, and can be early.
    const runWhenDue = () => {
      const left = due - this.monotonic();
      if (left > 0) timer = setTimeout(runWhenDue, Math.min(left, LONGEST));
      else action();
    };
    let timer = setTimeout(runWhenDue, Math.min(Math.max(0, milliseconds), LONGEST));
    return () => clearTimeout(timer);
  }

  soon(action: () => void): void {
    setImmediate(action);
  }
}
