import { TrustedCopies } from '../../src/application/cache/trusted-copies.ts';
import type { ChangeLog } from '../../src/application/ports/change-log.ts';
import type { Clock } from '../../src/application/ports/clock.ts';
import type { CredentialMemory } from '../../src/application/ports/credential-memory.ts';
import type { ChangeResult, DnsUpdater } from '../../src/application/ports/dns-updater.ts';
import type { LoginLimits } from '../../src/application/ports/login-limits.ts';
import type { UserStore } from '../../src/application/ports/user-store.ts';
import type { DomainName } from '../../src/domain/domain-name.ts';
import type { Principal } from '../../src/domain/principal.ts';
import { isConditionAlone, type NameChange } from '../../src/domain/record-set.ts';
import type { User, UserName } from '../../src/domain/user.ts';

/** What is wrong with the instances of a run: each part is put around, or in place of, a part of the program. */
export type Defect = {
  /** The seed to begin with. Undefined: 1. Few seeds find this defect, and a test need not run all that come before. */
  readonly from?: number;
  /** Around the updater that the use cases have. */
  readonly dns?: (inner: DnsUpdater, clock: Clock) => DnsUpdater;
  /** Around the adapter. */
  readonly sending?: (inner: DnsUpdater, clock: Clock) => DnsUpdater;
  readonly takeOffDns?: (inner: DnsUpdater) => DnsUpdater;
  readonly challengeDns?: (inner: DnsUpdater) => DnsUpdater;
  /** The clock of what is remembered. */
  readonly memoryClock?: (clock: Clock) => Clock;
  readonly users?: (inner: UserStore, clock: Clock) => UserStore;
  readonly log?: (inner: ChangeLog) => ChangeLog;
  /** In place of what says which copies may be kept and believed. */
  readonly copies?: typeof TrustedCopies;
  readonly limits?: (inner: LoginLimits) => LoginLimits;
  readonly credentials?: (inner: CredentialMemory) => CredentialMemory;
  readonly principal?: (principal: Principal) => Principal;
  /** No acknowledgement is confirmed. */
  readonly believesPrimaries?: true;
};

export const NO_DEFECT: Defect = {};

const ACKNOWLEDGED: ChangeResult = { ok: true, value: undefined };

/** The updater, but for what `change` replaces. */
const changed = (inner: DnsUpdater, change: Partial<DnsUpdater>): DnsUpdater => ({
  findZone: (name, deadline) => inner.findZone(name, deadline),
  lookUp: (question, deadline) => inner.lookUp(question, deadline),
  apply: (zone, changes, deadline) => inner.apply(zone, changes, deadline),
  ...change,
});

/** An updater that sends other changes than it was given. */
const sendingOthers =
  (replace: (change: NameChange) => NameChange) =>
  (inner: DnsUpdater): DnsUpdater =>
    changed(inner, {
      apply: (zone, changes, deadline) => inner.apply(zone, changes.map(replace), deadline),
    });

const withoutCondition = (change: NameChange): NameChange =>
  isConditionAlone(change) ? change : { ...change, condition: [] };

/** What is wrong, and the defect. A test shows that the simulation finds each of them. */
export const DEFECTS: Readonly<Record<string, Defect>> = {
  'prerequisites are lost': { sending: sendingOthers(withoutCondition) },
  'a user who was removed or changed stays in a cache': {
    users: (inner) => {
      const known = new Map<UserName, User | undefined>();
      return new Proxy(inner, {
        get(target, property) {
          if (property !== 'find') return Reflect.get(target, property);
          return async (name: UserName) => {
            if (!known.has(name)) known.set(name, await target.find(name));
            return known.get(name);
          };
        },
      });
    },
  },
  'a change is acknowledged before the answer': {
    dns: (inner) =>
      changed(inner, {
        apply: async (zone, changes, deadline) => {
          void inner.apply(zone, changes, deadline);
          return changes.map(() => ACKNOWLEDGED);
        },
      }),
  },
  'what was sent is believed after an unknown outcome': {
    dns: (inner) => {
      const sent = new Map<DomainName, NameChange>();
      return changed(inner, {
        lookUp: async (question, deadline) => {
          const believed = sent.get(question.name);
          sent.delete(question.name);
          const sets = question.types.map((type) => believed?.changes.find((one) => one.type === type));
          const known = sets.filter((set) => set !== undefined);
          return known.length === question.types.length
            ? { ok: true, value: { recordSets: known, remembered: false } }
            : inner.lookUp(question, deadline);
        },
        apply: async (zone, changes, deadline) => {
          const results = await inner.apply(zone, changes, deadline);
          for (const [index, change] of changes.entries()) {
            const result = results[index];
            if (result?.ok === false && !result.fault.refused) sent.set(change.name, change);
          }
          return results;
        },
      });
    },
  },
  'the right to one of many names is not checked': {
    principal: (principal) => {
      let asked = 0;
      const { domains } = principal;
      const has = (name: DomainName) => {
        asked += 1;
        return asked === 2 || domains.has(name);
      };
      return {
        ...principal,
        domains: { has, size: domains.size, [Symbol.iterator]: () => domains[Symbol.iterator]() },
      };
    },
  },
  'a condition that fails counts as a change that was made': {
    dns: (inner) =>
      changed(inner, {
        apply: async (zone, changes, deadline) => {
          const results = await inner.apply(zone, changes, deadline);
          return results.map((one) => (!one.ok && one.fault.code === 'DNS_CONFLICT' ? ACKNOWLEDGED : one));
        },
      }),
  },
  'all of a batch is acknowledged when one of it was made': {
    sending: (inner) =>
      changed(inner, {
        apply: async (zone, changes, deadline) => {
          const results = await inner.apply(zone, changes, deadline);
          return results.some(({ ok }) => ok) ? results.map(() => ACKNOWLEDGED) : results;
        },
      }),
  },
  'what is remembered never ends': {
    memoryClock: (clock) => ({
      now: () => clock.now(),
      monotonic: () => 0,
      schedule: (milliseconds, action) => clock.schedule(milliseconds, action),
      soon: (action) => clock.soon(action),
    }),
  },
  'a silent name is taken off whatever it holds': { takeOffDns: sendingOthers(withoutCondition) },
  'both families are replaced when one changes': {
    sending: sendingOthers((change) => {
      const [only] = change.changes;
      if (change.changes.length !== 1 || only?.type !== 'A') return change;
      return { ...change, changes: [only, { type: 'AAAA', ttl: only.ttl, kind: 'replace', values: [] }] };
    }),
  },
  'acknowledgements are never confirmed': { believesPrimaries: true },
  'a challenge value replaces the others': {
    challengeDns: sendingOthers((change) => ({
      ...change,
      changes: change.changes.map((one) => (one.kind === 'add' ? { ...one, kind: 'replace' } : one)),
    })),
  },
  'guessing meets no pause': {
    limits: (inner) => ({
      pauseOf: async () => undefined,
      look: async (attempt) => {
        const known = await inner.look(attempt);
        return known.kind === 'paused' ? { kind: 'open' } : known;
      },
      settle: async (attempt, verdict) => {
        await inner.settle(attempt, verdict);
        return undefined;
      },
      failing: (most) => inner.failing(most),
    }),
  },
  'an answer is kept that was asked for before a change': {
    copies: class extends TrustedCopies {
      override async ask<Answer>(question: () => Promise<Answer>, keep: (answer: Answer) => void) {
        const answer = await question();
        keep(answer);
        return answer;
      }
    },
  },
  'copies are kept where the log cannot tell what has changed': {
    from: 1_690,
    log: (inner) => ({
      since: async (place) => {
        const { place: next, changes } = await inner.since(place);
        return { place: next, changes: changes ?? [] };
      },
      watch: (hurry) => inner.watch(hurry),
    }),
  },
  'nobody is known while the database is away': {
    copies: class extends TrustedCopies {
      override async areBelieved() {
        return (await super.areBelieved()) && this.state().answers;
      }
    },
  },
  'a change of a user is acknowledged before the database has it': {
    users: (inner) =>
      new Proxy(inner, {
        get(target, property) {
          if (property !== 'setPasswordHash') return Reflect.get(target, property);
          return async (name: UserName, passwordHash: string) => {
            target.setPasswordHash(name, passwordHash).catch(() => {});
            return 'changed';
          };
        },
      }),
  },
  'a password that was right stays right': {
    credentials: (inner) => {
      const right = new Set<string>();
      return {
        knows: (passwordHash, secret) => right.has(secret) || inner.knows(passwordHash, secret),
        learn: (passwordHash, secret) => {
          right.add(secret);
          inner.learn(passwordHash, secret);
        },
        forget: (passwordHash, secret) => inner.forget(passwordHash, secret),
      };
    },
  },
};
