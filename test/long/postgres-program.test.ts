import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { Installation } from '../support/installation.ts';
import { BIND } from '../support/name-servers/bind.ts';
import { KEYS } from '../support/name-servers/keys.ts';
import { NameServer } from '../support/name-servers/name-server.ts';
import { DYN_ZONE } from '../support/name-servers/zones.ts';
import { Postgres } from '../support/postgres.ts';
import { DATABASE_TOOLS } from '../support/tools.ts';

const HOME = `home.${DYN_ZONE}`;
const NAS = `nas.${DYN_ZONE}`;
/** With all that SQL, a URL and a shell might stumble over. A colon would end the name in HTTP credentials. */
const USER = `o'brien "x" \\ $1 %s {a,b} ;-- ünï 🔑`;
const PASSWORD = `pass:w/o?rd#[1]@%20'"+&=\\ $1 🔑`;

describeWithTools('dynonym on PostgreSQL', [...DATABASE_TOOLS, ...BIND.tools], () => {
  let database: Postgres;
  let primary: NameServer;
  let installation: Installation;

  before(async () => {
    [database, primary] = await Promise.all([Postgres.start(), NameServer.start(BIND)]);
    installation = await Installation.create(primary, KEYS.sha256);
    const file = join(installation.folder, 'database');
    writeFileSync(file, database.url(await database.createDatabase()), { mode: 0o600 });
    installation.append('\n[store]\npostgres_file = "database"\n');
  });
  after(async () => {
    await installation?.stop();
    await Promise.all([primary?.stop(), database?.stop()]);
  });

  const configure = (...args: readonly string[]) => installation.command(['configure', ...args]);
  const update = async (url: string, name: string, user: string, secret: string) => {
    const login = Buffer.from(`${user}:${secret}`).toString('base64');
    const answer = await fetch(`${url}/nic/update?hostname=${name}&myip=192.0.2.7`, {
      headers: { Authorization: `Basic ${login}` },
    });
    return (await answer.text()).trim();
  };

  test('refuses to serve, and to change users, before the tables are made', async () => {
    for (const args of [['serve'], ['configure', 'users', 'list']]) {
      const { status, stdout, stderr } = await installation.run(args);
      assert.notEqual(status, 0);
      assert.match(stdout + stderr, /no tables of dynonym yet; type: dynonym store migrate/);
    }
  });

  test('makes the tables once', async () => {
    assert.match(await installation.command(['store', 'migrate']), /Made 001-changes, 002-users, .*ready/);
    assert.equal(await installation.command(['store', 'migrate']), 'The tables are as they should be.\n');
  });

  test('changes users and hosts there by every command, and nothing in the configuration', async () => {
    const before = installation.configuration;
    await installation.addUser(USER, PASSWORD, HOME, NAS);
    await installation.addUser('bob', 'another', HOME);
    await configure('users', 'deauth', 'bob', HOME);
    await configure('users', 'networks', USER, '127.0.0.0/8');
    await configure('users', 'certificates', USER, 'off');
    await configure('hosts', 'set', NAS, '--ttl', '77');
    await installation.command(['configure', 'users', 'pw', 'bob'], 'yet another\n');
    assert.match(await configure('users', 'list'), new RegExp(`nas\\.${DYN_ZONE}`));
    assert.match(await configure('hosts', 'list'), /77/);
    await configure('users', 'rm', 'bob');
    assert.doesNotMatch(await configure('users', 'list'), /bob/);
    assert.equal(installation.configuration, before);
  });

  test('answers an update by password and by token, with the settings of the host', async () => {
    const secret = (await configure('users', 'token', 'add', USER, '--name', 'router')).trim();
    const url = await installation.serve();
    assert.equal(await update(url, HOME, USER, PASSWORD), 'good 192.0.2.7');
    assert.equal(await update(url, HOME, USER, 'wrong'), 'badauth');
    assert.equal(await update(url, NAS, USER, secret), 'good 192.0.2.7');
    assert.equal(await update(url, NAS, USER, secret), 'nochg 192.0.2.7');
    assert.equal(await update(url, `other.${DYN_ZONE}`, USER, PASSWORD), 'nohost');
    const [record] = (await primary.query(NAS, 'A')).answers;
    assert.deepEqual([record?.data, record?.ttl], ['192.0.2.7', 77]);
  });

  test('takes a right away while it serves', async () => {
    const url = /"addresses":\["(http[^"]+)"/.exec(installation.server.stderr)?.[1] ?? '';
    await configure('users', 'token', 'rm', USER, 'router');
    await configure('users', 'deauth', USER, NAS);
    assert.equal(await update(url, NAS, USER, PASSWORD), 'nohost');
  });
});
