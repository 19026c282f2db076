/** Set by `npm run test:long`. */
export const LONG_VARIABLE = 'TEST_LONG';

/**
 * How many random cases a property is tried with: `usual` in `npm test`, `long` in `npm run test:long`, and
 * `FUZZ_RUNS` where that is set.
 */
export function fuzzRuns(usual: number, long = usual): number {
  const asked = process.env['FUZZ_RUNS'];
  if (asked === undefined || asked === '') return process.env[LONG_VARIABLE] === 'true' ? long : usual;
  const runs = Number(asked);
  if (!Number.isSafeInteger(runs) || runs < 1) throw new Error(`FUZZ_RUNS is a whole number, not ${asked}`);
  return runs;
}
