import { PrimaryClient } from '../../src/adapters/rfc2136/primary-client.ts';
import type { ChallengeStore } from '../../src/application/ports/challenge-store.ts';
import type { LoggedChange } from '../../src/application/ports/change-log.ts';
import type { Clock } from '../../src/application/ports/clock.ts';
import type { History } from '../../src/application/ports/history.ts';
import { noLogger } from '../../src/application/ports/logger.ts';
import type { PasswordHasher } from '../../src/application/ports/password-hasher.ts';
import type { TokenMint } from '../../src/application/ports/token-mint.ts';
import type { Event } from '../../src/domain/event.ts';
import { PlainPasswordHasher } from '../fakes/plain-password-hasher.ts';
import { noEvents } from '../support/events.ts';
import { primaryAt } from '../support/primary-at.ts';
import type { Defect } from './defects.ts';
import { composeInstance, type Instance } from './instance.ts';
import { type Ask, isChangeOfUsers, type ModelDatabase, remote, STALE } from './model-database.ts';
import type { ModelPrimary } from './model-primary.ts';
import { goodLink, type Life, type Link, SimulatedTransport } from './network.ts';
import { SimulatedClock } from './simulated-clock.ts';
import type { World } from './world.ts';

/** What all processes reach over the network, and what is wrong with them. */
export type Surroundings = {
  readonly world: World;
  readonly database: ModelDatabase;
  readonly history: History;
  readonly challenges: ChallengeStore;
  /** The first one is asked for its zones; those of the others are configured. */
  readonly primaries: readonly ModelPrimary[];
  /** Milliseconds between two looks for silent hosts. */
  readonly watching: number;
  /** Whether instances keep copies of what the database says. */
  readonly hasCopies: boolean;
  readonly defect: Defect;
};

/** Milliseconds for a slow hash. */
const HASHING = 40;

/** One of the processes that serve the same names. It can be killed at any moment, and started again. */
export class SimulatedProcess {
  readonly name: string;
  readonly toPrimaries: ReadonlyMap<ModelPrimary, Link>;
  readonly toDatabase = goodLink();
  life!: Life;
  clock!: SimulatedClock;
  instance!: Instance;
  readonly #around: Surroundings;
  readonly #rate: number;
  #starts = 0;
  #killed: (() => void)[] = [];

  /** @param rate how fast its clock is */
  constructor(name: string, rate: number, around: Surroundings) {
    this.name = name;
    this.#around = around;
    this.#rate = rate;
    this.toPrimaries = new Map(around.primaries.map((primary) => [primary, goodLink()]));
    this.start();
  }

  start(): void {
    this.#starts += 1;
    const { world, database, defect, watching, challenges, primaries } = this.#around;
    const life: Life = { name: `${this.name}.${this.#starts}`, alive: true };
    const clock = new SimulatedClock(world.time, this.#rate, life);
    clock.ahead = this.clock?.ahead ?? 0;
    this.life = life;
    this.clock = clock;
    const link = this.toDatabase;
    const ask: Ask = (what, work) => database.ask(what, { link, life }, work);
    const log = database.logFor(ask);
    const askUsers: Ask = async (what, work) => {
      if (!isChangeOfUsers(what)) return ask(what, work);
      let made: readonly LoggedChange[] = [];
      try {
        return await database.ask(what, { link, life, change: (changes) => (made = changes) }, work);
      } finally {
        // After a failure too, as the log in PostgreSQL does it.
        if (made.length > 0) log.hurry(made);
      }
    };
    const clients = new Map(primaries.map((primary) => [primary, this.#clientOf(primary)]));
    const [first, ...others] = [...clients];
    if (first === undefined) throw new Error('a process needs a primary');
    this.instance = composeInstance({
      ...{ clock, defect, watching },
      users: remote(() => database.users, askUsers),
      hosts: remote(() => database.hosts, ask),
      log,
      stale: this.#around.hasCopies ? STALE : undefined,
      challenges: remote(() => challenges, ask),
      history: this.#history(life, ask),
      passwords: slowPasswords(clock),
      mint: PLAIN_MINT,
      primaries: new Map(
        others.flatMap(([{ zones }, client]) => zones.map((zone) => [zone, client] as const)),
      ),
      discovering: first[1],
    });
    void this.instance.start();
  }

  kill(): void {
    if (!this.life.alive) return;
    this.#around.world.note(() => `${this.life.name} is killed`);
    this.life.alive = false;
    for (const action of this.#killed) action();
    this.#killed = [];
  }

  whenKilled(action: () => void): void {
    this.#killed.push(action);
  }

  #clientOf(primary: ModelPrimary): PrimaryClient {
    const { world, primaries } = this.#around;
    const { clock, life } = this;
    const link = this.toPrimaries.get(primary) ?? goodLink();
    const isFirst = primary === primaries[0];
    const port = 53 + primaries.indexOf(primary);
    const settings = primaryAt(
      { address: { family: 'ipv4', text: '192.0.2.53' }, port },
      { tsig: undefined, zones: isFirst ? [] : primary.zones },
    );
    const stream = new SimulatedTransport(world, clock, primary, link, life);
    return new PrimaryClient(settings, () => ({ udp: undefined, stream }), clock, noLogger, noEvents);
  }

  /** The history in the database. Events are written a little later, in their order, once it can be reached. */
  #history(life: Life, ask: Ask): History {
    const { world, database, history } = this.#around;
    const waiting: Event[] = [];
    let isPlanned = false;
    const write = () => {
      isPlanned = false;
      if (!life.alive) return;
      database.receive(() => {
        for (const event of waiting.splice(0)) history.tell(event);
      });
      if (waiting.length > 0) plan();
    };
    const plan = () => {
      if (isPlanned) return;
      isPlanned = true;
      world.time.plan(world.between(10, 600), write);
    };
    return {
      tell: (event) => {
        world.note(() => `${life.name} tells ${JSON.stringify(event)}`);
        waiting.push(event);
        plan();
      },
      ofName: (name, limit) => ask('ofName', () => history.ofName(name, limit)),
      states: (names) => ask('states', () => history.states(names)),
      troubled: (part) => ask('troubled', () => history.troubled(part)),
      rememberedUsers: () => ask('rememberedUsers', () => history.rememberedUsers()),
      forget: (users) => ask('forget', () => history.forget(users)),
    };
  }
}

/** Digests that a checker can read. */
const PLAIN_MINT: TokenMint = {
  issue: () => 'a token',
  digestOf: (secret) => `digest of ${secret}`,
};

/** Hashes that take time, as real ones do. */
function slowPasswords(clock: Clock): PasswordHasher {
  const plain = new PlainPasswordHasher();
  const wait = () => new Promise<void>((resolve) => void clock.schedule(HASHING, resolve));
  return {
    hash: async (password) => {
      await wait();
      return plain.hash(password);
    },
    verify: async (passwordHash, password) => {
      await wait();
      return plain.verify(passwordHash, password);
    },
    hashOfNobody: plain.hashOfNobody,
    recognises: (passwordHash) => plain.recognises(passwordHash),
  };
}
