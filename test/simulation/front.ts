import type { Authentication } from '../../src/application/login/authenticate-user.ts';
import type { HostOutcome } from '../../src/application/update/host-outcome.ts';
import { type HostUpdate, movesFollowers } from '../../src/application/update/wanted-names.ts';
import { challengeNameOf } from '../../src/domain/challenge-name.ts';
import type { DomainName } from '../../src/domain/domain-name.ts';
import { DynonymError } from '../../src/domain/errors.ts';
import type { HostSettings } from '../../src/domain/host-settings.ts';
import type { IpAddress } from '../../src/domain/ip-address.ts';
import { prefixOf } from '../../src/domain/ipv6-prefix.ts';
import type { Principal } from '../../src/domain/principal.ts';
import type { UserName } from '../../src/domain/user.ts';
import { valueIn } from '../support/parsed.ts';
import type { Ask, Checker } from './checker.ts';
import type { Defect } from './defects.ts';
import type { SimulatedProcess } from './simulated-process.ts';
import type { World } from './world.ts';

/** Who asks, with what credentials, from where. */
export type Requester = {
  readonly name: string;
  readonly user: UserName;
  readonly secret: string;
  readonly from: IpAddress;
};

/** `none`: the client got no answer. `fault`: the program said that it could not do it now. */
export type Answer<Outcome> =
  | Outcome
  | 'none'
  | 'fault'
  | Exclude<Authentication, { kind: 'authenticated' }>['kind'];

type Request = {
  readonly asks: readonly Ask[];
  readonly kind: keyof typeof PATIENCE;
  /** What an instance has to know for it. An instance that knew it once needs no database for it. */
  readonly what?: string;
};

/** Milliseconds for which clients wait. */
const PATIENCE = { update: 12_000, challenge: 30_000 };
/** Milliseconds in which each request has an answer, on clocks that are a little wrong. */
const BOUND = { update: 13_500, challenge: 32_000 };

/**
 * The way from clients to instances: what a route does, without HTTP. Tells the checker what is asked for and what is
 * answered.
 */
export class Front {
  readonly #world: World;
  readonly #checker: Checker;
  readonly #defect: Defect;
  readonly #hosts: readonly HostSettings[];
  /** How many requests have been sent, and how many of them got an answer of the program. */
  sent = 0;
  answered = 0;

  constructor(world: World, checker: Checker, hosts: readonly HostSettings[], defect: Defect) {
    this.#world = world;
    this.#checker = checker;
    this.#hosts = hosts;
    this.#defect = defect;
  }

  /** One outcome for each of `hosts`. */
  update(
    process: SimulatedProcess,
    by: Requester,
    hosts: readonly HostUpdate[],
  ): Promise<Answer<readonly HostOutcome[]>> {
    const asks = hosts.map((host) => this.#asksOf(process.name, by, host));
    this.#world.note(() => `${by.name} asks ${process.name} for ${hosts.map(wordsOf).join(', ')}`);
    const what = neededFor(by, hosts);
    return this.#request(
      process,
      by,
      { asks: asks.flat(), kind: 'update', what },
      async (principal, since) => {
        const outcomes = await process.instance.updateRecord.execute({ principal, hosts });
        for (const [index, outcome] of outcomes.entries()) {
          const succeeded = outcome.kind === 'changed' || outcome.kind === 'unchanged';
          const own = asks[index] ?? [];
          for (const ask of own) {
            ask.ended = this.#world.time.now;
            // What became of a follower is not told.
            ask.succeeded = succeeded && ask.kind !== 'follow';
          }
          this.#checker.answered(own, outcome, since);
        }
        return outcomes;
      },
    );
  }

  /** Adds a challenge value for a name, or removes it. */
  challenge(
    process: SimulatedProcess,
    by: Requester,
    certified: DomainName,
    kind: 'add' | 'remove',
    value: string,
  ): Promise<Answer<'done' | 'not done'>> {
    const name = valueIn(challengeNameOf(certified));
    const since = this.#world.time.now;
    const instance = process.name;
    const ask: Ask = { by, name, type: 'TXT', kind, text: value, right: certified, instance, since };
    this.#world.note(() => `${by.name} asks ${process.name} to ${kind} "${value}" at ${name}`);
    return this.#request(process, by, { asks: [ask], kind: 'challenge' }, async (principal, came) => {
      const { answerChallenges } = process.instance;
      const outcome = await (kind === 'add'
        ? answerChallenges.present({ principal, name, value })
        : answerChallenges.cleanUp({ principal, name, value }));
      ask.succeeded = outcome.kind === 'done';
      if (outcome.kind === 'done') this.#checker.challenged(ask, came);
      return outcome.kind === 'done' ? 'done' : 'not done';
    });
  }

  async #request<Outcome>(
    process: SimulatedProcess,
    by: Requester,
    { asks, kind, what }: Request,
    work: (principal: Principal, since: number) => Promise<Outcome>,
  ): Promise<Answer<Outcome>> {
    const { time } = this.#world;
    this.sent += 1;
    for (const ask of asks) this.#checker.asked(ask);
    const end = () => {
      for (const ask of asks) ask.ended ??= time.now;
    };
    return new Promise((resolve) => {
      const told = (answer: Answer<Outcome>) => {
        this.#world.note(() => `${by.name} hears from ${process.name}: ${answerText(answer)}`);
        resolve(answer);
      };
      const giveUp = time.plan(PATIENCE[kind], () => told('none'));
      const arrive = async () => {
        const { life } = process;
        if (!life.alive) return end();
        const since = time.now;
        process.whenKilled(end);
        const overdue = time.plan(BOUND[kind], () => {
          if (life.alive) this.#world.accuse(`${process.name} does not answer ${by.name}`);
        });
        const answer = await this.#serve(process, by, since, (principal) => work(principal, since));
        overdue();
        end();
        this.answered += 1;
        if (what !== undefined) this.#checkNeeds(process.name, life.name, { what, answer, since });
        time.plan(this.#world.between(1, 30), () => {
          giveUp();
          told(answer);
        });
      };
      time.plan(this.#world.between(1, 30), () => void arrive());
    });
  }

  #checkNeeds(
    instance: string,
    process: string,
    {
      what,
      answer,
      since,
    }: { readonly what: string; readonly answer: Answer<unknown>; readonly since: number },
  ): void {
    if (answer === 'fault') this.#checker.turnedAway({ instance, process }, what, since);
    else if (typeof answer !== 'string') this.#checker.served(process, what, since);
  }

  async #serve<Outcome>(
    process: SimulatedProcess,
    by: Requester,
    since: number,
    work: (principal: Principal) => Promise<Outcome>,
  ): Promise<Answer<Outcome>> {
    const { name, instance } = process;
    const credentials = { kind: 'password', user: by.user, password: by.secret } as const;
    try {
      const judged = await instance.authenticateUser.execute(credentials, by.from);
      this.#checker.authenticated(by, { instance: name, process: process.life.name }, judged, since);
      if (judged.kind !== 'authenticated') return judged.kind;
      return await work(this.#defect.principal?.(judged.principal) ?? judged.principal);
    } catch (error) {
      if (error instanceof DynonymError) return 'fault';
      this.#world.accuse(`${name} failed: ${error instanceof Error ? error.stack : String(error)}`);
      return 'fault';
    }
  }

  /** What a report asks for: for the name itself, and for the hosts that follow it. */
  #asksOf(instance: string, by: Requester, { name, ipv4, ipv6, followersPrefix }: HostUpdate): Ask[] {
    const common = { by, right: name, instance, since: this.#world.time.now };
    const asks: Ask[] = [];
    if (ipv4.kind === 'set') asks.push({ ...common, name, type: 'A', kind: 'set', text: ipv4.address.text });
    if (ipv6.kind === 'set')
      asks.push({ ...common, name, type: 'AAAA', kind: 'set', text: ipv6.address.text });
    if (ipv6.kind === 'prefix')
      asks.push({ ...common, name, type: 'AAAA', kind: 'prefix', prefix: ipv6.prefix });
    if (ipv4.kind === 'remove') asks.push({ ...common, name, type: 'A', kind: 'off' });
    if (ipv6.kind === 'remove') asks.push({ ...common, name, type: 'AAAA', kind: 'off' });
    for (const { name: follower, follows, prefixLength } of this.#hosts) {
      if (follows !== name) continue;
      const own =
        ipv6.kind === 'prefix'
          ? ipv6.prefix
          : ipv6.kind === 'set' && prefixLength !== undefined
            ? prefixOf(ipv6.address, prefixLength)
            : undefined;
      const prefix = followersPrefix ?? own;
      if (prefix !== undefined)
        asks.push({ ...common, name: follower, type: 'AAAA', kind: 'follow', prefix });
    }
    return asks;
  }
}

const neededFor = ({ user, secret }: Requester, hosts: readonly HostUpdate[]): string =>
  [
    user,
    secret,
    ...hosts.map((host) => `${host.name}${movesFollowers(host) ? ' and its followers' : ''}`),
  ].join(' ');

const wordsOf = ({ name, ipv4, ipv6, followersPrefix }: HostUpdate): string => {
  const v6 = ipv6.kind === 'set' ? ipv6.address.text : ipv6.kind === 'prefix' ? ipv6.prefix.text : ipv6.kind;
  return `${name} ${ipv4.kind === 'set' ? ipv4.address.text : ipv4.kind} ${v6} ${followersPrefix?.text ?? ''}`.trim();
};

function answerText(answer: Answer<unknown>): string {
  if (typeof answer === 'string') return answer;
  return (answer as readonly HostOutcome[])
    .map((one) => (one.kind === 'failed' ? `failed ${one.fault.code}` : one.kind))
    .join(', ');
}
