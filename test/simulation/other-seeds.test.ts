import { fuzzRuns } from '../support/fuzz-runs.ts';
import { itKeepsEveryPromise } from './promises.ts';

const count = fuzzRuns(1_000, 2_500);

itKeepsEveryPromise(count + 1, count);
