import type { HostSettings } from '../../domain/host-settings.ts';
import { INVITATION_LIFE, type Invitation } from '../../domain/invitation.ts';
import { networkText } from '../../domain/network.ts';
import type { User } from '../../domain/user.ts';
import type { Challenge, ChallengeStore } from '../ports/challenge-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { HostStore } from '../ports/host-store.ts';
import type { InvitationStore } from '../ports/invitation-store.ts';
import type { UserStore } from '../ports/user-store.ts';

/** Where users, hosts and the rest are kept: a configuration with its files, or a database. */
export type StorePlace = {
  readonly users: Pick<
    UserStore,
    'list' | 'find' | 'findByIdentity' | 'findByPasskey' | 'findByTokenDigest' | 'addAll'
  >;
  readonly hosts: Pick<HostStore, 'list' | 'find' | 'addAll'>;
  readonly invitations: Pick<InvitationStore, 'list' | 'find' | 'add'>;
  readonly challenges: Pick<ChallengeStore, 'all' | 'find' | 'add'>;
  /** The users it is made for, and as many hosts with settings. */
  readonly most: number;
  /** How many entries are looked up and added in one step. */
  readonly atOnce: number;
};

export const COPIED_PARTS = ['users', 'hosts', 'invitations', 'challenges'] as const;
export type CopiedPart = (typeof COPIED_PARTS)[number];

/** An entry of the source that the target lacks, or has in another form. */
export type CopyProblem = {
  readonly part: CopiedPart;
  readonly name: string;
  /**
   * `differs`: another one is there, which differs in these keys of the configuration. `taken`: `key` has to be unique,
   * and this user there has it. `missing`: somebody has removed it meanwhile, or there is no room for more.
   */
  readonly why:
    | { readonly code: 'differs'; readonly keys: readonly string[] }
    | { readonly code: 'taken'; readonly key: string; readonly user: string }
    | { readonly code: 'missing' };
};

/** Hears how far it is. */
export type CopyListener = {
  /** @param done entries of this part so far */
  progress(step: 'copy' | 'verify', part: CopiedPart, done: number): Promise<void>;
  problem(problem: CopyProblem): Promise<void>;
};

/** `copied` were not there before. `verified` are in the target as they are in the source. */
export type CopyCount = { readonly copied: number; readonly verified: number; readonly problems: number };

export type CopyOutcome =
  /** The target would have more than it is made for. Nothing was copied. */
  | { readonly kind: 'too-many'; readonly part: 'users' | 'hosts'; readonly most: number }
  | { readonly kind: 'done'; readonly counts: Readonly<Record<CopiedPart, CopyCount>> };

/** How one kind of entries is copied. */
type Part<Item> = {
  readonly part: CopiedPart;
  items(): AsyncIterable<Item>;
  nameOf(item: Item): string;
  /** What the target has in place of these. */
  found(items: readonly Item[]): Promise<readonly (Item | undefined)[]>;
  /** Adds them, or resolves to the names of those that exist; then nothing was added. */
  add(items: readonly Item[]): Promise<readonly string[]>;
  /** Why an item that the target does not have cannot be added. */
  obstacle(item: Item): Promise<CopyProblem['why'] | undefined>;
  differences(item: Item, other: Item): readonly string[];
};

/**
 * Copies users, hosts and what else has to outlive a move from one store to another. What is there already stays as it
 * is. So a copy that was interrupted is simply made again. In the end each record of the source is read anew, and
 * compared with what the target has.
 */
export class CopyStore {
  readonly #from: StorePlace;
  readonly #to: StorePlace;
  readonly #clock: Clock;

  constructor(from: StorePlace, to: StorePlace, clock: Clock) {
    this.#from = from;
    this.#to = to;
    this.#clock = clock;
  }

  async execute(listener: CopyListener): Promise<CopyOutcome> {
    for (const part of ['users', 'hosts'] as const) {
      if (await this.#exceeds(part)) return { kind: 'too-many', part, most: this.#to.most };
    }
    const counts = {
      users: await this.#carry(this.#users, listener),
      hosts: await this.#carry(this.#hosts, listener),
      invitations: await this.#carry(this.#invitations, listener),
      challenges: await this.#carry(this.#challenges, listener),
    };
    return { kind: 'done', counts };
  }

  /** Stops to look as soon as it is known. */
  async #exceeds(part: 'users' | 'hosts'): Promise<boolean> {
    const { most } = this.#to;
    if (!Number.isFinite(most)) return false;
    const names = new Set<string>();
    for (const place of [this.#to, this.#from]) {
      for await (const { name } of place[part].list()) {
        names.add(name);
        if (names.size > most) return true;
      }
    }
    return false;
  }

  async #carry<Item>(part: Part<Item>, listener: CopyListener): Promise<CopyCount> {
    let copied = 0;
    await this.#eachBatch(
      part,
      'copy',
      listener,
      async (item, other) => {
        const missing = other === undefined && (await part.obstacle(item)) === undefined;
        return missing ? item : undefined;
      },
      async (missing) => {
        copied += await added(part, missing);
      },
    );
    let [verified, problems] = [0, 0];
    await this.#eachBatch(
      part,
      'verify',
      listener,
      async (item, other) => {
        const why = await problemOf(part, item, other);
        if (why === undefined) {
          verified += 1;
          return undefined;
        }
        problems += 1;
        return { part: part.part, name: part.nameOf(item), why };
      },
      async (found) => {
        for (const problem of found) await listener.problem(problem);
      },
    );
    return { copied, verified, problems };
  }

  /** Reads the source, looks up some entries at a time in the target, and has what comes of them handled. */
  async #eachBatch<Item, Judged>(
    part: Part<Item>,
    step: 'copy' | 'verify',
    listener: CopyListener,
    judge: (item: Item, other: Item | undefined) => Promise<Judged | undefined>,
    handle: (judged: readonly Judged[]) => Promise<void>,
  ): Promise<void> {
    let done = 0;
    for await (const items of batches(part.items(), this.#to.atOnce)) {
      const others = await part.found(items);
      const judged = await Promise.all(items.map((item, place) => judge(item, others[place])));
      await handle(judged.filter((one) => one !== undefined));
      done += items.length;
      await listener.progress(step, part.part, done);
    }
  }

  get #users(): Part<User> {
    const { users } = this.#to;
    return {
      part: 'users',
      items: () => this.#from.users.list(),
      nameOf: ({ name }) => name,
      found: (items) => Promise.all(items.map(({ name }) => users.find(name))),
      add: (items) => users.addAll(items),
      async obstacle({ identity, passkeys = [], tokens }) {
        const holders: readonly (readonly [key: string, holder: Promise<User | undefined>])[] = [
          ...(identity === undefined ? [] : [['oidc', users.findByIdentity(identity)] as const]),
          ...passkeys.map(({ id }) => ['passkeys', users.findByPasskey(id)] as const),
          ...tokens.map(({ digest }) => ['tokens', users.findByTokenDigest(digest)] as const),
        ];
        await Promise.all(holders.map(([, holder]) => holder));
        for (const [key, holder] of holders) {
          const user = await holder;
          if (user !== undefined) return { code: 'taken', key, user: user.name };
        }
        return undefined;
      },
      differences: (one, other) => differingKeys(writtenUser(one), writtenUser(other)),
    };
  }

  get #hosts(): Part<HostSettings> {
    const { hosts } = this.#to;
    return {
      part: 'hosts',
      items: () => this.#from.hosts.list(),
      nameOf: ({ name }) => name,
      async found(items) {
        const known = await hosts.find(items.map(({ name }) => name));
        return items.map(({ name }) => known.get(name));
      },
      add: (items) => hosts.addAll(items),
      obstacle: async () => undefined,
      differences: (one, other) => differingKeys(writtenHost(one), writtenHost(other)),
    };
  }

  get #invitations(): Part<Invitation> {
    const [from, to] = [this.#from.invitations, this.#to.invitations];
    const good = () => this.#clock.now() - INVITATION_LIFE;
    return {
      part: 'invitations',
      async *items() {
        yield* (await from.list()).filter(({ since }) => since >= good());
      },
      nameOf: ({ by, to: offer }) =>
        `of ${by} for ${offer.kind === 'password' ? offer.user : offer.domains.join(' ')}`,
      found: (items) => Promise.all(items.map(({ digest }) => to.find(digest))),
      async add(items) {
        for (const item of items) await to.add(item, good());
        return [];
      },
      obstacle: async () => undefined,
      // What a digest stands for never changes.
      differences: () => [],
    };
  }

  get #challenges(): Part<Challenge> {
    const [from, to] = [this.#from.challenges, this.#to.challenges];
    return {
      part: 'challenges',
      async *items() {
        yield* await from.all();
      },
      nameOf: ({ asked }) => asked,
      found: (items) => Promise.all(items.map(({ asked, value }) => to.find(asked, value))),
      async add(items) {
        // When it is full, the last look says what is missing.
        for (const item of items) await to.add(item);
        return [];
      },
      obstacle: async () => undefined,
      differences: () => [],
    };
  }
}

async function problemOf<Item>(
  part: Part<Item>,
  item: Item,
  other: Item | undefined,
): Promise<CopyProblem['why'] | undefined> {
  if (other === undefined) return (await part.obstacle(item)) ?? { code: 'missing' };
  const keys = part.differences(item, other);
  return keys.length === 0 ? undefined : { code: 'differs', keys };
}

/** Adds what is missing, also while somebody else adds some of it. Resolves to how many were added. */
async function added<Item>(part: Part<Item>, missing: readonly Item[]): Promise<number> {
  let left = missing;
  while (left.length > 0) {
    const existing = new Set(await part.add(left));
    if (existing.size === 0) break;
    left = left.filter((item) => !existing.has(part.nameOf(item)));
  }
  return left.length;
}

async function* batches<Item>(items: AsyncIterable<Item>, size: number): AsyncIterable<readonly Item[]> {
  let batch: Item[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** What is set, by the keys of the configuration. Where the order means nothing, it is the same for all. */
type Written = Readonly<Record<string, unknown>>;

const differingKeys = (one: Written, other: Written): readonly string[] =>
  Object.keys(one).filter((key) => JSON.stringify(one[key]) !== JSON.stringify(other[key]));

const writtenUser = (user: User): Written => ({
  pw: user.passwordHash,
  domains: user.domains.toSorted(),
  offline: user.offline,
  networks: user.networks.map(networkText).toSorted(),
  oidc: user.identity,
  admin: user.admin ?? false,
  certificates: user.certificates,
  expect: user.expect,
  offline_after: user.offlineAfter,
  tokens: user.tokens
    .map(({ name, digest, domains, use = 'updates', networks = [], challenge }) => [
      name,
      digest,
      domains === undefined ? 'all' : domains.toSorted(),
      use,
      networks.map(networkText).toSorted(),
      challenge,
    ])
    .toSorted(byFirst),
  passkeys: (user.passkeys ?? [])
    .map(({ name, id, publicKey, counter, since, lastUse }) => [name, id, publicKey, counter, since, lastUse])
    .toSorted(byFirst),
  notices: (user.notices ?? [])
    .map(({ id, to, form, secret, events, names }) => [
      id,
      to.kind === 'mail' ? to.mailbox : to.url,
      form,
      secret,
      events.toSorted(),
      names.toSorted(),
    ])
    .toSorted(byFirst),
});

const byFirst = ([one]: readonly unknown[], [other]: readonly unknown[]): number =>
  String(one) < String(other) ? -1 : 1;

const writtenHost = (host: HostSettings): Written => ({
  ttl: host.ttl,
  offline: host.offline,
  follows: host.follows,
  interface_id: host.interfaceId?.text,
  prefix_length: host.prefixLength,
  expect: host.expect,
  offline_after: host.offlineAfter,
});
