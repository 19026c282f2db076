import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { AnswerChallenges } from '../../../../src/application/certificates/answer-challenges.ts';
import { ChallengeRecords } from '../../../../src/application/certificates/challenge-records.ts';
import { ChallengeRights } from '../../../../src/application/certificates/challenge-rights.ts';
import { SweepChallenges } from '../../../../src/application/certificates/sweep-challenges.ts';
import { PeriodicWork } from '../../../../src/application/service/periodic-work.ts';
import { NameTurns } from '../../../../src/application/turns/name-turns.ts';
import { type DomainName, domainName } from '../../../../src/domain/domain-name.ts';
import { principalOf } from '../../../../src/domain/principal.ts';
import { type Ttl, ttl } from '../../../../src/domain/ttl.ts';
import type { User } from '../../../../src/domain/user.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';
import { MemoryChallengeStore } from '../../../fakes/memory-challenge-store.ts';
import { MemoryDnsUpdater } from '../../../fakes/memory-dns-updater.ts';
import { MemoryUserStore } from '../../../fakes/memory-user-store.ts';
import { RecordingEvents } from '../../../fakes/recording-events.ts';
import { RecordingLogger } from '../../../fakes/recording-logger.ts';
import { userNamed } from '../../../support/fixtures.ts';

const HOME = 'home.example.org';
const ALICE = userNamed('alice', [HOME, '*.lab.example.org']);
const ACCOUNTS = domainName('acme.example.org');
const HOUR = 3_600_000;

const padded = (text: string) => text.padEnd(43, '-');
const at = (name: string) => `_acme-challenge.${name}`;

function setUp(...users: readonly User[]) {
  const store = new MemoryChallengeStore();
  const dns = new MemoryDnsUpdater('example.org');
  const clock = new ManualClock();
  const logger = new RecordingLogger();
  const events = new RecordingEvents();
  const records = new ChallengeRecords(dns, store, new NameTurns(), clock);
  const rights = new ChallengeRights(new MemoryUserStore(users), { zone: ACCOUNTS });
  const challenges = new AnswerChallenges(rights, records, store, clock, events);
  const ask =
    (action: 'present' | 'cleanUp') =>
    async (name: string, value: string, user: User = ALICE) => {
      const request = { principal: principalOf(user), name: domainName(name), value: padded(value) };
      const outcome = await challenges[action](request);
      if (outcome.kind === 'failed') return outcome.fault.code;
      return outcome.kind === 'refused' ? outcome.why : outcome.kind;
    };
  const valuesAt = (name: string) => dns.addressesOf(name).map((text) => text.replace(/-+$/, ''));
  const sweeper = new SweepChallenges(store, records, clock, logger);
  const sweep = new PeriodicWork((isStopped) => sweeper.execute(isStopped), HOUR, clock, assert.ifError);
  return {
    store,
    dns,
    clock,
    logger,
    events,
    challenges,
    sweep,
    present: ask('present'),
    cleanUp: ask('cleanUp'),
    valuesAt,
  };
}

/** Somebody else sets a TXT RRset. */
const put = (dns: MemoryDnsUpdater, name: string, seconds: Ttl, ...texts: readonly string[]) =>
  change(dns, name, 'replace', seconds, ...texts);

/** Somebody else changes a TXT RRset. */
async function change(
  dns: MemoryDnsUpdater,
  name: string,
  kind: 'replace' | 'add',
  seconds: Ttl,
  ...texts: readonly string[]
) {
  const values = texts.map((text) => ({ family: 'text', text }) as const);
  const changes = [{ kind, type: 'TXT', ttl: seconds, values }] as const;
  await dns.apply(domainName('example.org'), [{ name: domainName(name), condition: [], changes }]);
}

describe('presenting a challenge and cleaning it up', () => {
  it('puts exactly this value there for 60 seconds, and takes it away', async () => {
    const { dns, store, present, cleanUp, valuesAt } = setUp(ALICE);
    assert.equal(await present(at(HOME), 'a'), 'done');
    assert.deepEqual(valuesAt(at(HOME)), ['a']);
    assert.equal(dns.recordSetsOf(at(HOME))[0]?.ttl, 60);
    assert.equal(await cleanUp(at(HOME), 'a'), 'done');
    assert.deepEqual(valuesAt(at(HOME)), []);
    assert.deepEqual(store.standing, []);
  });

  it('lets two values stand at one name, as for a name and its wildcard, each removed by itself', async () => {
    const { present, cleanUp, valuesAt } = setUp(ALICE);
    assert.deepEqual(await Promise.all([present(at(HOME), 'a'), present(at(HOME), 'b')]), ['done', 'done']);
    assert.deepEqual(valuesAt(at(HOME)).toSorted(), ['a', 'b']);
    await cleanUp(at(HOME), 'a');
    assert.deepEqual(valuesAt(at(HOME)), ['b']);
    await cleanUp(at(HOME), 'b');
    assert.deepEqual(valuesAt(at(HOME)), []);
  });

  it('does the same again without harm', async () => {
    const { dns, present, cleanUp, valuesAt } = setUp(ALICE);
    for (const _ of [1, 2]) assert.equal(await present(at(HOME), 'a'), 'done');
    assert.deepEqual(valuesAt(at(HOME)), ['a']);
    for (const _ of [1, 2]) assert.equal(await cleanUp(at(HOME), 'a'), 'done');
    assert.equal(dns.applied.length, 2);
  });

  it('leaves the values of others, and their TTL', async () => {
    const { dns, present, cleanUp, valuesAt } = setUp(ALICE);
    await put(dns, at(HOME), ttl(300), padded('theirs'));
    await present(at(HOME), 'a');
    assert.deepEqual(dns.recordSetsOf(at(HOME))[0]?.ttl, 300);
    assert.equal(await cleanUp(at(HOME), 'theirs'), 'done');
    await cleanUp(at(HOME), 'a');
    assert.deepEqual(valuesAt(at(HOME)), ['theirs']);
  });

  it('does not take a value for its own that was there before', async () => {
    const { dns, store, present, cleanUp, valuesAt } = setUp(ALICE);
    await put(dns, at(HOME), ttl(300), padded('a'));
    assert.equal(await present(at(HOME), 'a'), 'done');
    assert.deepEqual(store.standing, []);
    await cleanUp(at(HOME), 'a');
    assert.deepEqual(valuesAt(at(HOME)), ['a']);
  });

  it('does not mind that somebody else changes the name at the same time', async () => {
    const { dns, present, cleanUp, valuesAt } = setUp(ALICE);
    for (const [action, left] of [
      [present, ['a', 'theirs']],
      [cleanUp, ['theirs too']],
    ] as const) {
      const pause = dns.pauseNext('apply');
      const changed = action(at(HOME), 'a');
      await pause.reached;
      await put(
        dns,
        at(HOME),
        ttl(60),
        ...(action === present ? [padded('theirs')] : [padded('a'), padded('theirs too')]),
      );
      pause.resume();
      assert.equal(await changed, 'done');
      assert.deepEqual(valuesAt(at(HOME)).toSorted(), left);
    }
  });

  it('does not mind a value of others that no condition can describe, as one of several strings', async () => {
    const { dns, present, cleanUp, valuesAt } = setUp(ALICE);
    await put(dns, at(HOME), ttl(300), 'two strings');
    const apply = dns.apply.bind(dns);
    dns.apply = async (zone, changes) => {
      if (changes.some(({ condition }) => condition.length > 0)) dns.fail('apply', at(HOME), 'DNS_CONFLICT');
      return apply(zone, changes);
    };
    assert.equal(await present(at(HOME), 'a'), 'done');
    assert.equal(await cleanUp(at(HOME), 'a'), 'done');
    assert.deepEqual(valuesAt(at(HOME)), ['two strings']);
  });

  it('makes room by the oldest of those that stand, where somebody else has removed an older one', async () => {
    const { dns, store, clock, challenges, valuesAt } = setUp(ALICE);
    const order = (value: string) =>
      challenges.present({
        ...{ principal: principalOf(ALICE), name: domainName(at(HOME)), value: padded(value) },
        makesRoom: true,
      });
    await order('v1');
    await put(dns, at(HOME), ttl(60));
    for (let index = 2; index <= 11; index += 1) {
      await clock.advance(1_000);
      assert.deepEqual(await order(`v${index}`), { kind: 'done' }, `v${index}`);
    }
    const standing = ['v4', 'v5', 'v6', 'v7', 'v8', 'v9', 'v10', 'v11'];
    assert.deepEqual(valuesAt(at(HOME)), standing);
    // Another instance may be about to write v1, so only the sweep forgets it.
    assert.deepEqual(
      store.standing.map(({ value }) => value),
      ['v1', ...standing].map(padded),
    );
  });

  it('lets eight of ours stand at a name, and refuses a ninth', async () => {
    const { dns, present, cleanUp } = setUp(ALICE);
    await put(dns, at(HOME), ttl(60), padded('theirs'));
    for (let index = 0; index < 8; index += 1) assert.equal(await present(at(HOME), `v${index}`), 'done');
    assert.equal(await present(at(HOME), 'v8'), 'too-many');
    assert.equal(await present(at(HOME), 'v7'), 'done');
    await cleanUp(at(HOME), 'v0');
    assert.equal(await present(at(HOME), 'v8'), 'done');
  });

  it('a hundred at random at the same time leave nothing behind, and nothing of others is lost', async () => {
    const names = [HOME, 'lab.example.org'].map(at);
    const step = fc.record({ name: fc.constantFrom(...names), turns: fc.nat(20), isOurs: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 100, maxLength: 100 }), async (steps) => {
        const { dns, store, present, cleanUp, valuesAt } = setUp(ALICE);
        await Promise.all(
          steps.map(async ({ name, turns, isOurs }, index) => {
            for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
            if (!isOurs) return change(dns, name, 'add', ttl(300), padded(`theirs${index}`));
            const outcome = await present(name, `v${index}`);
            assert.ok(outcome === 'done' || outcome === 'too-many', outcome);
            await cleanUp(name, `v${index}`);
          }),
        );
        assert.ok(dns.applied.length > 8);
        const theirs = steps.flatMap(({ name, isOurs }, index) => (isOurs ? [] : [`${name} theirs${index}`]));
        const left = names.flatMap((name) => valuesAt(name).map((value) => `${name} ${value}`));
        assert.deepEqual(left.toSorted(), theirs.toSorted());
        assert.deepEqual(store.standing, []);
      }),
      { numRuns: 20 },
    );
  });

  it('keeps what it may have written, and forgets what the primary refused', async () => {
    const { dns, store, present } = setUp(ALICE);
    dns.fail('apply', at(HOME), 'DNS_REFUSED');
    assert.equal(await present(at(HOME), 'a'), 'DNS_REFUSED');
    assert.deepEqual(store.standing, []);
    dns.fail('apply', at(HOME), 'DNS_TIMEOUT');
    assert.equal(await present(at(HOME), 'a'), 'DNS_TIMEOUT');
    assert.equal(store.standing.length, 1);
  });

  it('keeps what it could not remove', async () => {
    const { dns, store, present, cleanUp } = setUp(ALICE);
    await present(at(HOME), 'a');
    for (const code of ['DNS_REFUSED', 'DNS_TIMEOUT'] as const) {
      dns.fail('apply', at(HOME), code);
      assert.equal(await cleanUp(at(HOME), 'a'), code);
    }
    assert.equal(store.standing.length, 1);
  });
});

describe('the right to a challenge', () => {
  for (const [name, outcome] of [
    [at(HOME), 'done'],
    [at('lab.example.org'), 'done'],
    [at('x.lab.example.org'), 'not-yours'],
    [at(`x.${HOME}`), 'not-yours'],
    [at('example.org'), 'not-yours'],
    [at(at(HOME)), 'not-yours'],
    [HOME, 'not-yours'],
    [`x.${at(HOME)}`, 'not-yours'],
  ] as const) {
    it(`${name}, with ${[...ALICE.domains].join(' and ')}: ${outcome}`, async () => {
      const { dns, present, cleanUp } = setUp(ALICE);
      assert.equal(await present(name, 'a'), outcome);
      assert.equal(await cleanUp(name, 'a'), outcome);
      if (outcome !== 'done') assert.deepEqual(dns.applied, []);
    });
  }

  for (const covered of [HOME, `*.${HOME}`, `cam.${HOME}`]) {
    it(`is lost where another user holds ${covered}, unless the operator allows it`, async () => {
      const { present, cleanUp } = setUp(ALICE, userNamed('bob', [covered]));
      assert.equal(await present(at(HOME), 'a'), 'covers-others');
      assert.equal(await cleanUp(at(HOME), 'a'), 'covers-others');
      assert.equal(await present(at(HOME), 'a', { ...ALICE, certificates: true }), 'done');
    });
  }

  for (const beside of ['example.org', '*.example.org', `x.cam.${HOME}`, `*.cam.${HOME}`]) {
    it(`stays where another user holds ${beside}`, async () => {
      assert.equal(await setUp(ALICE, userNamed('bob', [beside])).present(at(HOME), 'a'), 'done');
    });
  }

  it('is not that of a user who gets no certificates', async () => {
    const { present } = setUp(ALICE);
    assert.equal(await present(at(HOME), 'a', { ...ALICE, certificates: false }), 'not-yours');
  });
});

describe('an alias at a challenge name', () => {
  const OTHER = at('other.example.org');

  it('is followed to another challenge name, for cleaning up too when the alias is gone', async () => {
    const { dns, store, present, cleanUp, valuesAt } = setUp(ALICE);
    dns.putAlias(at(HOME), OTHER);
    assert.equal(await present(at(HOME), 'a'), 'done');
    assert.deepEqual(valuesAt(OTHER), ['a']);
    assert.equal(await cleanUp(at(HOME), 'a'), 'done');
    assert.deepEqual([valuesAt(OTHER), store.standing], [[], []]);
  });

  it('is not followed to any other name', async () => {
    const { dns, present } = setUp(ALICE);
    dns.putAlias(at(HOME), 'www.example.org');
    assert.equal(await present(at(HOME), 'a'), 'alias-elsewhere');
  });

  it('is not followed to the challenge of a name that another user holds', async () => {
    const { dns, present, valuesAt } = setUp(ALICE, userNamed('bob', ['other.example.org']));
    dns.putAlias(at(HOME), OTHER);
    assert.equal(await present(at(HOME), 'a'), 'covers-others');
    assert.deepEqual(valuesAt(OTHER), []);
  });

  it('is followed into the zone of accounts, unless the account there is that of another user', async () => {
    const [own, foreign, nobody] = ['own', 'foreign', 'free'].map((label) =>
      domainName(`${label}.${ACCOUNTS}`),
    );
    const withAccount = (user: User, challenge: DomainName | undefined): User => ({
      ...user,
      tokens: [{ name: 'acme', digest: '0'.repeat(64), domains: [], use: 'certificates', challenge }],
    });
    const alice = withAccount(ALICE, own);
    for (const [target, outcome] of [
      [own, 'done'],
      [nobody, 'done'],
      [foreign, 'alias-elsewhere'],
      [ACCOUNTS, 'alias-elsewhere'],
    ] as const) {
      const { dns, present } = setUp(alice, withAccount(userNamed('bob', []), foreign));
      dns.putAlias(at(HOME), target);
      assert.equal(await present(at(HOME), 'a', alice), outcome);
    }
  });

  it('is not followed to an account of the user by a token that is limited to names', async () => {
    const own = domainName(`own.${ACCOUNTS}`);
    const account = { name: 'acme', digest: '0'.repeat(64), domains: [], use: 'certificates' } as const;
    const limited = { ...account, name: 'limited', domains: [domainName(HOME)] };
    const alice: User = { ...ALICE, tokens: [{ ...account, challenge: own }, limited] };
    const { dns, challenges, valuesAt } = setUp(alice);
    dns.putAlias(at(HOME), own);
    const request = { name: domainName(at(HOME)), value: padded('a') };
    const byToken = await challenges.present({ ...request, principal: principalOf(alice, limited) });
    assert.deepEqual(byToken, { kind: 'refused', why: 'alias-elsewhere' });
    assert.deepEqual(valuesAt(own), []);
    assert.deepEqual(await challenges.present({ ...request, principal: principalOf(alice) }), {
      kind: 'done',
    });
    assert.deepEqual(valuesAt(own), ['a']);
  });

  it('that a client followed itself is the challenge name of an account of the user, or is refused', async () => {
    const own = domainName(`own.${ACCOUNTS}`);
    const account = { name: 'acme', digest: '0'.repeat(64), domains: [], use: 'certificates' } as const;
    const alice: User = { ...ALICE, tokens: [{ ...account, challenge: own }] };
    const { present, valuesAt } = setUp(alice, userNamed('bob', []));
    assert.equal(await present(own, 'a', alice), 'done');
    assert.deepEqual(valuesAt(own), ['a']);
    assert.equal(await present(`free.${ACCOUNTS}`, 'a', alice), 'not-yours');
    assert.equal(await present(own, 'b', userNamed('bob', [])), 'not-yours');
  });

  it('that leads in a circle ends', async () => {
    const { dns, present } = setUp(ALICE);
    dns.putAlias(at(HOME), OTHER);
    dns.putAlias(OTHER, at(HOME));
    assert.equal(await present(at(HOME), 'a'), 'alias-elsewhere');
  });
});

describe('challenges that their clients left behind', () => {
  it('are removed a day later, and younger ones and those of others stay', async () => {
    const { dns, store, clock, sweep, present, valuesAt } = setUp(ALICE);
    await put(dns, at(HOME), ttl(60), padded('theirs'));
    await present(at(HOME), 'old');
    await sweep.start();
    await clock.advance(12 * HOUR);
    await present(at(HOME), 'young');
    await clock.advance(13 * HOUR);
    assert.deepEqual(valuesAt(at(HOME)).toSorted(), ['theirs', 'young']);
    await sweep.stop();
    assert.equal(store.standing.length, 1);
    assert.equal(clock.pending, 0);
  });

  it('are tried again every hour, and given up after a week', async () => {
    const { dns, store, clock, logger, sweep, present } = setUp(ALICE);
    await present(at(HOME), 'a');
    dns.fail('apply', at(HOME), 'DNS_REFUSED');
    await sweep.start();
    await clock.advance(48 * HOUR);
    assert.equal(store.standing.length, 1);
    assert.ok(logger.at('warn').length > 20);
    await clock.advance(7 * 24 * HOUR);
    assert.equal(store.standing.length, 0);
    await sweep.stop();
  });
});

describe('whoever listens', () => {
  it('is told of each challenge that was asked for, and what became of it', async () => {
    const { present, dns, events } = setUp(ALICE);
    await present(at(HOME), 'a');
    await present(at('other.example.org'), 'a');
    dns.fail('apply', at(HOME), 'DNS_TIMEOUT');
    await present(at(HOME), 'b');
    assert.deepEqual(
      events
        .of('challenged')
        .map(({ user, challenge, outcome, reason }) => [user, challenge, outcome, reason]),
      [
        ['alice', at(HOME), 'presented', undefined],
        ['alice', at('other.example.org'), 'refused', 'not-yours'],
        ['alice', at(HOME), 'failed', 'DNS_TIMEOUT'],
      ],
    );
  });
});

describe('the challenges that stand', () => {
  it('are those that the principal may write', async () => {
    const bob = userNamed('bob', ['bobhost.example.org']);
    const { present, challenges } = setUp(ALICE, bob);
    await present(at(HOME), 'a');
    await present(at('bobhost.example.org'), 'b', bob);
    const standing = await challenges.standing(principalOf(ALICE));
    assert.deepEqual(
      standing.map(({ asked }) => asked),
      [at(HOME)],
    );
  });
});
