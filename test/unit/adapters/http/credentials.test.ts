import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { basic, HOME, type RequestOptions, startService, user } from './service.ts';

const TOKEN = 'Zm9v-YmFy_MTIz';
const USERS = [
  user('alice', 's3cret', [HOME], { tokens: { [TOKEN]: undefined } }),
  user('jörg', 'grüße:an:alle', [HOME]),
  user('spacious', 'a b', [HOME]),
  user('b\ufffdb', 'gr\ufffd\ufffde', [HOME]),
];

/** Basic as old clients write it. */
const latin1 = (name: string, password: string) =>
  `Basic ${Buffer.from(`${name}:${password}`, 'latin1').toString('base64')}`;

/** The password is in UTF-8. */
const NAME_IN_LATIN_1 = `Basic ${Buffer.concat([Buffer.from('böb:', 'latin1'), Buffer.from('gr\ufffd\ufffde')]).toString('base64')}`;

async function statusOf(query: string, options: RequestOptions = {}): Promise<number> {
  const { ask } = await startService({ users: USERS });
  return (await ask(`/nic/update?hostname=${HOME}${query}`, options)).status;
}

describe('credentials in a header', () => {
  for (const [what, as] of [
    ['Basic', basic('alice', 's3cret')],
    ['Basic in another case', basic('alice', 's3cret').replace('Basic', 'bAsIc')],
    ['Basic in UTF-8 with colons in the password', basic('jörg', 'grüße:an:alle')],
    ['Basic in UTF-8 with the sign for what cannot be read', basic('b\ufffdb', 'gr\ufffd\ufffde')],
    ['Basic in Latin-1 that is ASCII', latin1('alice', 's3cret')],
    ['Basic with a token as the password', basic('alice', TOKEN)],
    ['Basic with a token and no name', basic('', TOKEN)],
    ['Bearer', `Bearer ${TOKEN}`],
    ['Token in another case', `token ${TOKEN}`],
  ] as const) {
    it(`${what} is accepted`, async () => assert.equal(await statusOf('', { as }), 200));
  }

  for (const [what, as] of [
    ['a wrong password', basic('alice', 'wrong')],
    ['a token of somebody else', basic('jörg', TOKEN)],
    ['a password without a name', basic('', 's3cret')],
    ['a password as a token', 'Bearer s3cret'],
    ['two tokens', `Bearer ${TOKEN} ${TOKEN}`],
    ['Basic without a colon', `Basic ${Buffer.from('alice').toString('base64')}`],
    ['Basic in Latin-1', latin1('jörg', 'grüße:an:alle')],
    ['Basic in Latin-1 for what was stored of Latin-1', latin1('böb', 'grüße')],
    ['Basic with its name alone in Latin-1', NAME_IN_LATIN_1],
    ['Basic that is no base64', 'Basic ()'],
    ['Basic with nothing in it', basic('', '')],
    ['another scheme', 'Digest username="alice"'],
    ['no scheme', TOKEN],
    ['an empty field', ''],
  ] as const) {
    it(`${what} is not`, async () => assert.equal(await statusOf('', { as }), 401));
  }
});

describe('credentials among the parameters of dyndns2', () => {
  for (const query of [
    '&username=alice&password=s3cret',
    '&user=alice&pass=s3cret',
    '&USERNAME=alice&PASSWORD=s3cret',
    `&username=alice&password=${TOKEN}`,
    `&password=${TOKEN}`,
    `&token=${TOKEN}`,
    `&Token=${TOKEN}`,
    `&username=whoever&token=${TOKEN}`,
    '&username=spacious&password=a+b',
    '&username=spacious&password=a%20b',
    '&username=j%C3%B6rg&password=gr%C3%BC%C3%9Fe%3Aan%3Aalle',
    '&username=alice&username=alice&user=&password=s3cret',
  ]) {
    it(`${query} is accepted`, async () => assert.equal(await statusOf(query), 200));
  }

  for (const query of [
    '&username=alice&password=wrong',
    '&username=alice',
    '&username=alice&password=',
    '&username=alice&username=bob&password=s3cret',
    '&username=alice&password=s3cret&pass=other',
    '&token=',
    '&token=s3cret',
  ]) {
    it(`${query} is not`, async () => assert.equal(await statusOf(query), 401));
  }

  it('a form may hold them', async () => {
    const body = 'username=alice&password=s3cret';
    assert.equal(await statusOf('', { method: 'POST', body }), 200);
  });

  it('they count where a header has none', async () => {
    const query = '&username=alice&password=s3cret';
    assert.equal(await statusOf(query, { as: basic('', '') }), 200);
    assert.equal(await statusOf(query, { as: 'Negotiate abc' }), 200);
  });

  it('they do not count beside those of a header, be these right or wrong', async () => {
    assert.equal(await statusOf('&username=alice&password=s3cret', { as: latin1('jörg', 'grüße') }), 401);
    assert.equal(await statusOf('&username=alice&password=wrong', { as: basic('alice', 's3cret') }), 200);
    assert.equal(await statusOf('&username=alice&password=s3cret', { as: basic('alice', 'wrong') }), 401);
  });
});
