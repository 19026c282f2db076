import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseAcmeDns } from '../../../../src/adapters/import/acme-dns.ts';
import { domainName } from '../../../../src/domain/domain-name.ts';
import { networkText } from '../../../../src/domain/network.ts';
import { valueIn } from '../../../support/parsed.ts';

const ZONE = domainName('auth.example.test');
const USER = 'c36f50e8-4632-44f0-83fe-e070fef28a10';
const SUBDOMAIN = '8e5700ea-a4bf-41c7-8a77-e990661dcc6a';
const HASH = '$2a$10$8JEFVNYYhLoBysjAxe2yBuXrkDojBQBkVpXEQgyQyjn43SvJ4vL36';
const ROW = { Username: USER, Password: HASH, Subdomain: SUBDOMAIN, AllowFrom: '[]' };

const read = (...rows: readonly object[]) => valueIn(parseAcmeDns(JSON.stringify(rows), ZONE));

describe('the accounts of acme-dns', () => {
  for (const [what, row] of [
    ['of SQLite', ROW],
    ['of PostgreSQL', { username: USER, password: HASH, subdomain: SUBDOMAIN, allowfrom: 'null' }],
    ['of the first version', { ...ROW, Value: '', LastActive: 0, AllowFrom: null }],
  ] as const) {
    it(`${what} keep user, hash and challenge name`, () => {
      assert.deepEqual(read(row).accounts, [
        {
          user: USER,
          secret: { kind: 'hash', hash: HASH },
          domains: [],
          challenge: `${SUBDOMAIN}.auth.example.test`,
          remarks: [],
        },
      ]);
    });
  }

  it('keep the networks that they are limited to', () => {
    const [account] = read({ ...ROW, AllowFrom: '["192.0.2.0/24","2001:db8::/32"]' }).accounts;
    assert.deepEqual(account?.networks?.map(networkText), ['192.0.2.0/24', '2001:db8::/32']);
  });

  for (const AllowFrom of ['["x"]', 'x', '{}', '[1]']) {
    it(`are left if their limit cannot be read (${AllowFrom}), because nobody knows from where they may be used`, () => {
      const { accounts, left } = read({ ...ROW, AllowFrom });
      assert.deepEqual([accounts, left.map(({ name }) => name)], [[], [USER]]);
    });
  }

  for (const text of ['', '[]', '{}', '[{"a":1}]', 'Username|Password']) {
    it(`are not in ${text || 'an empty file'}`, () => {
      const parsed = parseAcmeDns(text, ZONE);
      assert.ok(!parsed.ok);
      assert.match(parsed.reason, /no JSON|sqlite3 -json acme-dns\.db/);
    });
  }
});
