import type { Row, Series } from './report.ts';
import type { Program } from './servers.ts';

/** How large a run is. */
export type Scale = {
  /** How often everything is measured; one after the other, and then again. */
  readonly repetitions: number;
  /** By what the amount of work of one measurement is divided. */
  readonly divisor: number;
};

export const FULL: Scale = { repetitions: 3, divisor: 1 };
export const QUICK: Scale = { repetitions: 1, divisor: 5 };

export type Conditions = {
  readonly program: Program;
  /** Another build, to compare with. */
  readonly against?: Program;
  readonly scale: Scale;
  say(line: string): void;
};

/** Some rows of the benchmark that are measured together. */
export type Part = {
  readonly title: string;
  run(conditions: Conditions): Promise<readonly Row[]>;
};

/** Something that can be measured, in the unit of its row. */
export type Contender = {
  readonly name: string;
  measure(): Promise<number>;
  /** It is compiled while it runs, for many seconds: a first measurement is made in vain. */
  readonly warmsUp?: boolean;
};

/**
 * Measures all contenders in turn, again and again: whatever else the machine does in the meantime meets all of
 * them. Gives the values of each, in their order.
 */
export async function interleaved<const Contenders extends readonly Contender[]>(
  { scale, say }: Pick<Conditions, 'scale' | 'say'>,
  contenders: Contenders,
): Promise<{ readonly [Index in keyof Contenders]: Series }> {
  const measured = contenders.map(({ name }) => ({ of: name, values: [] as number[] }));
  // One measurement alone tells nothing of speed.
  if (scale.repetitions > 1) {
    for (const { name, measure, warmsUp = false } of contenders) {
      if (warmsUp) say(`  ${name}, not warm yet: ${(await measure()).toFixed(0)}`);
    }
  }
  for (let repetition = 0; repetition < scale.repetitions; repetition += 1) {
    for (const [index, { name, measure }] of contenders.entries()) {
      const value = await measure();
      measured[index]?.values.push(value);
      say(`  ${name}: ${value.toFixed(value < 100 ? 2 : 0)}`);
    }
  }
  return measured as { [Index in keyof Contenders]: Series };
}
