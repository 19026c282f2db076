import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { User } from '../../../../../src/domain/user.ts';
import {
  ALICE,
  BOBHOST,
  basic,
  CAM,
  changedNames,
  HOME,
  NAS,
  startService,
  user,
  WILDCARD,
} from '../service.ts';

const A = '203.0.113.7';
const TOKEN = 'Zm9v-YmFy_MTIz';

async function update(query: string, { users, as = ALICE }: { users?: readonly User[]; as?: string } = {}) {
  const { ask, dns } = await startService(users === undefined ? {} : { users });
  const { status, body } = await ask(`/nic/update?myip=${A}&${query}`, { as });
  return {
    status,
    codes: body
      .trimEnd()
      .split('\n')
      .map((line) => line.split(' ')[0]),
    names: changedNames(dns).flat(),
  };
}

describe('dyndns2: the names of a request', () => {
  for (const [writing, query] of [
    ['a list', `hostname=${HOME},${CAM}`],
    ['an encoded list', `hostname=${HOME}%2C${CAM}`],
    ['empty items and a comma at the end', `hostname=,${HOME},,${CAM},`],
    ['spaces around the items', `hostname=%20${HOME},+${CAM}`],
    ['two parameters', `hostname=${HOME}&hostname=${CAM}`],
    ['a parameter in another case', `HOSTNAME=${HOME},${CAM}`],
    ['names in another case, with final dots', 'hostname=Home.Example.Org.,CAM.EXAMPLE.ORG'],
  ] as const) {
    it(`${writing}`, async () => {
      assert.deepEqual(await update(query), { status: 200, codes: ['good', 'good'], names: [HOME, CAM] });
    });
  }

  it('each gets a line in the order of the request', async () => {
    const hostname = [CAM, 'home', BOBHOST, 'void.example.org', HOME].join();
    assert.deepEqual(await update(`hostname=${hostname}`), {
      status: 200,
      codes: ['good', 'notfqdn', '!yours', 'nohost', 'good'],
      names: [CAM, HOME],
    });
  });

  it('one that is given twice is answered twice and changed once', async () => {
    assert.deepEqual(await update(`hostname=${HOME},${CAM},HOME.example.org.`), {
      status: 200,
      codes: ['good', 'good', 'good'],
      names: [HOME, CAM],
    });
  });

  it('a wildcard that was granted, and a name that it matches', async () => {
    assert.deepEqual(await update(`hostname=${WILDCARD},x.w.example.org`), {
      status: 200,
      codes: ['good', 'nohost'],
      names: [WILDCARD],
    });
  });

  it('U-labels are their A-labels', async () => {
    const users = [user('alice', 's3cret', ['xn--bcher-kva.example.org'])];
    assert.equal((await update('hostname=b%C3%BCcher.example.org', { users })).status, 200);
  });

  for (const name of [
    'home',
    '-a.example.org',
    'a..example.org',
    'a%20b.example.org',
    '%00.example.org',
    '%ff.org',
    '*',
    '%3Cdomain%3E',
    `${'a'.repeat(64)}.org`,
  ]) {
    it(`${name} is notfqdn`, async () => {
      assert.deepEqual(await update(`hostname=${name}`), { status: 400, codes: ['notfqdn'], names: [] });
    });
  }

  it('twenty are answered', async () => {
    const hostname = Array.from({ length: 20 }, (_, index) => `host${index}.example.org`).join();
    assert.equal((await update(`hostname=${hostname}`)).codes.length, 20);
  });

  it('twenty-one are numhost, also when they are one', async () => {
    const hostname = Array.from({ length: 21 }, () => HOME).join();
    assert.deepEqual(await update(`hostname=${hostname}`), { status: 400, codes: ['numhost'], names: [] });
  });
});

describe('dyndns2: the name that is meant when none is given', () => {
  const several = user('alice', 's3cret', [HOME, CAM]);
  const single = user('alice', 's3cret', [CAM]);
  const named = user(HOME, 's3cret', [CAM, HOME]);

  for (const query of ['', 'hostname=', 'hostname=,', 'hostname=YES', 'hostname=yes']) {
    it(`"${query}" with a host_id`, async () => {
      const { names } = await update(`${query}&host_id=${HOME}`, { users: [several] });
      assert.deepEqual(names, [HOME]);
    });

    it(`"${query}" of a user whose name was granted to it`, async () => {
      const { names } = await update(query, { users: [named], as: basic(HOME, 's3cret') });
      assert.deepEqual(names, [HOME]);
    });

    it(`"${query}" of a user with one domain`, async () => {
      assert.deepEqual((await update(query, { users: [single] })).names, [CAM]);
    });

    it(`"${query}" of a user with several is notfqdn`, async () => {
      const answer = await update(query, { users: [several] });
      assert.deepEqual(answer, { status: 400, codes: ['notfqdn'], names: [] });
    });
  }

  it('the only domain of a token', async () => {
    const users = [user('alice', 's3cret', [HOME, CAM], { tokens: { [TOKEN]: [CAM] } })];
    assert.deepEqual((await update('', { users, as: `Bearer ${TOKEN}` })).names, [CAM]);
  });

  it('a user whose name is a domain that was not granted', async () => {
    const users = [user(BOBHOST, 's3cret', [HOME, NAS])];
    assert.deepEqual((await update('', { users, as: basic(BOBHOST, 's3cret') })).codes, ['notfqdn']);
  });

  it('a user without any domain', async () => {
    assert.deepEqual((await update('', { users: [user('alice', 's3cret', [])] })).codes, ['notfqdn']);
  });

  it('a host_id that is no name', async () => {
    assert.deepEqual((await update('hostname=YES&host_id=4711', { users: [single] })).codes, ['notfqdn']);
  });
});
