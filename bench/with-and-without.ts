import { DYN_ZONE } from '../test/support/name-servers/zones.ts';
import { type Bed, logIn, prepareBed } from './bed.ts';
import { changesPerSecond, oneDynonym } from './changes.ts';
import { Fleet } from './fleet.ts';
import { type Conditions, interleaved } from './part.ts';
import type { Goal, Row } from './report.ts';
import { updatesTo } from './requests.ts';
import { type ServeOptions, startDynonym } from './servers.ts';
import { usersFor } from './users.ts';

const CONNECTIONS = 64;
const NAMES = 5_000;
const CHANGES = 10_000;
const SECONDS = 2;
/** A few percent are looked for, and one turn differs from the next by a tenth: many short turns tell more. */
const TURNS = 3;

type Configured = { readonly name: string; readonly options: ServeOptions };

/**
 * Updates with something in the configuration, beside the same program without it; each with names of its own in front
 * of one BIND. `measure` gives further rows of the one with it.
 */
export async function withAndWithout(
  conditions: Conditions,
  [ours, theirs]: readonly [Configured, Configured],
  goal: Goal,
  measure: (bed: Bed) => Promise<readonly Row[]> = async () => [],
): Promise<readonly Row[]> {
  const { program, scale } = conditions;
  const kept = await prepareBed('BIND', conditions, { names: NAMES, options: ours.options });
  const size = kept.fleet.names.length;
  const fleet = new Fleet(DYN_ZONE, size, size);
  await kept.primary.fill(fleet);
  const users = await usersFor(fleet.names, kept.users.length);
  const dynonym = await startDynonym(program, kept.primary, users, theirs.options);
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
  const oftener = { ...conditions, scale: { ...scale, repetitions: TURNS * scale.repetitions } };
  const rows: Row[] = [];
  for (const [what, rate] of [
    ['changed', changed],
    ['unchanged', unchanged],
  ] as const) {
    const [with_, without_] = await interleaved(oftener, [
      { name: ours.name, warmsUp: true, measure: () => rate(kept) },
      { name: theirs.name, warmsUp: true, measure: () => rate(without) },
    ]);
    rows.push({
      ...{ what: `${what} addresses, BIND, ${CONNECTIONS} connections`, unit: '/s' },
      ...{ ours: with_, theirs: without_, goal },
    });
  }
  rows.push(...(await measure(kept)));
  await without.stop();
  await kept.stop();
  return rows;
}
