import { RrType } from '../../src/adapters/dns-wire/constants.ts';
import { encodeName } from '../../src/adapters/dns-wire/name.ts';
import { rdataOf } from '../../src/adapters/dns-wire/record-value.ts';
import type { HostOutcome } from '../../src/application/update/host-outcome.ts';
import type { HostUpdate } from '../../src/application/update/wanted-names.ts';
import { type DomainName, domainName, parentOf } from '../../src/domain/domain-name.ts';
import type { IpAddress, Ipv4Address, Ipv6Address } from '../../src/domain/ip-address.ts';
import { parseIpv6Prefix } from '../../src/domain/ipv6-prefix.ts';
import { parsePassword } from '../../src/domain/password.ts';
import type { UserName } from '../../src/domain/user.ts';
import { valueIn } from '../support/parsed.ts';
import { fits } from './checker.ts';
import type { Requester } from './front.ts';
import type { SimulatedProcess } from './simulated-process.ts';
import { namesOf, type Simulation } from './simulation.ts';

/** Somebody with habits. */
export type Client = {
  readonly name: string;
  /** Does what it does until then. */
  live(until: number): Promise<void>;
  /** The troubles are over: gives everybody back what it has taken. */
  giveBack?(): Promise<void>;
  /** Everybody has all rights again: says once more what it wants to be so. */
  settle(): Promise<void>;
  /** Whether it was told that all is as it wants. */
  readonly isSettled: boolean;
  /** Looks at what has become of its names. */
  judge?(): void;
};

/** Addresses that nobody has had before. */
export class Addresses {
  #count = 0;

  ipv4(): Ipv4Address {
    this.#count += 1;
    const net = this.#count < 250 ? '198.51.100' : '203.0.113';
    return { family: 'ipv4', text: `${net}.${(this.#count % 250) + 1}` };
  }

  ipv6(): Ipv6Address {
    this.#count += 1;
    return { family: 'ipv6', text: `2001:db8:${this.#count.toString(16)}::1` };
  }

  prefix(): string {
    this.#count += 1;
    return `2001:db8:${this.#count.toString(16)}::/56`;
  }
}

const KEEP = { kind: 'keep' } as const;
const REMOVE = { kind: 'remove' } as const;

/** What clients of one user know: the password, which an operator may change. */
type Account = {
  readonly user: UserName;
  /** One, or more while nobody knows which one is right. */
  secrets: readonly string[];
  /** The one before. */
  former?: string | undefined;
  /** Nobody has tried to remove the user. */
  exists: boolean;
  /** The removal was acknowledged. */
  isGone?: boolean;
};

export function clientsOf(simulation: Simulation): readonly Client[] {
  const accounts = [0, 1, 2].map(
    (index): Account => ({
      user: `user${index}` as UserName,
      secrets: [`secret${index}.0`],
      exists: true,
    }),
  );
  const all = [
    ...accounts.flatMap((account, index) => [
      new Router(simulation, account, index, [
        `home${index}.dyn.example.org`,
        `*.wild${index}.dyn.example.org`,
      ]),
      new Router(simulation, account, index, [
        `cam${index}.home.example.net`,
        `home${index}.lab.example.test`,
      ]),
    ]),
    new Sleeper(simulation, accounts[0] as Account, 'sleepy0.dyn.example.org'),
    new Sleeper(simulation, accounts[1] as Account, 'sleepy1.home.example.net'),
    new CertificateProgram(simulation, accounts[0] as Account, 'home0.dyn.example.org', 'a'),
    new CertificateProgram(simulation, accounts[0] as Account, 'home0.dyn.example.org', 'b'),
    new CertificateProgram(simulation, accounts[1] as Account, 'home1.lab.example.test', 'c'),
    new Stumbler(simulation, accounts[0] as Account, 'alias.dyn.example.org'),
    new Stumbler(simulation, accounts[1] as Account, 'drop.lab.example.test'),
    new Greedy(simulation, accounts[2] as Account),
    new Guesser(simulation, accounts[0] as Account),
    new Operator(simulation, accounts),
    new Outsider(simulation),
  ];
  return all.filter(() => simulation.world.chance(55));
}

/** Those who report now and then for hours, while somebody delegates their names to other primaries. */
export const patientClientsOf = (simulation: Simulation): readonly Client[] =>
  [0, 1].map((index) => {
    const account = { user: `user${index}` as UserName, secrets: [`secret${index}.0`], exists: true };
    return new Patient(simulation, account, `deep.sub${index}.lab.example.test`);
  });

/** What clients have in common: an address, a way to the instances, and patience. */
abstract class Habits implements Client {
  readonly name: string;
  isSettled = true;
  protected readonly simulation: Simulation;
  protected readonly account: Account;
  protected readonly from: IpAddress;

  constructor(simulation: Simulation, account: Account, name: string) {
    this.simulation = simulation;
    this.account = account;
    this.name = name;
    this.from = simulation.addresses.ipv4();
  }

  abstract live(until: number): Promise<void>;

  async settle(): Promise<void> {}

  protected get now(): number {
    return this.simulation.world.time.now;
  }

  /** @param until the end of the troubles: nobody sleeps over it */
  protected sleep(least: number, most: number, until = Number.POSITIVE_INFINITY): Promise<void> {
    const { time } = this.simulation.world;
    return time.sleep(Math.min(this.simulation.world.between(least, most), until - this.now));
  }

  protected anyProcess(): SimulatedProcess {
    return this.simulation.world.random.pick(this.simulation.processes);
  }

  /** With the password that it has, or with the one before: whoever changed it may not have learnt what became of it. */
  protected requester(secret = this.account.secrets.at(-1) ?? ''): Requester {
    return { name: this.name, user: this.account.user, secret, from: this.from };
  }

  protected report(
    process: SimulatedProcess,
    hosts: readonly HostUpdate[],
    secret?: string,
  ): Promise<readonly HostOutcome[] | string> {
    return this.simulation.front.update(process, this.requester(secret), hosts);
  }

  /** Tries everything until it works: other instances, an older password. */
  protected async insist(
    attempt: (process: SimulatedProcess, secret: string) => Promise<boolean>,
  ): Promise<void> {
    this.isSettled = false;
    for (let round = 0; round < 8; round += 1) {
      const { secrets, exists } = this.account;
      if (!exists) break;
      const secret = secrets.at(-1 - (round % secrets.length)) ?? '';
      if (await attempt(this.anyProcess(), secret)) {
        this.isSettled = true;
        return;
      }
      await this.sleep(1_000, 4_000);
    }
    this.isSettled ||= !this.account.exists;
  }
}

/** Reports the addresses of some names: again and again the same, and now and then others. */
class Router extends Habits {
  readonly #names: readonly DomainName[];
  #ipv4: Ipv4Address;
  #ipv6: Ipv6Address | undefined;
  /** Addresses that it had before, and may get again. */
  readonly #former: Ipv4Address[] = [];
  #last: readonly HostUpdate[] = [];

  constructor(simulation: Simulation, account: Account, index: number, names: readonly string[]) {
    super(simulation, account, `router of ${names[0]}`);
    this.#names = names.map(domainName);
    this.#ipv4 = simulation.addresses.ipv4();
    this.#ipv6 = index === 0 ? undefined : simulation.addresses.ipv6();
  }

  async live(until: number): Promise<void> {
    const { world } = this.simulation;
    let process = this.anyProcess();
    await this.sleep(0, 8_000, until);
    while (this.now < until) {
      this.#move();
      const hosts = this.#hosts();
      this.#last = hosts;
      for (let attempt = 0; attempt < 3; attempt += 1) {
        // A device that still has the old password.
        const secret = world.chance(12) ? this.account.former : undefined;
        const outcome = await this.report(process, hosts, secret);
        if (typeof outcome !== 'string' && outcome.every(({ kind }) => kind !== 'failed')) break;
        // It gives up, and repeats the request through another instance.
        process = this.anyProcess();
        await this.sleep(200, 5_000, until);
      }
      if (world.chance(30)) process = this.anyProcess();
      await this.sleep(1_000, 14_000, until);
    }
  }

  override settle(): Promise<void> {
    return this.insist(async (process, secret) => {
      const hosts = this.#last;
      const outcome = await this.report(process, hosts, secret);
      if (typeof outcome === 'string') return false;
      return outcome.every(({ kind }) => kind !== 'failed');
    });
  }

  judge(): void {
    const { world, primaries, checker, database } = this.simulation;
    if (!this.account.exists) return;
    for (const { name, ipv4, ipv6 } of this.#last) {
      const mayStill = database.wasEver(this.account.user, this.now - 75_000, this.now, ({ domains }) =>
        domains.includes(name),
      );
      if (!mayStill) continue;
      const primary = primaries.find(({ zones }) => zones.some((zone) => name.endsWith(`.${zone}`)));
      const held = primary?.held(name) ?? {};
      for (const [type, wanted] of [
        ['A', ipv4],
        ['AAAA', ipv6],
      ] as const) {
        const values = held[type] ?? [];
        if (wanted.kind === 'set' && String(values) !== wanted.address.text) {
          const isOthers = checker
            .asksOf(name)
            .some(({ by, since }) => by.name !== this.name && since > this.now - 75_000);
          if (!isOthers)
            world.accuse(`${name} ${type} is [${values}] in the end, and ${wanted.address.text} was asked`);
        }
      }
    }
  }

  #move(): void {
    const { world, addresses } = this.simulation;
    if (!world.chance(35)) return;
    const former = this.#former.at(-1);
    if (former !== undefined && world.chance(30)) {
      this.#former.push(this.#ipv4);
      this.#ipv4 = former;
    } else {
      this.#former.push(this.#ipv4);
      this.#ipv4 = addresses.ipv4();
    }
    if (this.#ipv6 !== undefined && world.chance(50)) this.#ipv6 = addresses.ipv6();
  }

  #hosts(): readonly HostUpdate[] {
    const { world, addresses } = this.simulation;
    const [first, second] = this.#names;
    const names = world.chance(60) || second === undefined ? this.#names : [world.random.pick(this.#names)];
    return names.map((name): HostUpdate => {
      const ipv4 = { kind: 'set', address: this.#ipv4 } as const;
      const ipv6 = this.#ipv6 === undefined ? KEEP : ({ kind: 'set', address: this.#ipv6 } as const);
      if (name === first && world.chance(15)) {
        const followersPrefix = valueIn(parseIpv6Prefix(addresses.prefix()));
        return { name, ipv4, ipv6, followersPrefix };
      }
      if (world.chance(6) && this.account.user !== ('user2' as UserName))
        return { name, ipv4: REMOVE, ipv6: REMOVE };
      if (world.chance(10)) return { name, ipv4, ipv6: KEEP };
      return { name, ipv4, ipv6 };
    });
  }
}

/** Reports a name for a while, is silent for long, and comes back. */
class Sleeper extends Habits {
  readonly #name: DomainName;
  #ipv4: Ipv4Address;

  constructor(simulation: Simulation, account: Account, name: string) {
    super(simulation, account, `sleeper ${name}`);
    this.#name = domainName(name);
    this.#ipv4 = simulation.addresses.ipv4();
  }

  async live(until: number): Promise<void> {
    const { world, addresses } = this.simulation;
    while (this.now < until) {
      if (world.chance(30)) this.#ipv4 = addresses.ipv4();
      await this.report(this.anyProcess(), this.#hosts());
      await (world.chance(60) ? this.sleep(1_500, 3_500, until) : this.sleep(12_000, 19_000, until));
    }
  }

  override settle(): Promise<void> {
    return this.insist(async (process, secret) => {
      const outcome = await this.report(process, this.#hosts(), secret);
      return typeof outcome !== 'string' && outcome.every(({ kind }) => kind !== 'failed');
    });
  }

  #hosts(): readonly HostUpdate[] {
    return [{ name: this.#name, ipv4: { kind: 'set', address: this.#ipv4 }, ipv6: KEEP }];
  }
}

/** Reports every few minutes, with an address that changes now and then. Meanwhile somebody delegates its name. */
class Patient extends Habits {
  readonly #name: DomainName;
  #ipv4: Ipv4Address;

  constructor(simulation: Simulation, account: Account, name: string) {
    super(simulation, account, `patient ${name}`);
    this.#name = domainName(name);
    this.#ipv4 = simulation.addresses.ipv4();
  }

  async live(until: number): Promise<void> {
    const { world, addresses } = this.simulation;
    const process = this.anyProcess();
    void this.#delegate();
    while (this.now < until) {
      if (world.chance(50)) this.#ipv4 = addresses.ipv4();
      const address = { kind: 'set', address: this.#ipv4 } as const;
      await this.report(process, [{ name: this.#name, ipv4: address, ipv6: KEEP }]);
      await this.sleep(300_000, 900_000, until);
    }
  }

  async #delegate(): Promise<void> {
    await this.sleep(600_000, 3_000_000);
    const { primaries, checker } = this.simulation;
    primaries[1]?.write(parentOf(this.#name), RrType.NS, [encodeName('ns.elsewhere.example.com')]);
    checker.hide(this.#name);
  }
}

/** Gets certificates: adds a value or two, and removes them later. */
class CertificateProgram extends Habits {
  readonly #certified: DomainName;
  readonly #letter: string;
  #orders = 0;
  /** Values that it has not removed for certain. */
  #left: string[] = [];

  constructor(simulation: Simulation, account: Account, certified: string, letter: string) {
    super(simulation, account, `acme ${letter}`);
    this.#certified = domainName(certified);
    this.#letter = letter;
  }

  async live(until: number): Promise<void> {
    const { world } = this.simulation;
    await this.sleep(0, 20_000, until);
    while (this.now < until) {
      this.#orders += 1;
      const values = ['x', 'y'].slice(0, world.between(1, 2)).map((part) => this.#valueOf(part));
      for (const value of values) await this.#ask('add', value);
      await this.sleep(1_000, 8_000, until);
      for (const value of values) {
        if (world.chance(15)) continue;
        this.#left.push(value);
        if ((await this.#ask('remove', value)) === 'done')
          this.#left = this.#left.filter((one) => one !== value);
      }
      await this.sleep(8_000, 25_000, until);
    }
  }

  override async settle(): Promise<void> {
    for (const value of this.#left) {
      await this.insist(
        async (process, secret) => (await this.#ask('remove', value, process, secret)) === 'done',
      );
      if (!this.isSettled) return;
    }
  }

  #valueOf(part: string): string {
    return `${this.#letter}${part}${this.#orders}`.padEnd(43, '-');
  }

  #ask(kind: 'add' | 'remove', value: string, process = this.anyProcess(), secret?: string): Promise<string> {
    return this.simulation.front.challenge(process, this.requester(secret), this.#certified, kind, value);
  }
}

/** Reports a name that cannot be changed: an alias, or one that a policy forbids. */
class Stumbler extends Habits {
  readonly #name: DomainName;

  constructor(simulation: Simulation, account: Account, name: string) {
    super(simulation, account, `stumbler ${name}`);
    this.#name = domainName(name);
  }

  async live(until: number): Promise<void> {
    while (this.now < until) {
      await this.sleep(2_000, 40_000, until);
      const address = this.simulation.addresses.ipv4();
      await this.report(this.anyProcess(), [
        { name: this.#name, ipv4: { kind: 'set', address }, ipv6: KEEP },
      ]);
    }
  }
}

/** Asks for names of others beside its own. */
class Greedy extends Habits {
  constructor(simulation: Simulation, account: Account) {
    super(simulation, account, 'greedy');
  }

  async live(until: number): Promise<void> {
    const { world, addresses } = this.simulation;
    while (this.now < until) {
      await this.sleep(3_000, 30_000, until);
      const address = addresses.ipv4();
      const others = [...namesOf(0), ...namesOf(1), 'nobody.dyn.example.org'].map(domainName);
      const own = domainName('home2.lab.example.test');
      const names = [...new Set([own, world.random.pick(others), world.random.pick(others)])];
      await this.report(
        this.anyProcess(),
        names.map((name) => ({ name, ipv4: { kind: 'set', address }, ipv6: KEEP })),
      );
    }
  }
}

/** Tries passwords, and now and then the right one, which it must not learn in a pause. */
class Guesser extends Habits {
  #guesses = 0;

  constructor(simulation: Simulation, account: Account) {
    super(simulation, account, 'guesser');
  }

  async live(until: number): Promise<void> {
    const { world, addresses } = this.simulation;
    await this.sleep(0, 30_000, until);
    const process = this.anyProcess();
    const most = world.between(4, 16);
    const name = domainName('home1.dyn.example.org');
    for (let round = 0; round < most && this.now < until; round += 1) {
      this.#guesses += 1;
      const secret = round > 10 && world.chance(40) ? undefined : `guess${this.#guesses}`;
      const address = addresses.ipv4();
      const report = this.report(process, [{ name, ipv4: { kind: 'set', address }, ipv6: KEEP }], secret);
      if (world.chance(50)) await report;
      await this.sleep(50, 1_500, until);
    }
  }
}

/** Changes passwords, rights and users, while all others go on. */
class Operator extends Habits {
  readonly #accounts: readonly Account[];
  /** What was perhaps not given back. */
  readonly #revoked: { readonly account: Account; readonly name: DomainName }[] = [];
  /** What was given back, and acknowledged. */
  #granted: { readonly account: Account; readonly name: DomainName }[] = [];
  #count = 0;

  constructor(simulation: Simulation, accounts: readonly Account[]) {
    super(simulation, accounts[0] as Account, 'operator');
    this.#accounts = accounts;
  }

  async live(until: number): Promise<void> {
    const { world } = this.simulation;
    while (this.now < until) {
      await this.sleep(3_000, 12_000, until);
      if (this.now >= until) return;
      const account = world.random.pick(this.#accounts);
      const deed = world.random.pick(['password', 'second thoughts', 'revoke', 'remove'] as const);
      world.note(() => `the operator: ${deed} ${account.user}`);
      await this.#do(deed, account);
    }
  }

  /** What was acknowledged is there, whatever has become of the database. */
  judge(): void {
    const { world, database } = this.simulation;
    for (const { user, exists, isGone, secrets } of this.#accounts) {
      const present = database.present(user);
      if (isGone && present !== undefined) world.accuse(`${user} was removed, and is there in the end`);
      if (exists && (present === undefined || !secrets.some((secret) => fits(secret)(present))))
        world.accuse(`${user} has none of the passwords ${secrets} in the end`);
    }
    for (const { account, name } of this.#granted) {
      const present = database.present(account.user);
      if (present !== undefined && !present.domains.includes(name))
        world.accuse(`${name} was granted to ${account.user}, who does not have it in the end`);
    }
  }

  /** So that all can settle. */
  async giveBack(): Promise<void> {
    for (const { account, name } of this.#revoked.splice(0)) await this.#grant(account, name);
  }

  async #do(deed: 'password' | 'second thoughts' | 'revoke' | 'remove', account: Account): Promise<void> {
    const { world, database } = this.simulation;
    if (!account.exists) return;
    if (deed === 'password') {
      await this.#changePassword(account);
    } else if (deed === 'second thoughts') {
      await this.#changePassword(account);
      const recover = database.beSlow();
      await this.sleep(400, 900);
      // A device that was told the first of the passwords, and uses it for long.
      const device = this.anyProcess();
      const secret = account.secrets.at(-1) ?? '';
      void this.#reportFor(account, device, secret);
      await this.#changePassword(account);
      recover();
      await this.sleep(2_000, 6_000);
      await this.#reportFor(account, device, secret);
    } else if (deed === 'revoke') {
      const index = Number(account.user.at(-1));
      const name = domainName(world.random.pick(namesOf(index)));
      this.#granted = this.#granted.filter((one) => one.name !== name);
      await this.#manage((users) => users.revoke(account.user, name));
      await this.sleep(2_000, 9_000);
      await this.#grant(account, name);
    } else if (world.chance(25) && (await database.users.find(account.user)) !== undefined) {
      account.exists = false;
      account.isGone = (await this.#manage((users) => users.remove(account.user))) === 'removed';
    }
  }

  async #changePassword(account: Account): Promise<void> {
    this.#count += 1;
    const secret = `new${this.#count}`;
    // A device that is told the password before it is known what became of it.
    const device = this.anyProcess();
    if (this.simulation.world.chance(50))
      void this.sleep(100, 1_200).then(() => this.#reportFor(account, device, secret));
    // Also where the outcome is not known: clients try both.
    const outcome = await this.#manage((users) =>
      users.changePassword(account.user, valueIn(parsePassword(secret))),
    );
    account.former = account.secrets.at(-1);
    if (outcome === 'changed') account.secrets = [secret];
    else account.secrets = [...account.secrets, secret];
  }

  /** A name that nobody else reports. */
  #reportFor({ user }: Account, process: SimulatedProcess, secret: string): Promise<unknown> {
    const name = domainName(`deep.sub${user.at(-1)}.lab.example.test`);
    const address = this.simulation.addresses.ipv4();
    const host: HostUpdate = { name, ipv4: { kind: 'set', address }, ipv6: KEEP };
    return this.simulation.front.update(process, { name: 'device', user, secret, from: this.from }, [host]);
  }

  async #grant(account: Account, name: DomainName): Promise<void> {
    const outcome = await this.#manage((users) => users.grant(account.user, name));
    if (outcome === undefined) this.#revoked.push({ account, name });
    else this.#granted.push({ account, name });
  }

  /** Undefined where the outcome is not known. */
  async #manage<Outcome>(
    change: (users: SimulatedProcess['instance']['manageUsers']) => Promise<Outcome>,
  ): Promise<Outcome | undefined> {
    const process = this.anyProcess();
    if (!process.life.alive) return undefined;
    return new Promise((resolve) => {
      process.whenKilled(() => resolve(undefined));
      change(process.instance.manageUsers).then(resolve, () => resolve(undefined));
    });
  }
}

/** Changes records with another program. */
class Outsider implements Client {
  readonly name = 'outsider';
  readonly isSettled = true;
  readonly #simulation: Simulation;

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
  }

  async live(until: number): Promise<void> {
    const { world, primaries } = this.#simulation;
    const [primary] = primaries;
    while (world.time.now < until) {
      await world.time.sleep(Math.min(world.between(2_000, 12_000), until - world.time.now));
      if (world.time.now >= until || primary === undefined) return;
      const name = domainName(
        world.random.pick(['home0.dyn.example.org', 'cam1.home.example.net', 'sleepy0.dyn.example.org']),
      );
      const octet = world.between(1, 250);
      primary.write(name, RrType.A, [rdataOf({ family: 'ipv4', text: `192.0.2.${octet}` })]);
    }
  }

  async settle(): Promise<void> {}
}
