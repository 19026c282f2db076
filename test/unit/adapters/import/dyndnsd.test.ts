import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseDyndnsd } from '../../../../src/adapters/import/dyndnsd.ts';
import { rubyPattern } from '../../../../src/adapters/import/ruby-pattern.ts';
import { valueIn } from '../../../support/parsed.ts';

const CONFIGURATION = `
# the server
host: "0.0.0.0"
port: 8080
db: "/var/lib/dyndnsd/db.json"
domain: "dyn.example.test"
updater:
  name: "zone_transfer_server"
  params:
    zone_ttl: 300
users:
  alice:
    password: "s3cret: #1"
    hosts:
      - home.dyn.example.test
      - cam.dyn.example.test
  test:
    password: "ihavenohosts"
  numbered:
    password: 12345
    hosts: [num.dyn.example.test]
  lab:
    password: 'lab secret'
    regex: '^[a-z][0-9]\\.dyn\\.example\\.test$'
  "with:colon":
    password: x
`;
const DATABASE = JSON.stringify({
  serial: 7,
  hosts: {
    'home.dyn.example.test': ['203.0.113.7'],
    'a1.dyn.example.test': ['203.0.113.8', '2001:db8::8'],
    'B2.dyn.example.test': ['203.0.113.9'],
    'a1b.dyn.example.test': ['203.0.113.10'],
  },
});

const read = async (text: string, database?: string) => valueIn(await parseDyndnsd(text, database));

describe('a configuration of dyndnsd', () => {
  it('each user keeps the password, the hosts, and the right to remove their addresses', async () => {
    const { accounts } = await read(CONFIGURATION);
    assert.deepEqual(
      accounts.map(({ user, secret, domains, offline }) => ({
        user,
        secret: secret.kind === 'password' ? secret.password : secret.kind,
        domains,
        offline,
      })),
      [
        {
          user: 'alice',
          secret: 's3cret: #1',
          domains: ['home.dyn.example.test', 'cam.dyn.example.test'],
          offline: true,
        },
        { user: 'test', secret: 'ihavenohosts', domains: [], offline: true },
        { user: 'numbered', secret: 'unusable', domains: ['num.dyn.example.test'], offline: true },
        { user: 'lab', secret: 'lab secret', domains: [], offline: true },
      ],
    );
  });

  it('a user with a pattern has the matching names of the database', async () => {
    const { accounts } = await read(CONFIGURATION, DATABASE);
    const lab = accounts.find(({ user }) => user === 'lab');
    assert.deepEqual(lab?.domains, ['a1.dyn.example.test', 'b2.dyn.example.test']);
    assert.match(lab?.remarks.join() ?? '', /names that match its pattern/);
  });

  it('a user name with a colon is left', async () => {
    const { left } = await read(CONFIGURATION);
    assert.deepEqual(
      left.map(({ what, name }) => [what, name]),
      [['user', 'with:colon']],
    );
  });

  for (const [what, text, database, reason] of [
    ['broken YAML', 'users:\n  alice:\n    password: "s3cret\n', undefined, /^line \d: it is no YAML/],
    ['YAML with tabs', 'users:\n\talice: 1', undefined, /^line 2: it is no YAML/],
    ['a configuration of something else', 'users: [alice]', undefined, /it has no "users:"$/],
    ['no YAML object', '- a', undefined, /it has no "users:"$/],
    ['nothing', '', undefined, /it has no "users:"$/],
    ['a broken database', CONFIGURATION, '{', /^the database: .*it is no JSON/],
    ['another database', CONFIGURATION, '[]', /^the database: it has no "hosts"$/],
  ] as const) {
    it(`${what}: one reason, without a password`, async () => {
      const parsed = await parseDyndnsd(text, database);
      assert.ok(!parsed.ok);
      assert.match(parsed.reason, reason);
      assert.doesNotMatch(parsed.reason, /s3cret/);
    });
  }

  it('aliases that multiply are refused', async () => {
    const lines = ['a: &a [x,x,x,x,x,x,x,x,x]'];
    for (const [one, before] of ['ba', 'cb', 'dc', 'ed', 'fe', 'gf'].map((pair) => [...pair])) {
      lines.push(`${one}: &${one} [${Array.from({ length: 9 }, () => `*${before}`).join()}]`);
    }
    assert.ok(!(await parseDyndnsd(`${lines.join('\n')}\nusers: {}\n`)).ok);
  });
});

describe('a pattern of Ruby', () => {
  it('means the same, with white space and comments that say nothing', () => {
    const expression = rubyPattern('^ [a-z][0-9] # a letter and a digit\n \\.dyn\\.dc\\-air\\.test $');
    assert.equal(expression?.test('A1.dyn.dc-air.test'), true);
    assert.equal(expression?.test('a1xdyn.dc-air.test'), false);
  });

  for (const pattern of ['\\Ahome\\z', '(?i)home', '[[:alpha:]]', 'a++', '[a-z&&[^b]]', '(', '\\h+']) {
    it(`${pattern} would mean something else here, and is not used`, () =>
      assert.equal(rubyPattern(pattern), undefined));
  }
});
