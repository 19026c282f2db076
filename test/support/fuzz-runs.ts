/**
 * How many random cases a property is tried with: `usual` in the test suite, `FUZZ_RUNS` where that is set
 * (`npm run fuzz` sets it).
 */
export function fuzzRuns(usual: number): number {
  const asked = process.env['FUZZ_RUNS'];
  if (asked === undefined || asked === '') return usual;
  const runs = Number(asked);
  if (!Number.isSafeInteger(runs) || runs < 1) throw new Error(`FUZZ_RUNS is a whole number, not ${asked}`);
  return runs;
}
