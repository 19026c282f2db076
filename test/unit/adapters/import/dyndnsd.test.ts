import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseDyndnsd } from '../../../../src/adapters/import/dyndnsd.ts';
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
const read = async (text: string) => valueIn(await parseDyndnsd(text));

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

  const patternOf = async (pattern: string) => {
    const [account] = (await read(JSON.stringify({ users: { lab: { password: 'x', regex: pattern } } })))
      .accounts;
    return [account?.domains, account?.remarks.join()];
  };

  for (const pattern of ['^a1\\.dyn\\.dc-air\\.test$', '\\Aa1\\.dyn\\.dc\\-air\\.test\\z']) {
    it(`${pattern} is taken as its only name`, async () =>
      assert.deepEqual(await patternOf(pattern), [['a1.dyn.dc-air.test'], '']));
  }

  for (const pattern of ['^[a-z]1\\.example\\.test$', 'a1\\.example\\.test$', '^a1.example.test$', '(', '']) {
    it(`${pattern || 'no pattern'} gives no names, and a line says what to do`, async () => {
      const grant =
        'its pattern is not read, so it has no names: grant them with dynonym configure users auth lab';
      assert.deepEqual(await patternOf(pattern), [[], grant]);
    });
  }

  it('a pattern that would take forever is not run', async () => {
    const { accounts } = await read(
      "users: {lab: {password: x, hosts: [], regex: '^([a-z.]+)+!$'}, " +
        `alice: {password: x, hosts: [${'a'.repeat(60)}.example.test]}}`,
    );
    assert.deepEqual(
      accounts.map(({ domains }) => domains.length),
      [0, 1],
    );
  });

  it('a user name with a colon is left', async () => {
    const { left } = await read(CONFIGURATION);
    assert.deepEqual(
      left.map(({ what, name }) => [what, name]),
      [['user', 'with:colon']],
    );
  });

  for (const [what, text, reason] of [
    ['broken YAML', 'users:\n  alice:\n    password: "s3cret\n', /^line \d: it is no YAML/],
    ['YAML with tabs', 'users:\n\talice: 1', /^line 2: it is no YAML/],
    ['a configuration of something else', 'users: [alice]', /it has no "users:"$/],
    ['no YAML object', '- a', /it has no "users:"$/],
    ['nothing', '', /it has no "users:"$/],
  ] as const) {
    it(`${what}: one reason, without a password`, async () => {
      const parsed = await parseDyndnsd(text);
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
