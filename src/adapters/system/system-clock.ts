import type { Clock } from '../../application/ports/clock.ts';

/** The longest that a timer of Node waits; it takes a longer time for no time at all. */
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
    let timer: NodeJS.Timeout;
    const wait = () => {
      const left = Math.max(0, due - this.monotonic());
      timer = left > LONGEST ? setTimeout(wait, LONGEST) : setTimeout(action, left);
    };
    wait();
    return () => clearTimeout(timer);
  }
}
