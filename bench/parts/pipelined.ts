import { prepareBed } from '../bed.ts';
import { LoadGenerator } from '../load-generator.ts';
import type { Part } from '../part.ts';
import { updatesTo } from '../requests.ts';
import { quantile } from '../statistics.ts';

const NAMES = 1_000;
const PER_SECOND = 100;
const CONNECTIONS = 40;
/** Octets of all connections together that are sent at once. */
const BURST = 2_500_000;

/** How long an update takes while others send `GET /ip` in bursts, thousands of them without waiting for an answer. */
export const pipelined: Part = {
  title: 'Bursts of pipelined requests',
  async run(conditions) {
    const bed = await prepareBed('BIND', conditions, { names: NAMES });
    const attacker = await LoadGenerator.start();
    const updates = async (): Promise<readonly number[]> => {
      const requests = updatesTo(bed.fleet.nextAddress(), 'good', bed.users);
      const measured = await bed.load.paced({ port: bed.dynonym.port, perSecond: PER_SECOND, requests });
      if (measured.failed.length > 0) throw new Error(`updates failed: ${measured.samples.join('; ')}`);
      return measured.http;
    };
    const seconds = bed.fleet.names.length / PER_SECOND;
    const quiet: number[] = [];
    const busy: number[] = [];
    const p99 = (times: readonly number[]) => quantile(times, 0.99);
    for (let repetition = 0; repetition < conditions.scale.repetitions; repetition += 1) {
      quiet.push(p99(await updates()));
      const [times, bursts] = await Promise.all([
        updates(),
        attacker.pipeline({
          ...{ port: bed.dynonym.port, connections: CONNECTIONS, seconds },
          octets: BURST / CONNECTIONS,
        }),
      ]);
      busy.push(p99(times));
      conditions.say(
        `  ${bursts.answered} pipelined requests answered, ${bursts.closed} connections closed; p99 ${p99(times).toFixed(1)} ms`,
      );
    }
    await attacker.stop();
    await bed.stop();
    return [
      {
        ...{ what: `single update, ${PER_SECOND} a second, p99`, unit: 'ms', decimals: 2 },
        ours: { of: `beside bursts of pipelined requests on ${CONNECTIONS} connections`, values: busy },
        theirs: { of: 'without', values: quiet },
        goal: { compare: 'ratio', atMost: 5 },
      },
    ];
  },
};
