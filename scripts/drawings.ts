import { readFileSync } from 'node:fs';
import { benchmarkBars } from './drawings/benchmark-bars.ts';
import { updateWay } from './drawings/update-way.ts';

/** The drawings of docs/drawings by their file names, made from the code and from what was measured. */
export function drawings(): ReadonlyMap<string, string> {
  const measured = readFileSync(new URL('../docs/benchmarks.md', import.meta.url), 'utf8');
  return new Map([
    ['update.svg', updateWay()],
    ['benchmarks.svg', benchmarkBars(measured)],
  ]);
}
