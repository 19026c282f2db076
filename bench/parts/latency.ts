import { CHILD_ZONE } from '../../test/support/name-servers/zones.ts';
import { prepareBed } from '../bed.ts';
import { changesPerSecond, oneDynonym } from '../changes.ts';
import { Fleet } from '../fleet.ts';
import type { Part } from '../part.ts';
import { KEY } from '../primary.ts';
import { updatesTo } from '../requests.ts';
import { quantile } from '../statistics.ts';

const PER_SECOND = 100;
const UPDATES = 500;
const WARM_UP = 10_000;

/** How long a single update takes when there is little to do, beside its bare DNS message. */
export const latency: Part = {
  title: 'Latency of a single update',
  async run(conditions) {
    const bed = await prepareBed('BIND', conditions, { names: UPDATES });
    const others = new Fleet(CHILD_ZONE, bed.fleet.names.length);
    await bed.primary.fill(others);
    // As many as come in the first minutes, after which everything is compiled. One measurement alone tells nothing.
    if (conditions.scale.repetitions > 1) await changesPerSecond(oneDynonym(bed), 64, WARM_UP);
    const times: { readonly http: readonly number[]; readonly bare: readonly number[] }[] = [];
    for (let repetition = 0; repetition < conditions.scale.repetitions; repetition += 1) {
      const from = others.address;
      const to = others.nextAddress();
      const measured = await bed.load.paced({
        port: bed.dynonym.port,
        perSecond: PER_SECOND,
        requests: updatesTo(bed.fleet.nextAddress(), 'good', bed.users),
        bare: {
          ...{ port: bed.primary.port, zone: others.zone, key: KEY },
          changes: others.names.map((name) => ({ name, from, to })),
        },
      });
      if (measured.failed.length > 0) throw new Error(`updates failed: ${measured.samples.join('; ')}`);
      for (const fleet of [bed.fleet, others]) await bed.primary.assertHolds(fleet);
      times.push(measured);
    }
    await bed.stop();

    const row = (share: number, atMost: number) => ({
      what: `single update on BIND, ${PER_SECOND} a second, p${share * 100}`,
      unit: 'ms',
      decimals: 2,
      ours: { of: 'dynonym', values: times.map(({ http }) => quantile(http, share)) },
      theirs: { of: 'a bare message', values: times.map(({ bare }) => quantile(bare, share)) },
      goal: { compare: 'difference', atMost } as const,
    });
    return [row(0.5, 1), row(0.99, 5)];
  },
};
