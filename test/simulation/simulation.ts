import { RrType } from '../../src/adapters/dns-wire/constants.ts';
import { challengeNameOf } from '../../src/domain/challenge-name.ts';
import { domainName } from '../../src/domain/domain-name.ts';
import { parseIpv6 } from '../../src/domain/ip-address.ts';
import { MemoryChallengeStore } from '../fakes/memory-challenge-store.ts';
import { hostNamed, userNamed } from '../support/fixtures.ts';
import { valueIn } from '../support/parsed.ts';
import { Random } from '../support/random.ts';
import { Checker } from './checker.ts';
import { Addresses, type Client, clientsOf, patientClientsOf } from './clients.ts';
import { type Defect, NO_DEFECT } from './defects.ts';
import { makeTrouble } from './faults.ts';
import { Front } from './front.ts';
import { ModelDatabase } from './model-database.ts';
import { aliasData, ModelPrimary } from './model-primary.ts';
import { sealed } from './sealed.ts';
import { SharedHistory } from './shared-history.ts';
import { SimulatedProcess } from './simulated-process.ts';
import { World } from './world.ts';

/** What became of a run. */
export type RunResult = {
  /** What broke a promise. Undefined: nothing. */
  readonly violation: string | undefined;
  readonly trace: readonly string[];
  readonly steps: number;
  readonly requests: number;
  readonly answered: number;
};

/** Milliseconds until all messages that are late have come, and then until all has to be settled. */
const COMING = 40_000;
const SETTLING = 60_000;
const IN_FORCE_AFTER_TROUBLES = 4_000;
/** A long run has few clients and no troubles: it is for what is remembered for an hour. */
const LONG = 3.2 * 3_600_000;

const MAIN_ZONE = 'dyn.example.org';
const SECOND_ZONE = 'home.example.net';
const POLICY_ZONE = 'lab.example.test';

/** What everybody in a run knows of it. */
export type Simulation = {
  readonly world: World;
  readonly checker: Checker;
  readonly primaries: readonly ModelPrimary[];
  readonly database: ModelDatabase;
  readonly processes: readonly SimulatedProcess[];
  readonly front: Front;
  readonly addresses: Addresses;
};

/** One run: the same seed and the same program give the same run. */
export async function simulate(
  seed: number,
  { traced = false, defect = NO_DEFECT }: { readonly traced?: boolean; readonly defect?: Defect } = {},
): Promise<RunResult> {
  const world = new World(seed, traced);
  return sealed(new Random(seed ^ 0x5eed), async () => {
    const isLong = world.chance(4);
    const simulation = build(world, defect, isLong);
    const clients = isLong ? patientClientsOf(simulation) : clientsOf(simulation);
    const quiet = isLong ? LONG : world.between(8_000, 16_000);
    if (!isLong) void makeTrouble(simulation, quiet);
    let living = clients.length;
    for (const client of clients) void client.live(quiet).then(() => (living -= 1));
    await pass(world, quiet + COMING, () => living === 0 && world.onTheWay === 0 && world.time.now >= quiet);
    if (living > 0) world.accuse(`${living} clients wait for an answer that does not come`);
    await rightsAreBack(world, clients);
    let unsettled = clients.length;
    for (const client of clients) void client.settle().then(() => (unsettled -= 1));
    await pass(world, world.time.now + SETTLING, () => unsettled === 0);
    if (world.violation === undefined) judgeEnd(simulation, clients);
    return {
      violation: world.violation?.message,
      trace: world.trace,
      steps: world.time.steps,
      requests: simulation.front.sent,
      answered: simulation.front.answered,
    };
  });
}

/** All rights that somebody has taken are given back, and in force. */
async function rightsAreBack(world: World, clients: readonly Client[]): Promise<void> {
  const givers = clients.filter(({ giveBack }) => giveBack !== undefined);
  let giving = givers.length;
  for (const giver of givers) void giver.giveBack?.().then(() => (giving -= 1));
  if (giving === 0) return;
  await pass(world, world.time.now + SETTLING, () => giving === 0);
  await pass(world, world.time.now + IN_FORCE_AFTER_TROUBLES);
}

/** Ends early when a promise is broken. */
const pass = (world: World, end: number, isOver = () => false): Promise<void> =>
  world.time.passUntil(end, () => world.violation !== undefined || isOver());

/** All that can settle has settled. */
function judgeEnd({ world, primaries, checker }: Simulation, clients: readonly Client[]): void {
  for (const client of clients) {
    if (!client.isSettled)
      world.accuse(`${client.name} reports again and again, and is not told that all is well`);
    client.judge?.();
  }
  for (const primary of primaries) {
    for (const name of ['home0', 'home1'].map((label) => domainName(`${label}.${primary.zones[0]}`))) {
      const challenge = valueIn(challengeNameOf(name));
      checker.ended(challenge, primary.held(challenge));
    }
  }
}

function build(world: World, defect: Defect, isLong: boolean): Simulation {
  const checker = new Checker(world);
  const primaries = [
    new ModelPrimary('primary', [domainName(MAIN_ZONE), domainName(SECOND_ZONE)], world, checker),
    new ModelPrimary('lua', [domainName(POLICY_ZONE)], world, checker),
  ];
  const { users, hosts } = population();
  const database = new ModelDatabase(world, users, hosts);
  checker.database = database;
  for (const { name, expect, offlineAfter } of hosts)
    if (offlineAfter) checker.offlineAfter.set(name, { expect: expect ?? 0, offlineAfter });
  const around = {
    ...{ world, database, primaries, defect },
    history: new SharedHistory(),
    challenges: new MemoryChallengeStore(),
    watching: isLong ? 600_000 : 3_000,
    // They ask for changes twice a second, which would be too much for hours.
    hasCopies: !isLong,
  };
  const processes = ['one', 'two', 'three'].map(
    (name) => new SimulatedProcess(name, 1 + world.between(-20, 20) / 1000, around),
  );
  furnish(primaries);
  const front = new Front(world, checker, hosts, defect);
  return { world, checker, primaries, database, processes, front, addresses: new Addresses() };
}

/** Three users with names in all zones. */
function population() {
  const interfaceId = valueIn(parseIpv6('::1:2:3:4'));
  const users = [0, 1, 2].map((index) =>
    userNamed(`user${index}`, namesOf(index), {
      passwordHash: `$plain$0$secret${index}.0`,
      offline: index !== 2,
      tokens:
        index === 1
          ? [
              {
                name: 'router',
                digest: 'digest of token1',
                domains: undefined,
                use: 'updates and certificates',
              },
            ]
          : [],
    }),
  );
  const hosts = [
    hostNamed(`nas0.${MAIN_ZONE}`, { follows: domainName(`home0.${MAIN_ZONE}`), interfaceId }),
    hostNamed(`nas1.${MAIN_ZONE}`, {
      follows: domainName(`home1.${MAIN_ZONE}`),
      interfaceId,
      prefixLength: 56,
    }),
    hostNamed(`sleepy0.${MAIN_ZONE}`, { expect: 4_500, offlineAfter: 11_000 }),
    hostNamed(`sleepy1.${SECOND_ZONE}`, { expect: 4_500, offlineAfter: 11_000 }),
  ];
  return { users, hosts };
}

export const namesOf = (index: number): readonly string[] => [
  `home${index}.${MAIN_ZONE}`,
  `cam${index}.${SECOND_ZONE}`,
  `*.wild${index}.${MAIN_ZONE}`,
  `home${index}.${POLICY_ZONE}`,
  `deep.sub${index}.${POLICY_ZONE}`,
  ...(index === 0 ? [`sleepy0.${MAIN_ZONE}`, `alias.${MAIN_ZONE}`] : []),
  ...(index === 1 ? [`sleepy1.${SECOND_ZONE}`, `drop.${POLICY_ZONE}`] : []),
];

/** What stands in the zones before. */
function furnish([first, second]: readonly ModelPrimary[]): void {
  const mail = Buffer.from([0, 10, 0]);
  first?.write(domainName(`home0.${MAIN_ZONE}`), RrType.MX, [mail]);
  first?.write(domainName(`home1.${MAIN_ZONE}`), RrType.MX, [mail]);
  first?.write(domainName(`cam2.${SECOND_ZONE}`), RrType.TXT, [Buffer.from('\x04keep', 'latin1')]);
  first?.write(domainName(`alias.${MAIN_ZONE}`), RrType.CNAME, [aliasData('elsewhere.example.com')]);
  first?.write(domainName(`www.${MAIN_ZONE}`), RrType.A, [Buffer.from([192, 0, 2, 80])]);
  second?.dropped.add(`drop.${POLICY_ZONE}`);
}
