import { parseArgs } from 'node:util';
import { DEFECTS } from './defects.ts';
import { simulate } from './simulation.ts';

const USAGE = `usage: npm run simulate -- [--seeds N] [--from SEED] [--defect 'WORDS']
       npm run simulate -- --seed SEED [--trace] [--defect 'WORDS']

Runs the simulation with N seeds (2000 unless said), the first of which is 1 or --from, until a promise is broken.
--seed runs a single one; --trace prints what happens in it. --defect plants one of the defects of
test/simulation/defects.ts.
`;

const say = (line: string) => process.stdout.write(`${line}\n`);

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '2000' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    trace: { type: 'boolean', default: false },
    defect: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) say(USAGE);
else process.exitCode = await run();

async function run(): Promise<number> {
  const first = Number(values.seed ?? values.from);
  const count = values.seed === undefined ? Number(values.seeds) : 1;
  const defect = values.defect === undefined ? {} : DEFECTS[values.defect];
  if (!Number.isSafeInteger(first) || !(count > 0) || defect === undefined) {
    say(USAGE);
    return 2;
  }
  for (let seed = first; seed < first + count; seed += 1) {
    const { violation, trace } = await simulate(seed, { traced: values.trace, defect });
    for (const line of trace) say(line);
    if (violation !== undefined) {
      say(`Seed ${seed}: ${violation}`);
      say(`It can be repeated: npm run simulate -- --seed ${seed} --trace`);
      return 1;
    }
    if ((seed - first + 1) % 500 === 0) say(`${seed - first + 1} of ${count} seeds`);
  }
  say(`${count} seeds from ${first}: all promises were kept`);
  return 0;
}
