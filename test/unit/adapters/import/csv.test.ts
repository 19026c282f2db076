import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseCsv } from '../../../../src/adapters/import/csv.ts';
import { valueIn } from '../../../support/parsed.ts';

const HASH = '$2b$12$i9nH4sU..w/HNTi..2ZE2uLLCyFXCHKgMhpV97KM8pcQnpfbGZVGi';

describe('a table of users', () => {
  it('has passwords, hashes and names, in the columns that the first line names', async () => {
    const text = [
      'names,user,hash,password',
      'home.example.org cam.example.org,alice,,s3cret',
      `"bob.example.org;*.lab.example.org","bob",${HASH},`,
      ',carol,,',
      '',
    ].join('\r\n');
    const { accounts, left } = valueIn(await parseCsv(text));
    assert.deepEqual(
      accounts.map(({ user, secret, domains }) => [user, secret.kind, domains]),
      [
        ['alice', 'password', ['home.example.org', 'cam.example.org']],
        ['bob', 'hash', ['bob.example.org', '*.lab.example.org']],
        ['carol', 'unusable', []],
      ],
    );
    assert.deepEqual(left, []);
  });

  it('keeps a password with commas, quotes and blanks as it is', async () => {
    const { accounts } = valueIn(await parseCsv('user,password\nalice," a ""b"", c "\n'));
    assert.deepEqual(accounts[0]?.secret, { kind: 'password', password: ' a "b", c ' });
  });

  it('leaves a second user of one name, and a user whose name is none', async () => {
    const { accounts, left } = valueIn(await parseCsv('user\nalice\nalice\na:b\n'));
    assert.deepEqual([accounts.length, left.map(({ name }) => name)], [1, ['alice', 'a:b']]);
  });

  it('leaves users whose names no new user can have, and says why', async () => {
    const { accounts, left } = valueIn(await parseCsv('user\nalice\nconstructor\nol\u202ega\n'));
    assert.deepEqual(
      accounts.map(({ user }) => user),
      ['alice'],
    );
    assert.deepEqual(
      left.map(({ what, name }) => [what, name]),
      [
        ['user', 'constructor'],
        ['user', 'ol\u202ega'],
      ],
    );
    assert.match(left[0]?.why ?? '', /choose another one$/);
    assert.match(left[1]?.why ?? '', /invisible characters/);
  });

  it('names what of a user is not taken', async () => {
    const { accounts } = valueIn(await parseCsv('user,names\nalice,home.example.org a..b\n'));
    assert.deepEqual(accounts[0]?.domains, ['home.example.org']);
    assert.match(accounts[0]?.remarks.join() ?? '', /^not taken: the name "a\.\.b", because /);
  });

  for (const [what, text, reason] of [
    ['no header', 'alice,s3cret\n', /^line 1: the first line names the columns: user,password,hash,names/],
    ['nothing', '', /^line 1: the first line names the columns/],
    ['an unknown column', 'user,mail\n', /^line 1: "mail" is no column/],
    ['a column twice', 'user,user\n', /^line 1: "user" is no column, or there twice/],
    [
      'too many cells',
      'user,names\n"a\nb",x\nalice,s3cret,x\n',
      /^line 4: it has 3 cells, and the first line 2$/,
    ],
    ['an open quote', 'user,password\nalice,"s3cret\n', /^line 2: a quote \("\) is open/],
  ] as const) {
    it(`with ${what} is refused at its line, and no password is repeated`, async () => {
      const parsed = await parseCsv(text);
      assert.ok(!parsed.ok);
      assert.match(parsed.reason, reason);
      assert.doesNotMatch(parsed.reason, /s3cret/);
    });
  }
});
