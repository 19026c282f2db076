import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Deeds } from '../../../../src/application/manage/deeds.ts';
import { EndFollowing } from '../../../../src/application/manage/end-following.ts';
import {
  type ImportedAccount,
  type ImportedData,
  type ImportOptions,
  ImportUsers,
} from '../../../../src/application/manage/import-users.ts';
import { ManageHosts } from '../../../../src/application/manage/manage-hosts.ts';
import { ManageUsers, type NewSecret } from '../../../../src/application/manage/manage-users.ts';
import { domainName } from '../../../../src/domain/domain-name.ts';
import { unknownHost } from '../../../../src/domain/host-settings.ts';
import { parseIpv6 } from '../../../../src/domain/ip-address.ts';
import { parseNetwork } from '../../../../src/domain/network.ts';
import type { Password } from '../../../../src/domain/password.ts';
import type { User, UserName } from '../../../../src/domain/user.ts';
import { CountingTokenMint } from '../../../fakes/counting-token-mint.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';
import { MemoryHostStore } from '../../../fakes/memory-host-store.ts';
import { MemoryUserStore } from '../../../fakes/memory-user-store.ts';
import { PlainPasswordHasher } from '../../../fakes/plain-password-hasher.ts';
import { RecordingEvents } from '../../../fakes/recording-events.ts';
import { allOf } from '../../../support/all-of.ts';
import { authenticateUserOn, HERE } from '../../../support/authenticate-user-on.ts';
import { OPERATOR } from '../../../support/fixtures.ts';
import { valueIn } from '../../../support/parsed.ts';

const HOME = domainName('home.example.org');
const NAS = domainName('nas.example.org');
const CHALLENGE = domainName('8e5700ea.auth.example.org');
const FOLLOWS = {
  name: NAS,
  follows: HOME,
  interfaceId: valueIn(parseIpv6('::a:b')),
  prefixLength: 64,
};

const account = (user: string, given: Partial<ImportedAccount> = {}): ImportedAccount => ({
  user: user as UserName,
  secret: { kind: 'password', password: 's3cret' as Password },
  domains: [HOME],
  remarks: [],
  ...given,
});

const data = (...accounts: readonly ImportedAccount[]): ImportedData => ({ accounts, hosts: [], left: [] });

const existing = (name: string, domains = [HOME]): User => ({
  name: name as UserName,
  passwordHash: '$plain$0$present',
  domains,
  offline: false,
  networks: [],
  tokens: [],
});

function setUp(present: readonly User[] = []) {
  const users = new MemoryUserStore(present);
  const hosts = new MemoryHostStore();
  const passwords = new PlainPasswordHasher();
  const mint = new CountingTokenMint();
  const events = new RecordingEvents();
  const deeds = new Deeds(events, new ManualClock(), OPERATOR);
  const manageHosts = new ManageHosts(hosts, deeds);
  const endFollowing = new EndFollowing(users, hosts, manageHosts);
  const manageUsers = new ManageUsers(users, passwords, mint, deeds, endFollowing);
  const use = new ImportUsers(users, hosts, passwords, { users: manageUsers, hosts: manageHosts });
  const authenticate = authenticateUserOn({ users, passwords, mint });
  const kept: NewSecret[] = [];
  /** What the outcome says of each, in short. */
  const take = async (taken: ImportedData, options: Partial<ImportOptions> = {}) => {
    const keep = async (secrets: readonly NewSecret[]) => void kept.push(...secrets);
    const outcome = await use.execute(taken, { dryRun: false, keep, ...options });
    return outcome.kind === 'done'
      ? outcome.lines.map(({ outcome: became, name, login }) => [became, name, login])
      : outcome;
  };
  const logIn = async (user: string, password: string) => {
    const outcome = await authenticate.execute({ kind: 'password', user, password }, HERE);
    return outcome.kind === 'authenticated' ? outcome.principal : outcome.kind;
  };
  const all = async () => allOf(users.list());
  return { users, hosts, passwords, events, use, take, kept, logIn, all };
}

describe('an import', () => {
  it('keeps a hash that can be verified, and makes one of a password', async () => {
    const { take, logIn } = setUp();
    const hash = { kind: 'hash', hash: '$plain$7$from there' } as const;
    assert.deepEqual(await take(data(account('alice'), account('bob', { secret: hash }))), [
      ['taken', 'alice', 'new hash'],
      ['taken', 'bob', 'old hash'],
    ]);
    for (const [user, password] of [
      ['alice', 's3cret'],
      ['bob', 'from there'],
    ] as const) {
      const principal = await logIn(user, password);
      assert.ok(typeof principal === 'object', user);
      assert.deepEqual([...principal.domains], [HOME]);
    }
  });

  for (const secret of [
    { kind: 'hash', hash: 'sha1$x$y' },
    { kind: 'unusable', why: 'it is a riddle' },
  ] as const) {
    it(`gives a token for a secret of the kind ${secret.kind} that cannot be used, and says why`, async () => {
      const { use, take, kept, logIn } = setUp();
      const dry = await use.execute(data(account('alice', { secret })), { dryRun: true });
      assert.ok(dry.kind === 'done' && dry.lines[0]?.remarks.length === 1);
      assert.deepEqual(await take(data(account('alice', { secret }))), [['changed', 'alice', 'token']]);
      assert.deepEqual(
        kept.map(({ user }) => user),
        ['alice'],
      );
      assert.ok(typeof (await logIn('alice', kept[0]?.secret ?? '')) === 'object');
      assert.equal(await logIn('alice', 'x'), 'rejected');
    });
  }

  it('adds nobody as long as there is no place for the tokens', async () => {
    const { take, all } = setUp();
    const imported = data(account('alice'), account('bob', { secret: { kind: 'unusable', why: '' } }));
    assert.deepEqual(await take(imported, { keep: undefined }), { kind: 'tokens-needed', users: ['bob'] });
    assert.deepEqual(await all(), []);
  });

  it('adds nobody when the tokens cannot be kept', async () => {
    const { take, all } = setUp();
    const imported = data(account('bob', { secret: { kind: 'unusable', why: '' } }));
    const keep = () => Promise.reject(new Error('full'));
    await assert.rejects(take(imported, { keep }), /full/);
    assert.deepEqual(await all(), []);
  });

  it('a user without a password stays without one, and gets no token', async () => {
    const { take, kept, logIn } = setUp();
    assert.deepEqual(await take(data(account('erin', { secret: { kind: 'none' } }))), [
      ['changed', 'erin', 'none'],
    ]);
    assert.deepEqual([kept, await logIn('erin', '')], [[], 'rejected']);
  });

  it('leaves who exists, and says which names that user lacks', async () => {
    const { use, users } = setUp([existing('alice', [HOME])]);
    const outcome = await use.execute(data(account('alice', { domains: [HOME, NAS] })), { dryRun: false });
    assert.ok(outcome.kind === 'done');
    assert.deepEqual(
      outcome.lines.map(({ outcome: became, remarks }) => [became, remarks]),
      [['left', ['a user of this name exists here', `that user was not granted ${NAS}`]]],
    );
    assert.deepEqual(await users.find('alice' as UserName), existing('alice', [HOME]));
  });

  it('grants no name that somebody here has, because that user did not agree', async () => {
    const { take, users } = setUp([existing('bob')]);
    assert.deepEqual(await take(data(account('alice', { domains: [HOME, NAS] }))), [
      ['changed', 'alice', 'new hash'],
    ]);
    assert.deepEqual((await users.find('alice' as UserName))?.domains, [NAS]);
  });

  it('two accounts that share a name both get it', async () => {
    const { take, all } = setUp();
    await take(data(account('alice'), account('bob')));
    assert.deepEqual(
      (await all()).map(({ domains }) => domains),
      [[HOME], [HOME]],
    );
  });

  it('can be repeated: the second time everything is left', async () => {
    const { take, all, hosts } = setUp();
    const imported = { ...data(account('alice')), hosts: [FOLLOWS] };
    assert.deepEqual(await take(imported), [
      ['taken', 'alice', 'new hash'],
      ['taken', NAS, undefined],
    ]);
    const [users, known] = [await all(), await allOf(hosts.list())];
    assert.deepEqual(known, [{ ...unknownHost(NAS), ...FOLLOWS }]);
    assert.deepEqual(await take(imported), [
      ['left', 'alice', undefined],
      ['left', NAS, undefined],
    ]);
    assert.deepEqual([await all(), await allOf(hosts.list())], [users, known]);
  });

  it('goes on where one stopped between users and hosts', async () => {
    const { take } = setUp();
    await take(data(account('alice')));
    assert.deepEqual(await take({ ...data(account('alice')), hosts: [FOLLOWS] }), [
      ['left', 'alice', undefined],
      ['taken', NAS, undefined],
    ]);
  });

  it('leaves the settings of a host that has some', async () => {
    const { take, hosts } = setUp();
    await hosts.change(NAS, { offline: true });
    await take({ ...data(), hosts: [FOLLOWS] });
    assert.deepEqual(await allOf(hosts.list()), [{ ...unknownHost(NAS), offline: true }]);
  });

  it('changes nothing when it only tells, and needs neither a hash nor a place for tokens', async () => {
    const { take, all, hosts, passwords, events } = setUp();
    const imported = {
      ...data(account('alice'), account('bob', { secret: { kind: 'unusable', why: '' } })),
      hosts: [FOLLOWS],
    };
    assert.deepEqual(await take(imported, { dryRun: true, keep: undefined }), [
      ['taken', 'alice', 'new hash'],
      ['changed', 'bob', 'token'],
      ['taken', NAS, undefined],
    ]);
    const untouched = [await all(), await allOf(hosts.list()), passwords.calls, events.told];
    assert.deepEqual(untouched, [[], [], [], []]);
  });

  it('adds nobody when somebody adds one of them meanwhile', async () => {
    const { take, users, all } = setUp();
    const keep = async () => void (await users.add(existing('bob')));
    const imported = data(account('alice'), account('bob', { secret: { kind: 'unusable', why: '' } }));
    assert.deepEqual(await take(imported, { keep }), { kind: 'overtaken', users: ['bob'] });
    assert.deepEqual(
      (await all()).map(({ name }) => name),
      ['bob'],
    );
  });

  it('an account of acme-dns keeps its password, its challenge name and its networks', async () => {
    const { take, logIn, users } = setUp();
    const networks = [valueIn(parseNetwork('127.0.0.0/8')), valueIn(parseNetwork(HERE.text))];
    const secret = { kind: 'hash', hash: '$plain$7$old' } as const;
    const imported = account('c36f50e8', { secret, domains: [], challenge: CHALLENGE, networks });
    assert.deepEqual(await take(data(imported)), [['taken', 'c36f50e8', 'old hash']]);
    const principal = await logIn('c36f50e8', 'old');
    assert.ok(typeof principal === 'object');
    assert.deepEqual(principal.certificates?.accounts, [CHALLENGE]);
    assert.deepEqual([...principal.domains], []);
    assert.deepEqual((await users.find('c36f50e8' as UserName))?.networks, networks);
  });

  it('an account of acme-dns without a hash that can be verified gets a token for its challenge name', async () => {
    const { take, logIn, kept } = setUp();
    const secret = { kind: 'unusable', why: 'it is a riddle' } as const;
    await take(data(account('c36f50e8', { secret, domains: [], challenge: CHALLENGE })));
    const principal = await logIn('c36f50e8', kept[0]?.secret ?? '');
    assert.ok(typeof principal === 'object');
    assert.deepEqual(principal.certificates?.accounts, [CHALLENGE]);
  });

  it('tells who was added, and what is left without a place here', async () => {
    const { use, events } = setUp();
    const left = { what: 'other', name: 'example.org', why: 'it is a zone' } as const;
    const outcome = await use.execute({ ...data(account('alice')), left: [left] }, { dryRun: false });
    assert.ok(outcome.kind === 'done');
    assert.deepEqual(outcome.lines.at(-1), {
      outcome: 'left',
      what: 'other',
      name: 'example.org',
      domains: [],
      remarks: ['it is a zone'],
    });
    assert.deepEqual(
      events.told.map((event) => event.kind === 'managed' && event.deed),
      ['user-added', 'name-granted'],
    );
  });
});
