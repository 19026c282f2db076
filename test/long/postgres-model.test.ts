import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { inspect, isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { PostgresChangeLog } from '../../src/adapters/postgres/postgres-change-log.ts';
import { PostgresHostStore } from '../../src/adapters/postgres/postgres-host-store.ts';
import { PostgresUserStore } from '../../src/adapters/postgres/postgres-user-store.ts';
import type { HostStore } from '../../src/application/ports/host-store.ts';
import type { UserStore } from '../../src/application/ports/user-store.ts';
import { type DomainName, domainName } from '../../src/domain/domain-name.ts';
import type { HostSettings } from '../../src/domain/host-settings.ts';
import { parseIpv6 } from '../../src/domain/ip-address.ts';
import { parseNetwork } from '../../src/domain/network.ts';
import { NOTICE_EVENTS, type NoticeTarget, parseNoticeAddress } from '../../src/domain/notice.ts';
import type { Passkey } from '../../src/domain/passkey.ts';
import { ttl } from '../../src/domain/ttl.ts';
import { TOKEN_USES, type UpdateToken } from '../../src/domain/update-token.ts';
import { parseIdentity, parseUserName, type User, type UserName } from '../../src/domain/user.ts';
import { MemoryHostStore } from '../fakes/memory-host-store.ts';
import { MemoryUserStore } from '../fakes/memory-user-store.ts';
import { allOf } from '../support/all-of.ts';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { fuzzRuns } from '../support/fuzz-runs.ts';
import { type MigratedDatabase, migratedDatabase } from '../support/migrated-database.ts';
import { targetAt } from '../support/notices.ts';
import { valueIn } from '../support/parsed.ts';
import { DATABASE_TOOLS } from '../support/tools.ts';

// PostgreSQL against the fakes as a model: several clients change users and hosts at once, and what they were answered,
// and what is there then, must be so for some order of their calls.

type Stores = { readonly users: UserStore; readonly hosts: HostStore };
type Call = { readonly text: string; readonly run: (stores: Stores) => Promise<unknown> };
type State = { readonly users: readonly User[]; readonly hosts: readonly HostSettings[] };

describeWithTools('the stores in PostgreSQL', DATABASE_TOOLS, () => {
  let migrated: MigratedDatabase;
  let clients: readonly Stores[];

  before(async () => {
    migrated = await migratedDatabase();
    clients = Array.from({ length: 3 }, () => {
      const database = migrated.connect();
      const log = new PostgresChangeLog(database);
      return { users: new PostgresUserStore(database, log), hosts: new PostgresHostStore(database, log) };
    });
  });

  after(() => migrated.close());

  it('do what the model does, whatever several clients ask of them at once, with whatever characters', async () => {
    await fc.assert(
      fc.asyncProperty(situation, async ({ names, rounds }) => {
        await migrated.sql('delete from dynonym.users; delete from dynonym.hosts');
        const [first] = clients;
        assert.ok(first !== undefined);
        let state: State = { users: [], hosts: [] };
        for (const round of rounds) {
          const calls = round.map((call) => call(names));
          const answers: readonly unknown[] = await Promise.all(
            calls.map(({ run }, index) => run(clients[index] ?? first)),
          );
          const next = await stateOf(first);
          if (!(await isPossible(state, calls, answers, next))) {
            const asked = calls.map(({ text }) => text);
            assert.fail(inspect({ before: state, asked, answers, next }, { depth: 9 }));
          }
          state = next;
        }
        for (const name of names) {
          assert.deepEqual(
            await first.users.find(name),
            state.users.find((user) => user.name === name),
          );
        }
      }),
      { numRuns: fuzzRuns(20, 60) },
    );
  });
});

const stateOf = async ({ users, hosts }: Stores): Promise<State> => ({
  users: await allOf(users.list()),
  hosts: (await allOf(hosts.list())).toSorted((one, other) => (one.name < other.name ? -1 : 1)),
});

/** Whether the calls, in some order, have these answers and lead to this state. */
async function isPossible(
  before: State,
  calls: readonly Call[],
  answers: readonly unknown[],
  wanted: State,
): Promise<boolean> {
  for (const order of ordersOf(calls.map((_, index) => index))) {
    const model = { users: new MemoryUserStore(before.users), hosts: new MemoryHostStore(before.hosts) };
    let fits = true;
    for (const index of order) {
      fits &&= isDeepStrictEqual(await calls[index]?.run(model), answers[index]);
    }
    if (fits && isDeepStrictEqual(await stateOf(model), wanted)) return true;
  }
  return false;
}

function ordersOf(items: readonly number[]): readonly (readonly number[])[] {
  if (items.length < 2) return [items];
  return items.flatMap((first) =>
    ordersOf(items.filter((item) => item !== first)).map((others) => [first, ...others]),
  );
}

/** Whatever SQL, a list in it, JSON or the protocol may stumble over. */
const ODD = [
  ...[
    "'",
    '"',
    '\\',
    '\\x00',
    '\\u0000',
    '{a,"b"}',
    '{}',
    '$1',
    '%s',
    '?',
    ';--',
    '/*',
    'NULL',
    '\u00a0',
    '🔑',
  ],
  ...['\uffff', '\ufeff', '\u2028', 'é', 'e\u0301', 'ß', '%00', '@'],
];
/** And any other character. What may not be in a name is filtered out below. */
const oddText = fc
  .array(fc.oneof(fc.constantFrom(...ODD), fc.string({ unit: 'binary', maxLength: 5 })), {
    minLength: 1,
    maxLength: 4,
  })
  .map((parts) => parts.join(''));

const userName = oddText.filter((text) => parseUserName(text).ok).map((text) => text as UserName);
const identity = oddText.filter((text) => parseIdentity(text).ok);
const printable = oddText.filter((text) => !/[\p{Cc}\p{Cs}]/u.test(text));
/** Few, so that calls meet. So are all names below. */
const domain = fc.constantFrom(
  ...['a.example.org', '*.a.example.org', 'b.a.example.org', 'example.org', '_c.example.org'].map(domainName),
);
const domains = fc.uniqueArray(domain, { maxLength: 3 });
const network = fc
  .constantFrom('192.0.2.0/24', '::/0', '2001:db8::1/128')
  .map((text) => valueIn(parseNetwork(text)));
const networks = fc.uniqueArray(network, { maxLength: 2 });
const milliseconds = fc.integer({ min: 1, max: 2 ** 42 });

const token: fc.Arbitrary<UpdateToken> = fc.record(
  {
    name: fc.constantFrom('one', 'two'),
    digest: fc.constantFrom('a', 'b', 'c').map((digit) => digit.repeat(64)),
    domains: fc.option(domains, { nil: undefined }),
    use: fc.constantFrom(...TOKEN_USES),
    networks,
    challenge: domain,
  },
  { noNullPrototype: true, requiredKeys: ['name', 'digest', 'domains'] },
);

const passkey: fc.Arbitrary<Passkey> = fc.record(
  {
    name: fc.constantFrom('Phone', 'Key “2”'),
    id: fc.constantFrom('id-1', 'id-2', 'id_3'),
    publicKey: fc.constant('pQECAyYgASFYIA-_'),
    counter: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    since: milliseconds,
  },
  { noNullPrototype: true },
);

const notice: fc.Arbitrary<NoticeTarget> = fc
  .record({
    to: oddText.map((path) => `https://hooks.example.org/${path}`).filter((to) => parseNoticeAddress(to).ok),
    id: fc.constantFrom('n1', 'n2'),
    secret: fc.option(printable, { nil: undefined }),
    events: fc.uniqueArray(fc.constantFrom(...NOTICE_EVENTS), { maxLength: 2 }),
    names: domains,
  })
  .map(({ to, ...more }) => targetAt(to, more));

/** Without what is unique among all users: that is added later, by calls that answer when it is taken. */
const rights: fc.Arbitrary<Omit<User, 'name'>> = fc.record(
  {
    passwordHash: printable,
    domains,
    offline: fc.boolean(),
    networks,
    tokens: fc.uniqueArray(token, { maxLength: 2, selector: ({ name }) => name }),
    admin: fc.constant(true),
    certificates: fc.boolean(),
    expect: milliseconds,
    offlineAfter: milliseconds,
    notices: fc.uniqueArray(notice, { minLength: 1, maxLength: 2, selector: ({ id }) => id }),
  },
  { noNullPrototype: true, requiredKeys: ['passwordHash', 'domains', 'offline', 'networks', 'tokens'] },
);

const maybe = <Value>(values: fc.Arbitrary<Value>) => fc.option(values, { nil: undefined });
const interfaceId = fc.constantFrom('::1', '::a:b:c:d').map((text) => valueIn(parseIpv6(text)));
const hostChange = fc.record(
  {
    ttl: maybe(fc.constantFrom(ttl(0), ttl(300), ttl(2 ** 31 - 1))),
    offline: fc.boolean(),
    follows: maybe(domain),
    interfaceId: maybe(interfaceId),
    prefixLength: maybe(fc.integer({ min: 0, max: 128 })),
  },
  { noNullPrototype: true, requiredKeys: [] },
);

type Names = readonly UserName[];
/** A call for one of the users of a situation. */
const call = <Values extends readonly unknown[]>(
  make: (name: UserName, ...values: Values) => Call['run'],
  ...values: { [Index in keyof Values]: fc.Arbitrary<Values[Index]> }
): fc.Arbitrary<(names: Names) => Call> =>
  fc
    .tuple(fc.nat(), fc.tuple(...values) as unknown as fc.Arbitrary<Values>)
    .map(([index, chosen]) => (names) => {
      const name = names[index % names.length] as UserName;
      return { text: inspect([make.toString(), name, ...chosen], { depth: 9 }), run: make(name, ...chosen) };
    });

const calls = fc.oneof(
  call(
    (name, more, claimed) =>
      ({ users }) =>
        users.add({ ...more, name }, claimed),
    rights,
    domains,
  ),
  call(
    (name, more) =>
      ({ users }) =>
        users.addAll([{ ...more, name }]),
    rights,
  ),
  call(
    (name) =>
      ({ users }) =>
        users.remove(name),
  ),
  call(
    (name, hash) =>
      ({ users }) =>
        users.setPasswordHash(name, hash),
    printable,
  ),
  call(
    (name, list) =>
      ({ users }) =>
        users.setRights(name, { networks: list }),
    networks,
  ),
  call(
    (name, allowed) =>
      ({ users }) =>
        users.setRights(name, { certificates: allowed }),
    maybe(fc.boolean()),
  ),
  call(
    (name, [admin, keepsOperator]) =>
      ({ users }) =>
        users.setRights(name, { admin }, { keepsOperator }),
    fc.tuple(fc.boolean(), fc.boolean()),
  ),
  call(
    (name, domain) =>
      ({ users }) =>
        users.grant(name, domain),
    domain,
  ),
  call(
    (name, domain) =>
      ({ users }) =>
        users.revoke(name, domain),
    domain,
  ),
  call(
    (name, token) =>
      ({ users }) =>
        users.addToken(name, token),
    token,
  ),
  call(
    (name, token) =>
      ({ users }) =>
        users.removeToken(name, token),
    fc.constantFrom('one', 'two'),
  ),
  call(
    (name, passkey) =>
      ({ users }) =>
        users.addPasskey(name, passkey),
    passkey,
  ),
  call(
    (name, passkey, counter) =>
      ({ users }) =>
        users.setPasskeyUse(name, passkey, { counter, at: counter }),
    ...([fc.constantFrom('Phone', 'Key “2”'), fc.nat()] as const),
  ),
  call(
    (name, passkey) =>
      ({ users }) =>
        users.removePasskey(name, passkey),
    fc.constantFrom('Phone', 'Key “2”'),
  ),
  call(
    (name, identity) =>
      ({ users }) =>
        users.setIdentity(name, identity),
    maybe(fc.oneof(identity, fc.constant('x'))),
  ),
  call(
    (name, target) =>
      ({ users }) =>
        users.addNotice(name, target),
    notice,
  ),
  call(
    (name, id) =>
      ({ users }) =>
        users.removeNotice(name, id),
    fc.constantFrom('n1', 'n2'),
  ),
  call(
    (_, certified) =>
      ({ users }) =>
        users.grantedOf(certified),
    domains,
  ),
  call(
    (name, certified) =>
      ({ users }) =>
        users.isHeldByOthers(certified, name),
    domain,
  ),
  call(
    (_, domain) =>
      ({ users }) =>
        users.noticesAbout(domain),
    domain,
  ),
  call(
    (_, digit) =>
      ({ users }) =>
        users.findByTokenDigest(digit.repeat(64)),
    fc.constantFrom('a', 'b', 'c'),
  ),
  call(
    (_, id) =>
      ({ users }) =>
        users.findByPasskey(id),
    fc.constantFrom('id-1', 'id-2', 'id_3'),
  ),
  call(
    (name) =>
      ({ users }) =>
        users.find(name),
  ),
  call(
    (_, domain, change) =>
      ({ hosts }) =>
        hosts.change(domain, change),
    domain,
    hostChange,
  ),
  call(
    (_, domain) =>
      ({ hosts }) =>
        hosts.clear(domain),
    domain,
  ),
  call(
    (_, domains) =>
      ({ hosts }) =>
        hosts.find(domains),
    domains,
  ),
  call(
    (_, domains: readonly DomainName[]) =>
      async ({ hosts }) =>
        new Set((await hosts.followersOf(domains)).map(({ name }) => name)),
    domains,
  ),
);

const situation = fc.record({
  names: fc.uniqueArray(userName, { minLength: 2, maxLength: 3 }),
  rounds: fc.array(fc.array(calls, { minLength: 1, maxLength: 3 }), { minLength: 5, maxLength: 12 }),
});
