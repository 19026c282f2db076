import { migratedDatabase } from '../../test/support/migrated-database.ts';
import { DYN_ZONE } from '../../test/support/name-servers/zones.ts';
import { Postgres } from '../../test/support/postgres.ts';
import { type Bed, logIn, prepareBed } from '../bed.ts';
import { changesPerSecond, oneDynonym } from '../changes.ts';
import { crowdName, crowdSecret, fillDatabase } from '../filled-database.ts';
import { Fleet } from '../fleet.ts';
import { type Conditions, interleaved, type Part } from '../part.ts';
import type { Goal, Row } from '../report.ts';
import { get, updatesTo } from '../requests.ts';
import { type Served, secondsToListening } from '../served.ts';
import { serveCommand, startDynonym } from '../servers.ts';
import { quantile } from '../statistics.ts';
import { basicAuthorization, bystanders, usersFor } from '../users.ts';

const CONNECTIONS = 64;
const NAMES = 2_000;
const CHANGES = 10_000;
const SECONDS = 3;
const PER_SECOND = 100;
const PACED = 300;
/** People of a crowd, each of whom reports once: nobody is known. */
const STRANGERS = 5_000;
const FEW = 10;
const IN_TOML = 1_000;
const HARDLY_MORE: Goal = { compare: 'ratio', atMost: 1.3 };

/** A bed whose dynonym can be measured, and started anew. */
type Site = Bed & {
  readonly dynonym: Served;
  readonly starts: () => Promise<number>;
  readonly crowd: number;
};

/** Users in PostgreSQL: what a request costs with ten of them, and with a million. */
export const store: Part = storeWith(1_000_000);

/** The same with ten millions. To fill them in takes a quarter of an hour. */
export const hugeStore: Part = storeWith(10_000_000);

function storeWith(most: number): Part {
  return {
    title: `Users in PostgreSQL: ${most.toLocaleString('en')} and ${FEW}`,
    async run(conditions) {
      const bed = await prepareBed('BIND', conditions, { names: NAMES });
      const server = await Postgres.start();
      const many = await siteWith(bed, conditions, 1, {
        server,
        size: Math.ceil(most / conditions.scale.divisor),
      });
      const few = await siteWith(bed, conditions, 2, { server, size: FEW });
      const toml = await siteWith(bed, conditions, 3);
      const sites = [many, few, toml] as const;
      // Before anything else, when each has just read what it reads at the start.
      const memory = sites.map(({ dynonym }) => dynonym.residentMemory);
      for (const site of sites) await logIn(site);
      const names = [
        `${many.crowd.toLocaleString('en')} users in PostgreSQL`,
        `${FEW} users in PostgreSQL`,
        `${IN_TOML.toLocaleString('en')} users in TOML`,
      ] as const;

      const rows: Row[] = [];
      const compare = async (
        what: string,
        unit: string,
        measure: (site: Site) => Promise<number>,
        goal: Goal | undefined,
        decimals = 0,
      ) => {
        const [first, second, third] = await interleaved(conditions, [
          { name: names[0], warmsUp: true, measure: () => measure(many) },
          { name: names[1], warmsUp: true, measure: () => measure(few) },
          { name: names[2], warmsUp: true, measure: () => measure(toml) },
        ]);
        rows.push({ what, unit, decimals, ours: first, theirs: second, goal });
        rows.push({ what, unit, decimals, ours: first, theirs: third, goal: undefined });
      };
      await compare(
        'processor time, unchanged address',
        'µs',
        (site) => costOfUnchanged(site, conditions),
        HARDLY_MORE,
      );
      await compare(
        'processor time, changed address',
        'µs',
        (site) => costOfChanged(site, conditions),
        HARDLY_MORE,
      );
      const latency = (answer: 'good' | 'nochg') => (site: Site) => medianLatency(site, answer, conditions);
      await compare('latency, unchanged address, p50', 'ms', latency('nochg'), HARDLY_MORE, 2);
      await compare('latency, changed address, p50', 'ms', latency('good'), HARDLY_MORE, 2);
      await compare(
        'start to listening',
        's',
        ({ starts }) => starts(),
        { compare: 'difference', atMost: 0.2 },
        2,
      );
      rows.push({
        ...{ what: 'resident memory after the start', unit: 'MB' },
        ours: { of: names[0], values: [memory[0] ?? Number.NaN] },
        theirs: { of: names[1], values: [memory[1] ?? Number.NaN] },
        goal: { compare: 'difference', atMost: 50 },
      });
      rows.push(await strangersRow(many, conditions));
      for (const site of sites) await site.stop();
      await server.stop();
      await bed.stop();
      return rows;
    },
  };
}

/** In front of the same primary, with names of its own; its users with so many others in PostgreSQL, or in TOML. */
async function siteWith(
  bed: Bed,
  { program, say }: Conditions,
  turn: number,
  crowd?: { readonly server: Postgres; readonly size: number },
): Promise<Site> {
  const size = bed.fleet.names.length;
  const fleet = new Fleet(DYN_ZONE, size, turn * size);
  await bed.primary.fill(fleet);
  const users = await usersFor(fleet.names, bed.users.length);
  const hash = users[0]?.hash ?? '';
  const database = crowd === undefined ? undefined : await migratedDatabase(crowd.server);
  if (database !== undefined && crowd !== undefined) {
    await fillDatabase(database.url, users, { size: crowd.size, hash, zone: DYN_ZONE }, say);
  }
  const options = database === undefined ? {} : { database: database.url };
  const everybody = database === undefined ? [...users, ...bystanders(IN_TOML, hash, DYN_ZONE)] : [];
  const dynonym = await startDynonym(program, bed.primary, everybody, options);
  return {
    ...{ ...bed, fleet, users, dynonym, crowd: crowd?.size ?? 0 },
    async starts() {
      const { port, command } = await serveCommand(program, bed.primary.port, everybody, options);
      return secondsToListening(port, command);
    },
    async stop() {
      await dynonym.stop();
      await database?.close();
    },
  };
}

async function costOfUnchanged(site: Site, { scale }: Conditions): Promise<number> {
  const { dynonym, fleet, users, load } = site;
  const requests = updatesTo(fleet.address, 'nochg', users);
  const before = dynonym.processorTime;
  const { successes, failed, samples } = await load.flood({
    ...{ port: dynonym.port, connections: CONNECTIONS, requests, seconds: SECONDS / scale.divisor },
  });
  if (failed.length > 0) throw new Error(`requests failed: ${samples.join('; ')}`);
  return ((dynonym.processorTime - before) * 1e6) / successes;
}

async function costOfChanged(site: Site, { scale }: Conditions): Promise<number> {
  const changes = CHANGES / scale.divisor;
  const before = site.dynonym.processorTime;
  await changesPerSecond(oneDynonym(site), CONNECTIONS, changes);
  return ((site.dynonym.processorTime - before) * 1e6) / changes;
}

async function medianLatency(
  { dynonym, fleet, users, load }: Site,
  answer: 'good' | 'nochg',
  { scale }: Conditions,
): Promise<number> {
  // All names get the address, so that the fleet is one again.
  const address = answer === 'good' ? fleet.nextAddress() : fleet.address;
  const requests = updatesTo(address, answer, users);
  const paced = requests.slice(0, Math.ceil(PACED / scale.divisor));
  const { failed, samples, http } = await load.paced({
    ...{ port: dynonym.port, perSecond: PER_SECOND, requests: paced },
  });
  if (failed.length > 0) throw new Error(`updates failed: ${samples.join('; ')}`);
  if (answer === 'good') {
    await load.flood({
      port: dynonym.port,
      connections: CONNECTIONS,
      requests: requests.slice(paced.length),
    });
  }
  return quantile(http, 0.5);
}

/**
 * New names of people of the crowd, each with a token of their own: the database is asked for each of them. Beside that,
 * the same people once more, who are known then.
 */
async function strangersRow({ dynonym, load, crowd }: Site, { scale }: Conditions): Promise<Row> {
  const count = Math.min(crowd, Math.ceil(STRANGERS / scale.divisor));
  const step = Math.floor(crowd / count);
  const perSecond = async (address: string) => {
    const requests = Array.from({ length: count }, (_, index) => {
      const authorization = basicAuthorization({ name: '', password: crowdSecret(index * step) });
      const name = crowdName(index * step, 0, DYN_ZONE);
      return {
        text: get(`/nic/update?hostname=${name}&myip=${address}`, authorization),
        body: `good ${address}\n`,
      };
    });
    const { successes, seconds, failed, samples } = await load.flood({
      ...{ port: dynonym.port, connections: CONNECTIONS, requests },
    });
    if (failed.length > 0) throw new Error(`requests failed: ${samples.join('; ')}`);
    return successes / seconds;
  };
  return {
    ...{
      what: `changed addresses, ${count.toLocaleString('en')} users with tokens`,
      unit: '/s',
      goal: undefined,
    },
    ours: { of: 'asked of PostgreSQL', values: [await perSecond('192.0.2.77')] },
    theirs: { of: 'known', values: [await perSecond('192.0.2.78')] },
  };
}
