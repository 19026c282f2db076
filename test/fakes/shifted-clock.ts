import { SystemClock } from '../../src/adapters/system/system-clock.ts';

/** The time of a machine whose clock was set wrong; it goes at the right speed. */
export class ShiftedClock extends SystemClock {
  readonly #milliseconds: number;

  /** @param milliseconds how far ahead of the truth. */
  constructor(milliseconds: number) {
    super();
    this.#milliseconds = milliseconds;
  }

  override now(): number {
    return super.now() + this.#milliseconds;
  }
}
