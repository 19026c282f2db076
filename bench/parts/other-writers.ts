import { DYN_ZONE } from '../../test/support/name-servers/zones.ts';
import { type Bed, logIn, prepareBed } from '../bed.ts';
import { type ChangeBed, type Changes, changesPerSecond, makeChanges, oneDynonym } from '../changes.ts';
import { AnotherWriter, changeByAnother } from '../dnsperf.ts';
import { Fleet } from '../fleet.ts';
import type { PlannedRequest } from '../load-job.ts';
import { type Conditions, type Contender, interleaved, type Part } from '../part.ts';
import type { PrimaryName } from '../primary.ts';
import type { Row } from '../report.ts';
import { startDynonym } from '../servers.ts';

type Plan = { readonly primary: PrimaryName; readonly connections: number };

const NAMES = 5_000;
/** Updates a second of the other program, on so many of the names. */
const THEIR_RATE = 200;
const THEIR_SHARE = 0.01;
/** Each contender has all names changed once in its own way before it is measured, and then so often. */
const PASSES = 3;

/** A bed and what is measured on it: one dynonym alone, and whatever else writes there. */
class Writers {
  readonly bed: Bed;
  readonly quiet: ChangeBed;
  /** Names that dynonym has never heard of, new ones for each measurement. */
  readonly #unseen: Iterator<Fleet>;
  readonly #connections: number;

  private constructor(bed: Bed, unseen: readonly Fleet[], connections: number) {
    this.bed = bed;
    this.quiet = oneDynonym(bed);
    this.#unseen = unseen.values();
    this.#connections = connections;
  }

  static async start({ primary, connections }: Plan, conditions: Conditions): Promise<Writers> {
    const size = Math.ceil(NAMES / conditions.scale.divisor);
    // One for the measurement that does not count, too.
    const unseen = Array.from(
      { length: conditions.scale.repetitions + 1 },
      (_, index) => new Fleet(DYN_ZONE, size, (index + 1) * size),
    );
    const spare = unseen.flatMap(({ names }) => names);
    const bed = await prepareBed(primary, conditions, { names: NAMES, spare });
    for (const fleet of unseen) await bed.primary.fill(fleet);
    return new Writers(bed, unseen, connections);
  }

  alone(): Contender {
    return this.#contender('dynonym alone', () => this.#settledRate(this.quiet));
  }

  /** The path without memory: each name has to be looked up. */
  withoutMemory(): Contender {
    return this.#contender('dynonym, of names that it has not seen', () => {
      const { value: fleet } = this.#unseen.next();
      if (fleet === undefined) throw new Error('there are no more names');
      return changesPerSecond({ ...this.quiet, fleet }, this.#connections, fleet.names.length);
    });
  }

  afterAllWereChanged(): Contender {
    const { primary, fleet } = this.bed;
    return this.#contender('dynonym, after another program has changed all names', async () => {
      await this.#settle(this.quiet);
      await changeByAnother(primary, fleet);
      return changesPerSecond(this.quiet, this.#connections, fleet.names.length);
    });
  }

  /** Puts down what became of the changes, and how many updates a second the other program made. */
  beside(results: Changes[], theirs: number[]): Contender {
    const { primary, fleet } = this.bed;
    const names = fleet.names.slice(0, Math.ceil(THEIR_SHARE * fleet.names.length));
    const bed = { ...this.quiet, alsoChanged: new Set<string>(names) };
    return this.#contender('dynonym, beside another program', async () => {
      await this.#settle(this.quiet);
      const writer = await AnotherWriter.start(primary, fleet, names, THEIR_RATE);
      const result = await makeChanges(bed, this.#connections, PASSES * fleet.names.length);
      theirs.push(await writer.stop());
      results.push(result);
      return result.perSecond;
    });
  }

  /** Two dynonyms: `route` says which of them is asked. */
  routed(name: string, others: Bed['dynonym'], route: (index: number) => 0 | 1): Contender {
    const { bed } = this;
    const ports = [bed.dynonym.port, others.port] as const;
    const send = async (requests: readonly PlannedRequest[], connections: number) => {
      const at = requests.map((_, index) => route(index));
      const indices = ports.map((_, server) => at.flatMap((one, index) => (one === server ? [index] : [])));
      const results = await bed.load.floods(
        ports.map((port, server) => ({
          ...{ port, connections: connections / 2 },
          requests: (indices[server] ?? []).flatMap((index) => requests[index] ?? []),
        })),
      );
      return {
        successes: results.reduce((sum, { successes }) => sum + successes, 0),
        seconds: Math.max(...results.map(({ seconds }) => seconds)),
        failed: results.flatMap(({ failed }, server) => failed.map((one) => indices[server]?.[one] ?? one)),
        samples: results.flatMap(({ samples }) => samples),
      };
    };
    return this.#contender(name, () => this.#settledRate({ ...this.quiet, send }));
  }

  #contender(name: string, measure: () => Promise<number>): Contender {
    return { name, warmsUp: true, measure };
  }

  /** After that, dynonym knows what all names have. */
  async #settle(bed: ChangeBed): Promise<void> {
    await changesPerSecond(bed, this.#connections, bed.fleet.names.length);
  }

  async #settledRate(bed: ChangeBed): Promise<number> {
    await this.#settle(bed);
    return changesPerSecond(bed, this.#connections, PASSES * bed.fleet.names.length);
  }
}

/** Changed addresses a second while another program changes names too, or has changed them. */
function besideAnotherWriter(plan: Plan): Part {
  return {
    title: `Beside another writer, ${plan.primary}, ${plan.connections} connections`,
    async run(conditions) {
      const writers = await Writers.start(plan, conditions);
      const results: Changes[] = [];
      const theirs: number[] = [];
      const [alone, beside, changedBefore, unseen] = await interleaved(conditions, [
        writers.alone(),
        writers.beside(results, theirs),
        writers.afterAllWereChanged(),
        writers.withoutMemory(),
      ]);
      await writers.bed.stop();
      // After the first round, dynonym asks before each change of these names for an hour. So its rates are lower than
      // those of other parts with the same load.
      const where = `${plan.primary}, ${plan.connections} connections`;
      const what = `changed addresses of names that another program changes too, ${where}`;
      const rows: readonly Row[] = [
        {
          ...{ what, unit: '/s', ours: beside, theirs: alone },
          goal: { compare: 'ratio', atLeast: 0.75 },
        },
        {
          ...{ what: 'requests in error beside another program', unit: 'requests' },
          ours: { of: 'dynonym', values: results.map(({ failed }) => failed) },
          theirs: { of: 'updates a second of the other program', values: theirs },
          goal: { compare: 'ours alone', atMost: 0 },
        },
        {
          ...{ what, unit: '/s', ours: changedBefore, theirs: unseen },
          goal: { compare: 'ratio', atLeast: 1 },
        },
      ];
      for (const { samples } of results) for (const sample of samples) conditions.say(`  failed: ${sample}`);
      return rows;
    },
  };
}

export const besideWriterOnBind = besideAnotherWriter({ primary: 'BIND', connections: 64 });
export const besideWriterOnBind256 = besideAnotherWriter({ primary: 'BIND', connections: 256 });
export const besideWriterOnKnot = besideAnotherWriter({ primary: 'Knot', connections: 256 });

const TWO: Plan = { primary: 'BIND', connections: 64 };

/** Changed addresses a second with two dynonyms in front of one primary: with each other, they are other writers. */
export const twoInstances: Part = {
  title: 'Two dynonyms in front of one primary',
  async run(conditions) {
    // Where one and two change the same names, each finds what the other has written, and asks first for an hour. So one
    // alone has a name server and names of its own. Requests by source come first, at random afterwards.
    const one = await Writers.start(TWO, conditions);
    const two = await Writers.start(TWO, conditions);
    const { bed } = two;
    const second = await startDynonym(conditions.program, bed.primary, bed.users);
    await logIn({ ...bed, dynonym: second });
    const [alone, bySource] = await interleaved(conditions, [
      one.alone(),
      two.routed('two, routed by source', second, (index) => (index % 2 === 0 ? 0 : 1)),
    ]);
    const [atRandom, unseen] = await interleaved(conditions, [
      two.routed('two, routed at random', second, () => (Math.random() < 0.5 ? 0 : 1)),
      two.withoutMemory(),
    ]);
    await second.stop();
    await bed.stop();
    await one.bed.stop();
    const what = `changed addresses, two dynonyms, ${TWO.primary}, ${TWO.connections} connections`;
    return [
      // Both, the name server and the load share two processors.
      { what, unit: '/s', ours: bySource, theirs: alone, goal: { compare: 'ratio', atLeast: 0.8 } },
      { what, unit: '/s', ours: atRandom, theirs: unseen, goal: { compare: 'ratio', atLeast: 1 } },
    ];
  },
};
