import { DYN_ZONE } from '../../test/support/name-servers/zones.ts';
import { type Bed, logIn, prepareBed } from '../bed.ts';
import { changesPerSecond, oneDynonym } from '../changes.ts';
import { Fleet } from '../fleet.ts';
import { interleaved, type Part } from '../part.ts';
import type { Goal } from '../report.ts';
import { updatesTo } from '../requests.ts';
import { startDynonym } from '../servers.ts';
import { usersFor } from '../users.ts';

const CONNECTIONS = 64;
const NAMES = 5_000;
const CHANGES = 20_000;
const SECONDS = 3;
const HARDLY_SLOWER: Goal = { compare: 'ratio', atLeast: 0.95 };

/**
 * Updates with a history, and with name servers that are asked about changes, beside the same without both; each with
 * names of its own in front of one BIND.
 */
export const history: Part = {
  title: 'What the history and the visibility of changes cost',
  async run(conditions) {
    const { program, scale } = conditions;
    const kept = await prepareBed('BIND', conditions, { names: NAMES });
    const size = kept.fleet.names.length;
    const fleet = new Fleet(DYN_ZONE, size, size);
    await kept.primary.fill(fleet);
    const users = await usersFor(fleet.names, kept.users.length);
    const dynonym = await startDynonym(program, kept.primary, users, { remembers: false });
    const without: Bed = { ...kept, fleet, users, dynonym, stop: () => dynonym.stop() };
    await logIn(without);

    const changed = (bed: Bed) => changesPerSecond(oneDynonym(bed), CONNECTIONS, CHANGES / scale.divisor);
    const unchanged = async ({ fleet, users, dynonym: { port }, load }: Bed) => {
      const requests = updatesTo(fleet.address, 'nochg', users);
      const seconds = SECONDS / scale.divisor;
      const result = await load.flood({ port, connections: CONNECTIONS, requests, seconds });
      if (result.failed.length > 0) throw new Error(`requests failed: ${result.samples.join('; ')}`);
      return result.successes / result.seconds;
    };
    const rows = [];
    for (const [what, rate] of [
      ['changed', changed],
      ['unchanged', unchanged],
    ] as const) {
      const [ours, theirs] = await interleaved(conditions, [
        { name: 'with history and visibility', warmsUp: true, measure: () => rate(kept) },
        { name: 'without', warmsUp: true, measure: () => rate(without) },
      ]);
      rows.push({
        what: `${what} addresses, BIND, ${CONNECTIONS} connections`,
        unit: '/s',
        ours,
        theirs,
        goal: HARDLY_SLOWER,
      });
    }
    await without.stop();
    await kept.stop();
    return rows;
  },
};
