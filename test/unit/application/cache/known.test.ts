import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KnownHosts } from '../../../../src/application/cache/known-hosts.ts';
import { KnownUsers } from '../../../../src/application/cache/known-users.ts';
import { TrustedCopies } from '../../../../src/application/cache/trusted-copies.ts';
import { domainName } from '../../../../src/domain/domain-name.ts';
import { parseUserName, type UserName } from '../../../../src/domain/user.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';
import { MemoryChangeLog } from '../../../fakes/memory-change-log.ts';
import { MemoryHostStore } from '../../../fakes/memory-host-store.ts';
import { MemoryUserStore } from '../../../fakes/memory-user-store.ts';
import { RecordingLogger } from '../../../fakes/recording-logger.ts';
import { hostNamed, userNamed } from '../../../support/fixtures.ts';
import { valueIn } from '../../../support/parsed.ts';

const named = (name: string): UserName => valueIn(parseUserName(name));
const [ALICE, BOB] = [named('alice'), named('bob')];
const [HOME, NAS, OTHER] = ['home.example.org', 'nas.example.org', 'other.example.org'].map(domainName) as [
  ReturnType<typeof domainName>,
  ReturnType<typeof domainName>,
  ReturnType<typeof domainName>,
];
const MINUTES = 60_000;
const TOKEN = { name: 'router', digest: 'd1', domains: undefined, networks: [], certificates: undefined };

/** Stores that count what they are asked, and that may be away, behind copies that follow a log. */
async function known({ most = 1_000 }: { most?: number } = {}) {
  const clock = new ManualClock();
  const log = new MemoryChangeLog();
  const logger = new RecordingLogger();
  const users = new MemoryUserStore([
    userNamed('alice', ['home.example.org'], { passwordHash: 'one', tokens: [TOKEN] }),
    userNamed('bob', ['other.example.org']),
  ]);
  const hosts = new MemoryHostStore([
    hostNamed('home.example.org', { offline: true }),
    hostNamed('nas.example.org', { follows: HOME }),
  ]);
  const state = { asked: 0, away: false, pass: async () => {} };
  const ask = async <Answer>(question: () => Promise<Answer>): Promise<Answer> => {
    state.asked += 1;
    if (state.away) throw new Error('the store is away');
    const answer = await question();
    await state.pass();
    return answer;
  };
  const copies = new TrustedCopies(log, clock, 15 * MINUTES, logger);
  const asked = {
    find: (name: UserName) => ask(() => users.find(name)),
    findByTokenDigest: (digest: string) => ask(() => users.findByTokenDigest(digest)),
    grantedOf: (names: Parameters<MemoryUserStore['grantedOf']>[0]) => ask(() => users.grantedOf(names)),
    noticesAbout: (name: typeof HOME) => ask(() => users.noticesAbout(name)),
  };
  const askedHosts = {
    find: (names: readonly (typeof HOME)[]) => ask(() => hosts.find(names)),
    followersOf: (names: readonly (typeof HOME)[]) => ask(() => hosts.followersOf(names)),
  };
  const knownUsers = new KnownUsers(asked, copies, most);
  const knownHosts = new KnownHosts(askedHosts, copies, most);
  await copies.start();
  const goAway = () => {
    state.away = true;
    log.pass = () => Promise.reject(new Error('connection refused'));
  };
  const comeBack = () => {
    state.away = false;
    log.pass = async () => {};
  };
  return { clock, log, logger, users, hosts, state, copies, knownUsers, knownHosts, goAway, comeBack };
}

describe('users who are known', () => {
  it('are asked for once, by name or by token', async () => {
    const { knownUsers, state } = await known();
    for (let round = 0; round < 3; round += 1) {
      assert.equal((await knownUsers.find(ALICE))?.passwordHash, 'one');
      assert.equal((await knownUsers.findByTokenDigest('d1'))?.name, ALICE);
    }
    assert.equal(state.asked, 1);
  });

  it('are asked for each time where there is none', async () => {
    const { knownUsers, state } = await known();
    for (let round = 0; round < 2; round += 1) {
      assert.equal(await knownUsers.find(named('nobody')), undefined);
      assert.equal(await knownUsers.findByTokenDigest('nothing'), undefined);
    }
    assert.equal(state.asked, 4);
  });

  it('are asked for two hundred at a time and no more, and those who are known need no question', async () => {
    const { knownUsers, state } = await known();
    await knownUsers.find(ALICE);
    let answer = () => {};
    const answers = new Promise<void>((resolve) => {
      answer = resolve;
    });
    state.pass = () => answers;
    const guesses = Array.from({ length: 200 }, (_, guess) => knownUsers.find(named(`nobody-${guess}`)));
    await assert.rejects(knownUsers.findByTokenDigest('nothing'), { code: 'STORE_TIMEOUT' });
    assert.equal((await knownUsers.find(ALICE))?.name, ALICE);
    assert.equal(state.asked, 201);
    answer();
    await Promise.all(guesses);
    assert.equal(await knownUsers.find(named('nobody')), undefined);
  });

  it('are forgotten within a second after another instance has changed them', async () => {
    const { clock, knownUsers, users, log } = await known();
    await knownUsers.find(ALICE);
    await users.setPasswordHash(ALICE, 'two');
    log.write({ user: ALICE });
    await clock.advance(1_000);
    assert.equal((await knownUsers.find(ALICE))?.passwordHash, 'two');
  });

  it('are seen as they are at once after this instance has changed them', async () => {
    const { knownUsers, users, log } = await known();
    await knownUsers.find(ALICE);
    await users.setPasswordHash(ALICE, 'two');
    log.writeHere({ user: ALICE });
    assert.equal((await knownUsers.find(ALICE))?.passwordHash, 'two');
  });

  it('are forgotten after a change by this instance even when the store goes away at once', async () => {
    const { clock, knownUsers, users, log, goAway } = await known();
    await knownUsers.find(ALICE);
    await knownUsers.find(BOB);
    await users.setPasswordHash(ALICE, 'two');
    goAway();
    log.writeHere({ user: ALICE });
    await clock.advance(1_000);
    await assert.rejects(knownUsers.find(ALICE), /away/);
    assert.equal((await knownUsers.find(BOB))?.name, BOB);
  });

  it('lose a token that was removed', async () => {
    const { clock, knownUsers, users, log } = await known();
    await knownUsers.findByTokenDigest('d1');
    await users.removeToken(ALICE, 'router');
    log.write({ user: ALICE });
    await clock.advance(1_000);
    assert.equal(await knownUsers.findByTokenDigest('d1'), undefined);
    assert.equal((await knownUsers.find(ALICE))?.name, ALICE);
    assert.equal(await knownUsers.findByTokenDigest('d1'), undefined);
  });

  it('are not kept where something changed while the answer was on its way', async () => {
    const { clock, knownUsers, users, log, state } = await known();
    let answer = () => {};
    state.pass = () => new Promise((resolve) => (answer = resolve));
    const asked = knownUsers.find(ALICE);
    await clock.advance(0); // the store has answered with what was there
    await users.setPasswordHash(ALICE, 'two');
    log.write({ user: ALICE });
    await clock.advance(500); // the change is followed, and the answer comes after it
    answer();
    assert.equal((await asked)?.passwordHash, 'one');
    state.pass = async () => {};
    assert.equal((await knownUsers.find(ALICE))?.passwordHash, 'two');
  });

  it('are forgotten where the log cannot tell what has changed', async () => {
    const { clock, knownUsers, users, log } = await known();
    await knownUsers.find(ALICE);
    await users.setPasswordHash(ALICE, 'two');
    log.since = async () => ({ place: '0', changes: undefined });
    await clock.advance(1_000);
    assert.equal((await knownUsers.find(ALICE))?.passwordHash, 'two');
  });

  it('go on while the store is away, nobody else, and not for longer than was set', async () => {
    const { clock, knownUsers, goAway } = await known();
    await knownUsers.find(ALICE);
    goAway();
    await clock.advance(14 * MINUTES);
    assert.equal((await knownUsers.find(ALICE))?.name, ALICE);
    await assert.rejects(knownUsers.find(BOB), /away/);
    await clock.advance(1 * MINUTES);
    await assert.rejects(knownUsers.find(ALICE), /away/);
  });

  it('go on without a wait while the store is frozen', async () => {
    const { clock, knownUsers, log } = await known();
    await knownUsers.find(ALICE);
    log.pass = () => new Promise(() => {});
    for (let second = 0; second < 30; second += 1) {
      await clock.advance(1_000);
      const found = await Promise.race([knownUsers.find(ALICE), clock.advance(0).then(() => 'no answer')]);
      assert.equal(typeof found === 'object' && found.name, ALICE);
    }
  });

  it('wait together, and not for long, while it is not known whether the store is away', async () => {
    const { clock, knownUsers, log } = await known();
    await knownUsers.find(ALICE);
    log.pass = () => new Promise((resolve) => void clock.schedule(350, resolve));
    await clock.advance(800); // an answer came at 750
    log.pass = () => new Promise(() => {});
    await clock.advance(600);
    const { asked } = log;
    const found = Promise.all([1, 2, 3, 4, 5].map(() => knownUsers.find(ALICE)));
    const gone = clock.advance(500).then(() => 'no answer');
    assert.notEqual(await Promise.race([found, gone]), 'no answer');
    assert.equal(log.asked, asked);
  });

  it('are what the store says when it is back', async () => {
    const { clock, knownUsers, users, log, goAway, comeBack, copies, logger } = await known();
    await knownUsers.find(ALICE);
    goAway();
    await clock.advance(5 * MINUTES);
    assert.deepEqual(copies.state(), { answers: false, knownFor: 10 * MINUTES });
    await users.setPasswordHash(ALICE, 'two');
    log.write({ user: ALICE });
    comeBack();
    await clock.advance(1_000);
    assert.equal((await knownUsers.find(ALICE))?.passwordHash, 'two');
    assert.deepEqual(copies.state(), { answers: true });
    assert.deepEqual(
      logger.entries.map(({ level, event }) => [level, event]),
      [
        ['error', 'The store is away: users who are known go on, nobody else'],
        ['info', 'The store is back'],
      ],
    );
  });

  it('are not believed after a long time in which nobody could ask what has changed', async () => {
    const { clock, knownUsers, users, log, copies } = await known();
    await knownUsers.find(ALICE);
    await copies.stop();
    await clock.advance(10 * MINUTES);
    await users.setPasswordHash(ALICE, 'two');
    log.write({ user: ALICE });
    assert.equal((await knownUsers.find(ALICE))?.passwordHash, 'two');
  });

  it('are at most as many as were set, and those who come often stay', async () => {
    const { knownUsers, users, state } = await known({ most: 100 });
    for (let index = 0; index < 150; index += 1) {
      await users.add(userNamed(`user${index}`));
      await knownUsers.find(named(`user${index}`));
      await knownUsers.find(ALICE);
    }
    state.asked = 0;
    await knownUsers.find(ALICE);
    assert.equal(state.asked, 0);
    await knownUsers.find(named('user0'));
    assert.equal(state.asked, 1);
  });

  it('leave known who else holds a name, until that changes', async () => {
    const { clock, knownUsers, users, log, state } = await known();
    const nobodys = domainName('free.example.org');
    for (let round = 0; round < 2; round += 1) {
      assert.deepEqual([...(await knownUsers.grantedOf([OTHER, nobodys]))], [OTHER]);
    }
    assert.equal(state.asked, 1);
    await users.grant(ALICE, nobodys);
    log.write({ user: ALICE }, { name: nobodys });
    await clock.advance(1_000);
    assert.deepEqual([...(await knownUsers.grantedOf([OTHER, nobodys]))], [OTHER, nobodys]);
  });

  it('leave known who wants notices of a name, until a user changes', async () => {
    const { clock, knownUsers, users, log, state } = await known();
    for (let round = 0; round < 2; round += 1) assert.deepEqual(await knownUsers.noticesAbout(HOME), []);
    assert.equal(state.asked, 1);
    await users.remove(BOB);
    log.write({ user: BOB });
    await clock.advance(1_000);
    await knownUsers.noticesAbout(HOME);
    assert.equal(state.asked, 2);
  });
});

describe('names that are known', () => {
  it('are asked for once, also those without settings and without followers', async () => {
    const { knownHosts, state } = await known();
    for (let round = 0; round < 2; round += 1) {
      assert.deepEqual([...(await knownHosts.find([HOME, OTHER])).keys()], [HOME]);
      assert.deepEqual(
        (await knownHosts.followersOf([HOME, OTHER])).map(({ name }) => name),
        [NAS],
      );
    }
    assert.equal(state.asked, 2);
  });

  it('are forgotten within a second after another instance has changed them', async () => {
    const { clock, knownHosts, hosts, log } = await known();
    await knownHosts.find([HOME]);
    await knownHosts.followersOf([HOME]);
    await hosts.change(HOME, { offline: false });
    await hosts.clear(NAS);
    log.write({ name: HOME }, { name: NAS });
    await clock.advance(1_000);
    assert.equal((await knownHosts.find([HOME])).get(HOME)?.offline ?? false, false);
    assert.deepEqual(await knownHosts.followersOf([HOME]), []);
  });

  it('go on while the store is away, and no others', async () => {
    const { clock, knownHosts, goAway } = await known();
    await knownHosts.find([HOME]);
    goAway();
    await clock.advance(14 * MINUTES);
    assert.equal((await knownHosts.find([HOME])).get(HOME)?.offline, true);
    await assert.rejects(knownHosts.find([HOME, NAS]), /away/);
  });
});
