import { RrClass, RrType } from '../../src/adapters/dns-wire/constants.ts';
import type { Authentication } from '../../src/application/login/authenticate-user.ts';
import type { HostOutcome } from '../../src/application/update/host-outcome.ts';
import type { DomainName } from '../../src/domain/domain-name.ts';
import { type Ipv6Address, parseIpv6 } from '../../src/domain/ip-address.ts';
import { type Ipv6Prefix, joinPrefix } from '../../src/domain/ipv6-prefix.ts';
import { siteOf } from '../../src/domain/network.ts';
import type { User } from '../../src/domain/user.ts';
import { valueIn } from '../support/parsed.ts';
import type { Requester } from './front.ts';
import type { ModelDatabase } from './model-database.ts';
import type { DoneUpdate, Held, Watcher } from './model-primary.ts';
import type { World } from './world.ts';

/** Something that a client asked for, of one type at one name. */
export type Ask = {
  readonly by: Requester;
  readonly name: DomainName;
  readonly type: 'A' | 'AAAA' | 'TXT';
  /** `follow`: the name follows the one that the request named. `add`, `remove`: a challenge value. */
  readonly kind: 'set' | 'prefix' | 'follow' | 'off' | 'add' | 'remove';
  /** The address or the value. */
  readonly text?: string | undefined;
  readonly prefix?: Ipv6Prefix | undefined;
  /** The name that has to be granted. */
  readonly right: DomainName;
  /** The instance that was asked. */
  readonly instance: string;
  /** When the client sent it. */
  readonly since: number;
  /** When its request was answered, or died. */
  ended?: number;
  succeeded?: boolean;
};

/** A delegation is found so many milliseconds later. */
const FOUND = 3_600_000 * 1.05;
/** All instances know of a report so many milliseconds later, and have ended what they began before. */
const TOLD = 7_000;
/** Different wrong credentials that start a pause, of a name at a site, and how long it lasts at least. */
const GUESSES = { ofName: 10, window: 570_000, pause: 58_000 };

/**
 * Looks at everything that happens, and accuses the program where it breaks a promise. It knows what clients asked for,
 * what each user might do at each moment, and what the zones have held; it knows nothing of how the program works.
 */
export class Checker implements Watcher {
  readonly #world: World;
  readonly #asks = new Map<DomainName, Ask[]>();
  readonly #held = new Map<DomainName, { readonly since: number; readonly held: Held }[]>();
  readonly #hiddenSince = new Map<DomainName, number>();
  /** Wrong credentials that got a verdict, by instance, site and name. */
  readonly #guesses = new Map<string, { readonly secrets: Map<string, number>; pausedSince: number }>();
  readonly #failures = new Map<string, number>();
  /** When a process has last served an update, by all that it needed to know for it. */
  readonly #served = new Map<string, { readonly since: number; readonly until: number }>();
  database!: ModelDatabase;
  /** After how many milliseconds without a report a name is silent, and may be taken off. */
  readonly offlineAfter = new Map<DomainName, { readonly expect: number; readonly offlineAfter: number }>();
  /** Somebody has set a clock. A process that starts then cannot know how long a name has been silent. */
  clocksDiffer = false;

  constructor(world: World) {
    this.#world = world;
  }

  get #now(): number {
    return this.#world.time.now;
  }

  /** A client asks. */
  asked(ask: Ask): void {
    const asks = this.#asks.get(ask.name);
    if (asks === undefined) this.#asks.set(ask.name, [ask]);
    else asks.push(ask);
  }

  asksOf(name: DomainName): readonly Ask[] {
    return this.#asks.get(name) ?? [];
  }

  /** From now on a delegation hides the name. */
  hide(name: DomainName): void {
    this.#hiddenSince.set(name, this.#now);
  }

  /** What clients of other programs see now. */
  written(name: DomainName, after: Held): void {
    const versions = this.#held.get(name);
    if (versions === undefined) this.#held.set(name, [{ since: this.#now, held: after }]);
    else versions.push({ since: this.#now, held: after });
  }

  /** Everything that an UPDATE changes was asked for, and nothing else changes. */
  updated({ message, from, names }: DoneUpdate): void {
    for (const { name, before, after } of names) {
      this.written(name, after);
      for (const type of new Set([...Object.keys(before), ...Object.keys(after)])) {
        const was = before[type] ?? [];
        const is = after[type] ?? [];
        if (String(was) === String(is)) continue;
        const isConditional = message.answers.some(
          (record) =>
            record.name.toLowerCase() === name &&
            record.type === RrType[type as 'A'] &&
            record.class !== RrClass.ANY,
        );
        const what = `${from.name} made ${name} ${type} [${was}] -> [${is}]`;
        if (type === 'A' || type === 'AAAA')
          this.#addresses(name, type, { was, is, isConditional, sent: from.at, what });
        else if (type === 'TXT') this.#texts(name, { was, is, what });
        else this.#accuse(`${what}: records of that type are not ours`);
      }
    }
  }

  /** An update was answered. `since` is when it came to the instance. */
  answered(asks: readonly Ask[], outcome: HostOutcome, since: number): void {
    const own = asks.filter(({ kind }) => kind !== 'follow');
    const [first] = own;
    if (first === undefined) return;
    const { name } = first;
    const { by } = first;
    const what = `${by.name} heard "${outcome.kind}" for ${name}`;
    if (outcome.kind === 'changed' || outcome.kind === 'unchanged') {
      if (!this.#isAuthorised(first)) this.#accuse(`${what} without the right to it`);
      const isSo = (held: Held) =>
        held['CNAME'] === undefined &&
        own.every((ask) => isAsAsked(held[ask.type] ?? [], ask)) &&
        outcome.addresses.every(({ family, text }) => held[family === 'ipv4' ? 'A' : 'AAAA']?.includes(text));
      if (!this.#heldSince(name, since).some(isSo)) {
        this.#accuse(`${what}: the zone did not hold ${own.map(wordsOf)} at any moment of the request`);
      }
      const hidden = this.#hiddenSince.get(name);
      if (hidden !== undefined && since - hidden > FOUND) {
        this.#accuse(`${what}: a delegation has hidden it for ${Math.round((since - hidden) / 1000)} s`);
      }
      return;
    }
    const isRefusal = outcome.kind === 'not-yours' || outcome.kind === 'unknown-name';
    if (isRefusal && this.#hadRight(first, since)) this.#accuse(`${what}, and has the right to it`);
  }

  /** Credentials were judged. */
  authenticated(
    by: Requester,
    { instance, process }: { readonly instance: string; readonly process: string },
    outcome: Authentication,
    since: number,
  ): void {
    const { user, secret, from } = by;
    const site = siteOf(from);
    const key = `${process} ${site} ${user}`;
    const start = this.database.inForce(instance, since);
    const guesses = this.#guesses.get(key) ?? { secrets: new Map<string, number>(), pausedSince: -Infinity };
    this.#guesses.set(key, guesses);
    const hasVerdict = outcome.kind === 'authenticated' || outcome.kind === 'rejected';
    if (hasVerdict && since > guesses.pausedSince && this.#now < guesses.pausedSince + GUESSES.pause) {
      this.#accuse(`${by.name} heard "${outcome.kind}" in a pause that began at ${guesses.pausedSince}`);
    }
    if (outcome.kind === 'authenticated') {
      if (!this.database.wasEver(user, start, this.#now, fits(secret))) {
        this.#accuse(`${by.name} was let in as ${user} with ${secret}, which is not right any more`);
      }
    } else if (outcome.kind === 'rejected') {
      if (this.database.wasAlways(user, start, this.#now, fits(secret))) {
        this.#accuse(`${by.name} was turned away as ${user} with the right secret`);
      }
      this.#failures.set(site, (this.#failures.get(site) ?? 0) + 1);
      if (!guesses.secrets.has(secret)) guesses.secrets.set(secret, this.#now);
      const recent = [...guesses.secrets].filter(([, at]) => this.#now - at < GUESSES.window);
      if (recent.length >= GUESSES.ofName) {
        guesses.pausedSince = this.#now;
        guesses.secrets.clear();
      }
    } else if (outcome.kind === 'paused' && (this.#failures.get(site) ?? 0) < GUESSES.ofName) {
      this.#accuse(`${by.name} is paused, and has failed ${this.#failures.get(site) ?? 0} times`);
    }
  }

  /** An update was served. `process` knew `what` for it. */
  served(process: string, what: string, since: number): void {
    this.#served.set(`${process} ${what}`, { since, until: this.#now });
  }

  /** The program said that it cannot serve an update now. Only the database is a reason. */
  turnedAway(
    { instance, process }: { readonly instance: string; readonly process: string },
    what: string,
    since: number,
  ): void {
    const { database } = this;
    if (database.awaySince(instance, since, this.#now) === undefined)
      this.#accuse(`${process} could not serve ${what}, and has had the database all the time`);
    const known = this.#served.get(`${process} ${what}`);
    if (known === undefined || !database.isStillKnown(instance, this.#now)) return;
    const isSureOfIt =
      database.changedAt < database.inForce(instance, known.since) &&
      database.awaySince(instance, known.since, known.until) === undefined;
    if (isSureOfIt)
      this.#accuse(`${process} could not serve ${what} without the database, and knew all that it needs`);
  }

  /** A challenge value was acknowledged. */
  challenged(ask: Ask, since: number): void {
    const isThere = (held: Held) => held['TXT']?.includes(ask.text ?? '') === true;
    const what = `${ask.by.name} heard that "${ask.text}" at ${ask.name}`;
    const moments = this.#heldSince(ask.name, since);
    if (ask.kind === 'add') {
      if (!this.#isAuthorised(ask)) this.#accuse(`${what} stands, without the right to it`);
      if (!moments.some(isThere)) this.#accuse(`${what} stands, and it did not at any moment of the request`);
    } else if (!moments.some((held) => !isThere(held))) {
      this.#accuse(`${what} is gone, and it stood there all the time`);
    }
  }

  /** In the end, a value that was acknowledged stands until its client removes it. */
  ended(name: DomainName, held: Held): void {
    const asks = this.asksOf(name).filter(({ type }) => type === 'TXT');
    for (const { kind, text, succeeded, by } of asks) {
      const wasRemoved = asks.some((other) => other.kind === 'remove' && other.text === text);
      if (kind === 'add' && succeeded === true && !wasRemoved && !held['TXT']?.includes(text ?? '')) {
        this.#accuse(`the value "${text}" of ${by.name} is gone from ${name}`);
      }
    }
  }

  #accuse(text: string): void {
    this.#world.accuse(text);
  }

  #addresses(
    name: DomainName,
    type: 'A' | 'AAAA',
    change: {
      readonly was: readonly string[];
      readonly is: readonly string[];
      readonly isConditional: boolean;
      readonly sent: number;
      readonly what: string;
    },
  ): void {
    const { was, is, isConditional, sent, what } = change;
    const asks = this.asksOf(name).filter((ask) => ask.type === type);
    if (is.length === 0) {
      const isOff = asks.some((ask) => ask.kind === 'off' && this.#isAuthorised(ask));
      if (!isOff) this.#takenOff(name, asks, was, { sent, what });
      return;
    }
    const matching = asks.filter((ask) => ask.kind !== 'off' && isAsAsked(is, ask));
    const authorised = matching.filter((ask) => this.#isAuthorised(ask));
    if (authorised.length === 0) {
      this.#accuse(`${what}: nobody who may has asked for it`);
      return;
    }
    if (isConditional || !authorised.every((ask) => isOvertaken(ask, asks))) return;
    this.#accuse(
      `${what}: a later request was acknowledged before, and no condition kept this one from being made`,
    );
  }

  /**
   * Nobody asked for the removal: the name has been silent for long. What counts is when the message was sent: where a
   * name is as it was before, no condition stops one that comes late.
   */
  #takenOff(
    name: DomainName,
    asks: readonly Ask[],
    was: readonly string[],
    { sent, what }: { readonly sent: number; readonly what: string },
  ): void {
    const patience = this.offlineAfter.get(name);
    const isOurs = asks.some((ask) => isAsAsked(was, ask));
    if (patience === undefined) this.#accuse(`${what}: nobody who may has asked for it`);
    else if (!isOurs) this.#accuse(`${what}: the address is not ours`);
    else {
      const since = sent - 0.9 * (this.clocksDiffer ? patience.expect : patience.offlineAfter);
      const report = asks.find((ask) => ask.since > since && ask.succeeded && (ask.ended ?? 0) < sent - TOLD);
      if (report === undefined) return;
      this.#accuse(
        `${what}: it was taken off, and was reported ${Math.round(sent - report.since)} ms before`,
      );
    }
  }

  #texts(
    name: DomainName,
    {
      was,
      is,
      what,
    }: { readonly was: readonly string[]; readonly is: readonly string[]; readonly what: string },
  ): void {
    const asks = this.asksOf(name).filter(({ type }) => type === 'TXT');
    for (const text of is.filter((one) => !was.includes(one))) {
      const ask = asks.find((one) => one.kind === 'add' && one.text === text && this.#isAuthorised(one));
      if (ask === undefined) this.#accuse(`${what}: nobody who may has asked for "${text}"`);
    }
    for (const text of was.filter((one) => !is.includes(one))) {
      const ask = asks.find((one) => one.kind === 'remove' && one.text === text && this.#isAuthorised(one));
      const isOurs = asks.some((one) => one.kind === 'add' && one.text === text);
      if (ask === undefined || !isOurs) this.#accuse(`${what}: nobody who may has asked to remove "${text}"`);
    }
  }

  /** Whether the user might ask for this at a moment of the request, or a second before. */
  #isAuthorised({ by, right, kind, instance, since, ended }: Ask): boolean {
    const mayAsk = (user: User) =>
      fits(by.secret)(user) && user.domains.includes(right) && (kind !== 'off' || user.offline);
    return this.database.wasEver(by.user, this.database.inForce(instance, since), ended ?? this.#now, mayAsk);
  }

  #hadRight({ by, right, instance }: Ask, since: number): boolean {
    const has = (one: User) => fits(by.secret)(one) && one.domains.includes(right);
    return this.database.wasAlways(by.user, this.database.inForce(instance, since), this.#now, has);
  }

  /** What the name has held since then. */
  #heldSince(name: DomainName, since: number): readonly Held[] {
    const versions = this.#held.get(name) ?? [];
    const first = versions.findLastIndex((version) => version.since < since);
    const found = versions.slice(Math.max(0, first)).map(({ held }) => held);
    return first < 0 ? [{}, ...found] : found;
  }
}

/** True when another request for another value began after this one had ended, and was acknowledged. */
const isOvertaken = (ask: Ask, asks: readonly Ask[]): boolean =>
  ask.ended !== undefined &&
  asks.some(
    (other) =>
      other.succeeded === true &&
      other.since > (ask.ended ?? 0) &&
      (other.text !== ask.text || other.kind !== ask.kind || other.prefix?.text !== ask.prefix?.text),
  );

/** Whether an RRset is what was asked for. Behind a prefix, any host part counts. */
function isAsAsked(texts: readonly string[], { kind, text, prefix }: Ask): boolean {
  if (kind === 'off') return texts.length === 0;
  if (prefix === undefined) return texts.length === 1 && texts[0] === text;
  return texts.length > 0 && texts.every((one) => isBehind(one, prefix));
}

function isBehind(text: string, prefix: Ipv6Prefix): boolean {
  const address: Ipv6Address = valueIn(parseIpv6(text));
  return joinPrefix(prefix, address).text === text;
}

/** True for a user whose password or token this is, on the plain hashes of the simulation. */
export const fits =
  (secret: string) =>
  ({ passwordHash, tokens }: User): boolean =>
    passwordHash.endsWith(`$${secret}`) || tokens.some(({ digest }) => digest === `digest of ${secret}`);

const wordsOf = ({ type, kind, text, prefix }: Ask): string => `${type} ${text ?? prefix?.text ?? kind}`;
