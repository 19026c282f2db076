import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { KeyedCredentialMemory } from '../../../../src/adapters/system/keyed-credential-memory.ts';
import type { Authentication, Credentials } from '../../../../src/application/login/authenticate-user.ts';
import type { CredentialMemory } from '../../../../src/application/ports/credential-memory.ts';
import { FairQueue } from '../../../../src/application/turns/fair-queue.ts';
import { domainName } from '../../../../src/domain/domain-name.ts';
import { type IpAddress, parseIpAddress } from '../../../../src/domain/ip-address.ts';
import { parseNetwork } from '../../../../src/domain/network.ts';
import type { UpdateToken } from '../../../../src/domain/update-token.ts';
import { parseUserName, type User } from '../../../../src/domain/user.ts';
import { CountingTokenMint } from '../../../fakes/counting-token-mint.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';
import { MemoryUserStore } from '../../../fakes/memory-user-store.ts';
import { PlainPasswordHasher } from '../../../fakes/plain-password-hasher.ts';
import { RecordingEvents } from '../../../fakes/recording-events.ts';
import { authenticateUserOn, HERE } from '../../../support/authenticate-user-on.ts';
import { valueIn } from '../../../support/parsed.ts';

const mint = new CountingTokenMint();
const userName = (text: string) => valueIn(parseUserName(text));

function token(name: string, secret: string, ...domains: readonly string[]): UpdateToken {
  return {
    name,
    digest: mint.digestOf(secret),
    domains: domains.length === 0 ? undefined : domains.map(domainName),
  };
}

function user(name: string, password: string, rest: Partial<User> = {}): User {
  return {
    name: userName(name),
    passwordHash: `$plain$1$${password}`,
    domains: [],
    offline: false,
    networks: [],
    tokens: [],
    ...rest,
  };
}

/** Alice with two names and two tokens, one of them limited; bob with neither, who may go offline. */
function setUp() {
  const passwords = new PlainPasswordHasher();
  const users = new MemoryUserStore([
    user('alice', 's3cret', {
      domains: ['home.example.org', 'cam.example.org'].map(domainName),
      tokens: [
        token('router', 'router-secret'),
        token('camera', 'camera-secret', 'cam.example.org', 'old.example.org'),
      ],
    }),
    user('bob', 'b0b', { offline: true }),
    user('carol', 'c4rol', {
      networks: ['192.0.2.0/24', '2001:db8::/32'].map((text) => valueIn(parseNetwork(text))),
      tokens: [token('carol-router', 'carol-secret')],
    }),
  ]);
  const events = new RecordingEvents();
  const authenticate = authenticateUserOn({ users, passwords, mint, events });
  /** The principal in short, or what else came of it. */
  const judge = async (credentials: Credentials, from = HERE) => {
    const result = await authenticate.execute(credentials, from);
    if (result.kind !== 'authenticated') return result.kind;
    const { user, domains, token, offline } = result.principal;
    return { user, domains: [...domains], token, offline };
  };
  const basic = (user: string, password: string) => judge({ kind: 'password', user, password });
  const bearer = (secret: string) => judge({ kind: 'token', token: secret });
  return { users, passwords, events, judge, basic, bearer };
}

const ALICE = {
  user: 'alice',
  domains: ['home.example.org', 'cam.example.org'],
  token: undefined,
  offline: false,
};

describe('a password', () => {
  for (const name of ['constructor', '__proto__', '\u202eevil', 'olga\u200b']) {
    it(`of a user who has the name ${encodeURI(name)}, which nobody can choose any more, is good`, async () => {
      const { users, basic } = setUp();
      await users.add(user(name, 's3cret'));
      assert.deepEqual(await basic(name, 's3cret'), { ...ALICE, user: name, domains: [] });
      assert.equal(await basic(name, 'wrong'), 'rejected');
    });
  }

  it('of its user gives all rights of that user', async () => {
    const { basic } = setUp();
    assert.deepEqual(await basic('alice', 's3cret'), ALICE);
    assert.deepEqual(await basic('bob', 'b0b'), {
      user: 'bob',
      domains: [],
      token: undefined,
      offline: true,
    });
  });

  const refusals: readonly [why: string, user: string, password: string][] = [
    ['wrong', 'alice', 's3cret!'],
    ['in another case', 'alice', 'S3CRET'],
    ['empty', 'alice', ''],
    ['the hash itself', 'alice', '$plain$1$s3cret'],
    ['another user’s', 'alice', 'b0b'],
    ['shown with a name in another case', 'Alice', 's3cret'],
    ['shown with a space behind the name', 'alice ', 's3cret'],
    ['shown without a name', '', 's3cret'],
    ['shown with the name of nobody', 'carol', 's3cret'],
    ['shown with a name that none can have', 'al:ice', 's3cret'],
    ['shown with a name of control characters', 'alice\0', 's3cret'],
    ['shown with a name without end', 'a'.repeat(100_000), 's3cret'],
    ['shown with the name of what every object has', '__proto__', 's3cret'],
  ];
  for (const [why, user, password] of refusals) {
    it(`is rejected when it is ${why}`, async () => {
      assert.equal(await setUp().basic(user, password), 'rejected');
    });
  }

  it('is no token', async () => {
    assert.equal(await setUp().bearer('s3cret'), 'rejected');
  });

  it('whose hash no hasher knows is rejected', async () => {
    const users = new MemoryUserStore([user('alice', '', { passwordHash: 's3cret' })]);
    const authenticate = authenticateUserOn({ users, passwords: new PlainPasswordHasher(), mint });
    assert.deepEqual(
      await authenticate.execute({ kind: 'password', user: 'alice', password: 's3cret' }, HERE),
      { kind: 'rejected', user: 'alice' },
    );
  });
});

describe('a rejection costs one hash', () => {
  const [ofAlice, ofBob, ofNobody] = [
    '$plain$1$s3cret',
    '$plain$1$b0b',
    new PlainPasswordHasher().hashOfNobody,
  ];
  const cases: readonly [who: string, user: string, password: string, hash: string][] = [
    ['a user with tokens', 'alice', 'wrong', ofAlice],
    ['a user without tokens', 'bob', 'wrong', ofBob],
    ['nobody', 'dave', 'wrong', ofNobody],
    ['a name that none can have', 'al:ice', 'wrong', ofNobody],
    ['nobody, with somebody’s token', 'dave', 'router-secret', ofNobody],
    ['another user than that of the token', 'bob', 'router-secret', ofBob],
  ];
  for (const [who, user, password, hash] of cases) {
    it(`for ${who}`, async () => {
      const { passwords, basic } = setUp();
      assert.equal(await basic(user, password), 'rejected');
      assert.deepEqual(passwords.verified, [hash]);
    });
  }
});

it('after a login, what is done for nobody costs what that user costs', async () => {
  const { passwords, basic } = setUp();
  await basic('bob', 'b0b');
  assert.equal(await basic('nobody', 'b0b'), 'rejected');
  assert.deepEqual(passwords.verified, ['$plain$1$b0b', '$plain$1$b0b']);
});

describe('a token', () => {
  const ROUTER = { ...ALICE, token: 'router' };

  it('as Bearer gives the rights of its owner', async () => {
    assert.deepEqual(await setUp().bearer('router-secret'), ROUTER);
  });

  it('as a Basic password goes with its owner’s name or an empty one', async () => {
    const { basic } = setUp();
    assert.deepEqual(await basic('alice', 'router-secret'), ROUTER);
    assert.deepEqual(await basic('', 'router-secret'), ROUTER);
  });

  it('with another’s name, or nobody’s, is rejected', async () => {
    const { basic } = setUp();
    assert.equal(await basic('bob', 'router-secret'), 'rejected');
    assert.equal(await basic('carol', 'router-secret'), 'rejected');
  });

  it('costs no hash', async () => {
    const { passwords, basic, bearer } = setUp();
    await basic('alice', 'router-secret');
    await bearer('router-secret');
    await bearer('wrong');
    assert.deepEqual(passwords.calls, []);
  });

  it('that is limited gives only those of its names that its owner has still', async () => {
    const { users, bearer, basic } = setUp();
    const limited = { ...ALICE, domains: ['cam.example.org'], token: 'camera' };
    assert.deepEqual(await bearer('camera-secret'), limited);
    assert.deepEqual(await basic('alice', 'camera-secret'), limited);

    await users.revoke(userName('alice'), domainName('cam.example.org'));
    assert.deepEqual(await bearer('camera-secret'), { ...limited, domains: [] });
  });

  it('without a limit follows what its owner gains and loses', async () => {
    const { users, bearer } = setUp();
    await users.revoke(userName('alice'), domainName('home.example.org'));
    await users.grant(userName('alice'), domainName('new.example.org'));
    assert.deepEqual(await bearer('router-secret'), {
      ...ROUTER,
      domains: ['cam.example.org', 'new.example.org'],
    });
  });

  it('limited to nothing gives nothing', async () => {
    const { users, bearer } = setUp();
    await users.addToken(userName('alice'), { ...token('none', 'none-secret'), domains: [] });
    assert.deepEqual(await bearer('none-secret'), { ...ALICE, domains: [], token: 'none' });
  });

  it('that was removed, or whose owner was, is rejected', async () => {
    const { users, bearer, basic } = setUp();
    await users.removeToken(userName('alice'), 'router');
    assert.equal(await bearer('router-secret'), 'rejected');
    assert.equal(await basic('alice', 'router-secret'), 'rejected');
    await users.remove(userName('alice'));
    assert.equal(await bearer('camera-secret'), 'rejected');
  });

  for (const secret of ['', 'router', 'router-secret ', mint.digestOf('router-secret')]) {
    it(`is not ${JSON.stringify(secret)}`, async () => {
      const { bearer, basic } = setUp();
      assert.equal(await bearer(secret), 'rejected');
      assert.equal(await basic('', secret), 'rejected');
      assert.equal(await basic('alice', secret), 'rejected');
    });
  }
});

describe('a store that cannot be read', () => {
  it('is no rejection: the fault goes to the caller', async () => {
    const { users, basic, bearer } = setUp();
    const fault = new Error('disk gone');
    users.find = users.findByTokenDigest = () => Promise.reject(fault);
    await assert.rejects(basic('alice', 's3cret'), fault);
    await assert.rejects(bearer('router-secret'), fault);
  });
});

describe('a name that fails too often at a site', () => {
  const wrong = (guess: number) => ({ kind: 'password', user: 'alice', password: `guess ${guess}` }) as const;
  const right = { kind: 'password', user: 'alice', password: 's3cret' } as const;
  const elsewhere = { family: 'ipv4', text: '192.0.2.1' } as const;
  const paused = (milliseconds: number) => ({ kind: 'paused', scope: 'name', milliseconds }) as const;

  function setUpWithPatience() {
    const clock = new ManualClock();
    const passwords = new PlainPasswordHasher();
    const users = new MemoryUserStore([user('alice', 's3cret')]);
    const authenticate = authenticateUserOn({ users, passwords, mint, clock });
    const failTenTimes = async () => {
      for (let guess = 0; guess < 10; guess += 1) await authenticate.execute(wrong(guess), HERE);
    };
    return { clock, passwords, users, authenticate, failTenTimes };
  }

  it('is paused, costs no hash any more, and says for how long', async () => {
    const { passwords, authenticate, failTenTimes } = setUpWithPatience();
    await failTenTimes();
    const before = passwords.calls.length;
    assert.deepEqual(await authenticate.execute(right, HERE), paused(60_000));
    assert.equal(passwords.calls.length, before);
  });

  it('locks nobody out elsewhere', async () => {
    const { authenticate, failTenTimes } = setUpWithPatience();
    await failTenTimes();
    assert.equal((await authenticate.execute(right, elsewhere)).kind, 'authenticated');
  });

  it('is judged again after the pause', async () => {
    const { clock, authenticate, failTenTimes } = setUpWithPatience();
    await failTenTimes();
    await clock.advance(60_000);
    assert.equal((await authenticate.execute(right, HERE)).kind, 'authenticated');
  });

  it('gets no more tries by sending them all at once, and one pause of a minute for it', async () => {
    const { clock, passwords, authenticate } = setUpWithPatience();
    const burst = (first: number) =>
      Promise.all(
        Array.from({ length: 100 }, (_, guess) => authenticate.execute(wrong(first + guess), HERE)),
      );
    const judged = await burst(0);
    assert.equal(judged.filter(({ kind }) => kind === 'rejected').length, 10);
    assert.equal(passwords.calls.length, 10);
    assert.ok(judged.every(({ kind }) => kind === 'rejected' || kind === 'paused'));
    assert.deepEqual(await authenticate.execute(right, HERE), paused(60_000));

    await clock.advance(60_000);
    await burst(100);
    assert.equal(passwords.calls.length, 20);
    assert.deepEqual(await authenticate.execute(right, HERE), paused(120_000));
  });

  it('learns of no more tokens by sending them all at once, and pauses as a whole', async () => {
    const { authenticate } = setUpWithPatience();
    const judged = await Promise.all(
      Array.from({ length: 1_000 }, (_, guess) =>
        authenticate.execute({ kind: 'token', token: `guess ${guess}` }, HERE),
      ),
    );
    assert.equal(judged.filter(({ kind }) => kind === 'rejected').length, 50);
    assert.deepEqual(await authenticate.execute(right, HERE), { ...paused(60_000), scope: 'site' });
  });

  it('learns of no right token that was among guesses at once, after those that brought the pause', async () => {
    const { users, authenticate } = setUpWithPatience();
    await users.addToken(userName('alice'), token('router', 'router-secret'));
    const secrets = [...Array.from({ length: 50 }, (_, guess) => `guess ${guess}`), 'router-secret'];
    const judged = await Promise.all(
      secrets.map((secret) => authenticate.execute({ kind: 'token', token: secret }, HERE)),
    );
    assert.equal(judged.at(-1)?.kind, 'paused');
  });
});

describe('a password that was wrong not long ago', () => {
  it('costs one hash in all, counts once, and is known as wrong', async () => {
    const { basic, passwords } = setUp();
    for (let time = 0; time < 20; time += 1) assert.equal(await basic('alice', 'old'), 'rejected');
    assert.deepEqual(passwords.calls, ['verify']);
    assert.deepEqual(await basic('alice', 's3cret'), ALICE);
  });

  it('costs one hash also when it is shown many times at once', async () => {
    const { basic, passwords } = setUp();
    const judged = await Promise.all(Array.from({ length: 20 }, () => basic('alice', 'old')));
    assert.ok(judged.every((kind) => kind === 'rejected'));
    assert.deepEqual(passwords.calls, ['verify']);
  });

  it('of a user who does not exist costs as much', async () => {
    const { basic, passwords } = setUp();
    for (let time = 0; time < 20; time += 1) assert.equal(await basic('nobody', 'old'), 'rejected');
    assert.deepEqual(passwords.calls, ['verify']);
  });

  it('is right as soon as it is the password', async () => {
    const { users, basic } = setUp();
    assert.equal(await basic('alice', 'new'), 'rejected');
    await users.setPasswordHash(userName('alice'), '$plain$1$new');
    assert.deepEqual(await basic('alice', 'new'), ALICE);
  });

  it('is right as soon as it is a token of the user', async () => {
    const { users, basic, bearer } = setUp();
    assert.equal(await basic('alice', 'new-secret'), 'rejected');
    assert.equal(await bearer('new-secret'), 'rejected');
    await users.addToken(userName('alice'), token('new', 'new-secret'));
    assert.deepEqual(await basic('alice', 'new-secret'), { ...ALICE, token: 'new' });
    assert.deepEqual(await bearer('new-secret'), { ...ALICE, token: 'new' });
  });

  it('costs a hash at each site: time does not tell there what others tried', async () => {
    const { judge, passwords } = setUp();
    for (const text of ['192.0.2.1', '192.0.2.2']) {
      await judge({ kind: 'password', user: 'alice', password: 'old' }, { family: 'ipv4', text });
    }
    assert.deepEqual(passwords.calls, ['verify', 'verify']);
  });
});

describe('a password that was right not long ago', () => {
  function setUpWithMemory() {
    const passwords = new PlainPasswordHasher();
    const users = new MemoryUserStore([user('alice', 's3cret')]);
    const memory = new KeyedCredentialMemory(new ManualClock());
    const authenticate = authenticateUserOn({ users, passwords, mint, memory });
    const login = (password: string) =>
      authenticate.execute({ kind: 'password', user: 'alice', password }, HERE);
    return { passwords, users, login };
  }

  it('costs one hash in all', async () => {
    const { passwords, login } = setUpWithMemory();
    for (let time = 0; time < 5; time += 1) assert.equal((await login('s3cret')).kind, 'authenticated');
    assert.deepEqual(passwords.calls, ['verify']);
  });

  it('costs one hash also when it is shown many times at once', async () => {
    const { passwords, login } = setUpWithMemory();
    const judged = await Promise.all([1, 2, 3, 4, 5].map(() => login('s3cret')));
    assert.ok(judged.every(({ kind }) => kind === 'authenticated'));
    assert.deepEqual(passwords.calls, ['verify']);
  });

  it('is wrong as soon as the stored hash is another', async () => {
    const { users, login } = setUpWithMemory();
    await login('s3cret');
    await users.setPasswordHash(userName('alice'), '$plain$1$new');
    assert.equal((await login('s3cret')).kind, 'rejected');
    assert.equal((await login('new')).kind, 'authenticated');
  });

  it('is wrong as soon as the user is gone', async () => {
    const { users, login } = setUpWithMemory();
    await login('s3cret');
    await users.remove(userName('alice'));
    assert.equal((await login('s3cret')).kind, 'rejected');
  });

  it('gives the rights of this moment, not of that', async () => {
    const { users, login } = setUpWithMemory();
    await login('s3cret');
    await users.grant(userName('alice'), domainName('home.example.org'));
    const authentication = await login('s3cret');
    assert.equal(authentication.kind, 'authenticated');
    assert.ok(authentication.kind === 'authenticated' && authentication.principal.domains.size === 1);
  });

  it('says nothing of others: each costs a hash', async () => {
    const { passwords, login } = setUpWithMemory();
    await login('s3cret');
    await login('guess 1');
    await login('guess 2');
    assert.deepEqual(passwords.calls, ['verify', 'verify', 'verify']);
  });
});

describe('a flood of wrong passwords, each from an address of its own', () => {
  const site = (index: number) =>
    ({ family: 'ipv4', text: `10.0.${index >> 8}.${index & 255}` }) as const satisfies IpAddress;
  const login = (password: string) => ({ kind: 'password', user: 'alice', password }) as const;

  /** One hash runs and does not end; the queue is full of guesses. */
  async function flooded(memory?: CredentialMemory) {
    const users = new MemoryUserStore([user('alice', 's3cret')]);
    const passwords = new PlainPasswordHasher();
    const queue = new FairQueue({ running: 1, waiting: 200, waitingOfOne: 20 });
    const authenticate = authenticateUserOn({ users, passwords, mint, queue, ...(memory && { memory }) });
    assert.equal((await authenticate.execute(login('s3cret'), HERE)).kind, 'authenticated');
    const verify = passwords.verify.bind(passwords);
    let goOn = () => {};
    const held = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    passwords.verify = async (hash, password) => {
      await held;
      return verify(hash, password);
    };
    const guesses = Array.from({ length: 1_000 }, (_, index) =>
      authenticate.execute(login('guess'), site(index)),
    );
    return { authenticate, guesses, goOn };
  }

  it('leaves a password that is known served, also from another address', async () => {
    const { authenticate } = await flooded(new KeyedCredentialMemory(new ManualClock()));
    const elsewhere = { family: 'ipv4', text: '192.0.2.1' } as const;
    assert.equal((await authenticate.execute(login('s3cret'), elsewhere)).kind, 'authenticated');
  });

  it('leaves a site where somebody logged in the next turn', async () => {
    const { authenticate, guesses, goOn } = await flooded();
    const ended: string[] = [];
    const note = async (who: string, judged: Promise<Authentication>) => {
      const { kind } = await judged;
      ended.push(`${who} ${kind}`);
    };
    const all = guesses.map((guess) => note('guess', guess));
    const right = note('user', authenticate.execute(login('s3cret'), HERE));
    await setImmediate();
    assert.equal(ended.length, 799); // one runs, 200 wait
    ended.length = 0;
    goOn();
    await Promise.all([right, ...all]);
    assert.deepEqual(ended.slice(0, 2), ['guess rejected', 'user authenticated']);
    assert.equal(ended.length, 202);
  });

  it('turns away who is not known in either way: such a password is neither right nor wrong', async () => {
    const { authenticate } = await flooded();
    assert.deepEqual(await authenticate.execute(login('s3cret'), site(5_000)), { kind: 'overloaded' });
  });
});

describe('a token with networks', () => {
  it('does not exist elsewhere: the attempt is a wrong one', async () => {
    const networks = [valueIn(parseNetwork('192.0.2.0/24'))];
    const owner = user('dave', 'd4ve', { tokens: [{ ...token('acme', 'acme-secret'), networks }] });
    const authenticate = authenticateUserOn({
      users: new MemoryUserStore([owner]),
      passwords: new PlainPasswordHasher(),
      mint,
    });
    for (const credentials of [
      { kind: 'password', user: 'dave', password: 'acme-secret' },
      { kind: 'token', token: 'acme-secret' },
    ] as const) {
      const judged = async (from: string) =>
        (await authenticate.execute(credentials, valueIn(parseIpAddress(from)))).kind;
      assert.equal(await judged('192.0.2.7'), 'authenticated');
      assert.equal(await judged('198.51.100.7'), 'rejected');
    }
  });
});

describe('a site that is paused', () => {
  it('makes the store look for nobody any more', async () => {
    const { users, basic, bearer } = setUp();
    for (let guess = 0; guess < 50; guess += 1) await bearer(`guess-${guess}`);
    const asked: string[] = [];
    const { find, findByTokenDigest } = users;
    users.find = (name) => {
      asked.push(name);
      return find.call(users, name);
    };
    users.findByTokenDigest = (digest) => {
      asked.push(digest);
      return findByTokenDigest.call(users, digest);
    };
    for (const name of ['nobody', 'alice', '']) assert.equal(await basic(name, 's3cret'), 'paused');
    assert.equal(await bearer('router-secret'), 'paused');
    assert.deepEqual(asked, []);
  });
});

describe('a user with networks', () => {
  const WAYS = [
    { kind: 'password', user: 'carol', password: 'c4rol' },
    { kind: 'password', user: 'carol', password: 'carol-secret' },
    { kind: 'password', user: '', password: 'carol-secret' },
    { kind: 'token', token: 'carol-secret' },
  ] as const satisfies readonly Credentials[];
  const at = (text: string) => valueIn(parseIpAddress(text));

  for (const [index, credentials] of WAYS.entries()) {
    it(`is let in from them, and nowhere else, by way ${index + 1}`, async () => {
      const { judge } = setUp();
      for (const inside of ['192.0.2.255', '2001:db8:ffff::1']) {
        const judged = await judge(credentials, at(inside));
        assert.equal(typeof judged === 'object' && judged.user, 'carol');
      }
      for (const outside of ['192.0.3.0', '198.51.100.7', '2001:db9::1']) {
        assert.equal(await judge(credentials, at(outside)), 'rejected');
      }
    });
  }

  it('costs from elsewhere the work of a user who does not exist, also with the right password, and counts as a failure', async () => {
    const { judge, passwords } = setUp();
    const from = at('198.51.100.9');
    assert.equal(await judge(WAYS[0], from), 'rejected');
    for (let guess = 1; guess < 10; guess += 1) {
      assert.equal(await judge({ ...WAYS[0], password: `guess ${guess}` }, from), 'rejected');
    }
    assert.deepEqual(passwords.verified, Array(10).fill(passwords.hashOfNobody));
    assert.equal(await judge(WAYS[0], from), 'paused');
  });
});

describe('a failure', () => {
  it('is told of users that there are, with its cause, and of nobody else', async () => {
    const { events, basic, bearer, judge } = setUp();
    const elsewhere = { kind: 'password', user: 'carol', password: 'c4rol' } as const;
    await judge(elsewhere);
    await basic('nobody', 'wrong');
    await basic('', 'wrong');
    await bearer('wrong');
    await basic('alice', 's3cret');
    await basic('alice', 'router-secret');
    for (let guess = 0; guess < 10; guess += 1) await basic('alice', `guess ${guess}`);
    await basic('alice', 's3cret');
    assert.deepEqual(
      [...new Set(events.of('login-failed').map(({ user, from, why }) => `${user} ${from} ${why}`))],
      ['carol 198.51.100.7 elsewhere', 'alice 198.51.100.7 wrong', 'alice 198.51.100.7 paused'],
    );
    assert.equal(events.told.length, events.of('login-failed').length);
  });
});
