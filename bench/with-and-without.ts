import { DYN_ZONE } from '../test/support/name-servers/zones.ts';
import { type Bed, logIn, prepareBed } from './bed.ts';
import { changesPerSecond, oneDynonym } from './changes.ts';
import { Fleet } from './fleet.ts';
import { type Conditions, interleaved } from './part.ts';
import type { Row } from './report.ts';
import { updatesTo } from './requests.ts';
import { type ServeOptions, startDynonym } from './servers.ts';
import { usersFor } from './users.ts';

const CONNECTIONS = 64;
const NAMES = 5_000;
const CHANGES = 10_000;
const SECONDS = 2;
/** A few percent are looked for, and one turn differs from the next by a tenth: many short turns tell more. */
const TURNS = 8;

type Configured = { readonly name: string; readonly options: ServeOptions };

/**
 * Updates with something in the configuration, beside the same program without it; each with names of its own in front
 * of one BIND. `measure` gives further rows of the one with it.
 *
 * The goal is about processor time, of which a few percent can be seen. Rates differ by a tenth from turn to turn, because
 * the name server and the load need the same processors.
 *
 * @param atLeast the part of the updates without it that the same processor time has to make with it
 */
export async function withAndWithout(
  conditions: Conditions,
  [ours, theirs]: readonly [Configured, Configured],
  atLeast: number,
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

  const changed = async (bed: Bed) => {
    const requests = CHANGES / scale.divisor;
    return { requests, rate: await changesPerSecond(oneDynonym(bed), CONNECTIONS, requests) };
  };
  const unchanged = async ({ fleet, users, dynonym: { port }, load }: Bed) => {
    const requests = updatesTo(fleet.address, 'nochg', users);
    const seconds = SECONDS / scale.divisor;
    const result = await load.flood({ port, connections: CONNECTIONS, requests, seconds });
    if (result.failed.length > 0) throw new Error(`requests failed: ${result.samples.join('; ')}`);
    return { requests: result.successes, rate: result.successes / result.seconds };
  };
  // A quick run looks for nothing.
  const turns = scale.repetitions === 1 ? 1 : TURNS * scale.repetitions;
  const oftener = { ...conditions, scale: { ...scale, repetitions: turns } };
  const rows: Row[] = [];
  for (const [what, run] of [
    ['changed', changed],
    ['unchanged', unchanged],
  ] as const) {
    const rates = new Map<Bed, number[]>([
      [kept, []],
      [without, []],
    ]);
    const costIn = async (bed: Bed) => {
      const before = bed.dynonym.processorTime;
      const { requests, rate } = await run(bed);
      rates.get(bed)?.push(rate);
      return ((bed.dynonym.processorTime - before) * 1e6) / requests;
    };
    const [with_, without_] = await interleaved(oftener, [
      { name: ours.name, warmsUp: true, measure: () => costIn(kept) },
      { name: theirs.name, warmsUp: true, measure: () => costIn(without) },
    ]);
    const where = `${what} addresses, BIND, ${CONNECTIONS} connections`;
    rows.push({
      ...{ what: `processor time of a request, ${where}`, unit: 'µs' },
      ...{
        ours: with_,
        theirs: without_,
        goal: { compare: 'ratio', atMost: Number((1 / atLeast).toFixed(2)) },
      },
    });
    // The rates of the measurements before the program was warm come first.
    const warm = (bed: Bed) => (rates.get(bed) ?? []).slice(-turns);
    rows.push({
      ...{ what: where, unit: '/s', goal: undefined },
      ours: { of: ours.name, values: warm(kept) },
      theirs: { of: theirs.name, values: warm(without) },
    });
  }
  rows.push(...(await measure(kept)));
  await without.stop();
  await kept.stop();
  return rows;
}
