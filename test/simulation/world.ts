import { Random } from '../support/random.ts';
import { VirtualTime } from './virtual-time.ts';

/** The fault that a checker found: the run ends with it. */
export class Violation extends Error {
  override readonly name = 'Violation';
}

/** What all parts of a run share: time, chance, and the trace. */
export class World {
  readonly time = new VirtualTime();
  readonly random: Random;
  /** Messages that will come. */
  onTheWay = 0;
  /** The first one ends the run. */
  violation: Violation | undefined;
  readonly #lines: string[] | undefined;

  /** @param traced whether what happens is written down: a run takes twice as long then */
  constructor(seed: number, traced: boolean) {
    this.random = new Random(seed);
    this.#lines = traced ? [] : undefined;
  }

  get trace(): readonly string[] {
    return this.#lines ?? [];
  }

  /** Writes down what happens. `line` is called only if somebody wants to read it. */
  note(line: () => string): void {
    this.#lines?.push(`${(this.time.now / 1000).toFixed(3).padStart(9)} ${line()}`);
  }

  /** A promise of the program is broken. */
  accuse(text: string): void {
    this.note(() => `BROKEN ${text}`);
    this.violation ??= new Violation(text);
  }

  /** Plans that a message comes in so many milliseconds. */
  comes(milliseconds: number, arrive: () => void): void {
    this.onTheWay += 1;
    this.time.plan(milliseconds, () => {
      this.onTheWay -= 1;
      arrive();
    });
  }

  /** True in so many of a hundred cases. */
  chance(percent: number): boolean {
    return this.random.below(10_000) < percent * 100;
  }

  /** A number of milliseconds (or of anything) from `least` to `most`, each as likely. */
  between(least: number, most: number): number {
    return least + this.random.below(most - least + 1);
  }
}
