import { DYN_ZONE } from '../../test/support/name-servers/zones.ts';
import { type Bed, logIn, prepareBed } from '../bed.ts';
import { changesPerSecond, oneDynonym } from '../changes.ts';
import { Fleet } from '../fleet.ts';
import { type Conditions, type Contender, interleaved, type Part } from '../part.ts';
import type { PrimaryName } from '../primary.ts';
import type { Goal, Row } from '../report.ts';
import { updatesTo } from '../requests.ts';
import { secondsToListening } from '../served.ts';
import { type Program, serveCommand, startDynonym } from '../servers.ts';
import { quantile } from '../statistics.ts';
import { bystanders, usersFor } from '../users.ts';

const CONNECTIONS = 64;
const SECONDS = 3;
const PER_SECOND = 100;
/** Names whose single updates are measured, once in each repetition. */
const SINGLE = 500;
/** Nobody answers there, and nobody is asked at the start. */
const DNS_PORT = 9;

const AS_FAST: Goal = { compare: 'ratio', atLeast: 0.85 };
const NOT_MUCH_SLOWER: Goal = { compare: 'ratio', atLeast: 0.83 };
const NOT_MUCH_MORE: Goal = { compare: 'ratio', atMost: 1.2 };

type Builds = readonly [now: Bed, before: Bed];

/** Two builds beside each other: this one, and one that `--against` names. They run with the same configuration. */
export const before: Part = {
  title: 'Beside another build',
  async run(conditions) {
    const { against } = conditions;
    if (against === undefined) throw new Error('this part needs a build to compare with (--against)');
    const rows: Row[] = [];
    for (const [primary, changes] of [
      ['BIND', 20_000],
      ['Knot', 15_000],
      ['PowerDNS', 300],
    ] as const) {
      const builds = await startBoth(primary, conditions, against);
      rows.push(...(await rates(primary, changes, builds, conditions)));
      if (primary === 'BIND') rows.push(...(await latencies(builds, conditions)), ...memories(builds));
      const [now, earlier] = builds;
      await earlier.stop();
      await now.stop();
    }
    rows.push(...(await starts(conditions, against)));
    return rows;
  },
};

/** In front of one primary and in one zone, each with names of its own, so that neither is another writer. */
async function startBoth(primary: PrimaryName, conditions: Conditions, against: Program): Promise<Builds> {
  const now = await prepareBed(primary, conditions, { names: 5_000 });
  const size = now.fleet.names.length;
  const fleet = new Fleet(DYN_ZONE, size, size);
  await now.primary.fill(fleet);
  const users = await usersFor(fleet.names, now.users.length);
  const dynonym = await startDynonym(against, now.primary, users);
  const earlier = { ...now, fleet, users, dynonym, stop: () => dynonym.stop() };
  await logIn(earlier);
  return [now, earlier];
}

const named = (
  one: (bed: Bed) => Promise<number>,
  [now, earlier]: Builds,
): readonly [Contender, Contender] => [
  { name: 'now', warmsUp: true, measure: () => one(now) },
  { name: 'before', warmsUp: true, measure: () => one(earlier) },
];

async function rates(
  primary: PrimaryName,
  changes: number,
  builds: Builds,
  conditions: Conditions,
): Promise<readonly Row[]> {
  const { divisor } = conditions.scale;
  const changed = (bed: Bed) => changesPerSecond(oneDynonym(bed), CONNECTIONS, changes / divisor);
  const unchanged = async (bed: Bed) => {
    const requests = updatesTo(bed.fleet.address, 'nochg', bed.users);
    const { port } = bed.dynonym;
    const seconds = SECONDS / divisor;
    const result = await bed.load.flood({ port, connections: CONNECTIONS, requests, seconds });
    if (result.failed.length > 0) throw new Error(`requests failed: ${result.samples.join('; ')}`);
    return result.successes / result.seconds;
  };
  const goal = primary === 'PowerDNS' ? NOT_MUCH_SLOWER : AS_FAST;
  const row = (what: string, [ours, theirs]: readonly [Row['ours'], Row['theirs']]): Row => ({
    ...{ what: `${what} addresses, ${primary}, ${CONNECTIONS} connections`, unit: '/s', ours, theirs, goal },
  });
  const changedRow = row('changed', await interleaved(conditions, named(changed, builds)));
  // So few changes leave most names as they were.
  if (primary === 'PowerDNS') return [changedRow];
  return [changedRow, row('unchanged', await interleaved(conditions, named(unchanged, builds)))];
}

async function latencies(builds: Builds, { scale }: Conditions): Promise<readonly Row[]> {
  const times = builds.map(() => [] as (readonly number[])[]);
  for (let repetition = 0; repetition < scale.repetitions; repetition += 1) {
    for (const [index, { fleet, users, load, dynonym }] of builds.entries()) {
      const requests = updatesTo(fleet.nextAddress(), 'good', users);
      const { port } = dynonym;
      const single = requests.slice(0, SINGLE / scale.divisor);
      const measured = await load.paced({ port, perSecond: PER_SECOND, requests: single });
      if (measured.failed.length > 0) throw new Error(`updates failed: ${measured.samples.join('; ')}`);
      times[index]?.push(measured.http);
      // All names of a fleet have one address.
      const rest = requests.slice(single.length);
      await load.flood({ port, connections: CONNECTIONS, requests: rest });
    }
  }
  const series = (of: string, index: number, share: number) => ({
    of,
    values: (times[index] ?? []).map((one) => quantile(one, share)),
  });
  return [0.5, 0.99].map((share) => ({
    ...{ what: `single update on BIND, ${PER_SECOND} a second, p${share * 100}`, unit: 'ms', decimals: 2 },
    ...{ ours: series('now', 0, share), theirs: series('before', 1, share), goal: NOT_MUCH_MORE },
  }));
}

function memories([now, earlier]: Builds): readonly Row[] {
  return [
    {
      ...{ what: 'resident memory after the updates on BIND', unit: 'MB' },
      ours: { of: 'now', values: [now.dynonym.residentMemory] },
      theirs: { of: 'before', values: [earlier.dynonym.residentMemory] },
      goal: NOT_MUCH_MORE,
    },
  ];
}

async function starts(conditions: Conditions, against: Program): Promise<readonly Row[]> {
  const [user] = await usersFor([], 1);
  const rows: Row[] = [];
  for (const count of [10, 10_000]) {
    const users = bystanders(count, user?.hash ?? '', DYN_ZONE);
    const [now, earlier] = [
      await serveCommand(conditions.program, DNS_PORT, users),
      await serveCommand(against, DNS_PORT, users),
    ];
    const [ours, theirs] = await interleaved(conditions, [
      { name: 'now', measure: () => secondsToListening(now.port, now.command) },
      { name: 'before', measure: () => secondsToListening(earlier.port, earlier.command) },
    ]);
    const what = `start to listening, ${count.toLocaleString('en')} users in TOML`;
    rows.push({ what, unit: 's', decimals: 2, ours, theirs, goal: NOT_MUCH_MORE });
  }
  return rows;
}
