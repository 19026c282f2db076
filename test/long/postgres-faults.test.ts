import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createAuthority } from '../support/certificates.ts';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { freePort } from '../support/free-port.ts';
import { Installation } from '../support/installation.ts';
import { startPgBouncer } from '../support/pgbouncer.ts';
import { Postgres } from '../support/postgres.ts';
import { REPOSITORY } from '../support/run-program.ts';
import { DATABASE_TOOLS } from '../support/tools.ts';

const LIST = ['configure', 'users', 'list'];

/** An installation whose database is there. */
function installed(url: string): Installation {
  const installation = new Installation();
  writeFileSync(join(installation.folder, 'database'), url, { mode: 0o600 });
  writeFileSync(
    join(installation.folder, 'dynonym.toml'),
    `[http]
socket = "127.0.0.1:0"
[dns]
socket = "127.0.0.1:9"
[store]
postgres_file = "database"
`,
    { mode: 0o600 },
  );
  return installation;
}

/** What a command says that has to fail: one line. */
async function said(url: string, args = LIST, stdin?: string): Promise<string> {
  const { status, stdout, stderr } = await installed(url).run(args, stdin);
  assert.notEqual(status, 0, stdout);
  const lines = (stdout + stderr).trim().split('\n');
  assert.equal(lines.length, 1, lines.join('\n'));
  return lines[0] ?? '';
}

describeWithTools('what is wrong with PostgreSQL is said in one line', [...DATABASE_TOOLS, 'openssl'], () => {
  let server: Postgres;
  let name: string;
  let url: string;

  before(async () => {
    server = await Postgres.start();
    name = await server.createDatabase();
    url = server.url(name);
    await installed(url).command(['store', 'migrate']);
  });

  after(() => server.stop());

  test('nobody is there', async () => {
    const nobody = `postgres://u@127.0.0.1:${await freePort()}/d`;
    for (const args of [LIST, ['serve'], ['store', 'migrate']]) {
      assert.match(await said(nobody, args), /not reached at 127\.0\.0\.1:\d+: .*; look whether it runs/);
    }
  });

  test('no such login, no such database', async () => {
    const wrong = `postgres://postgres:wrong@127.0.0.1:${server.port}/${name}`;
    assert.match(await said(wrong), /refuses the login of "postgres": .*; compare user and password/);
    assert.match(
      await said(server.url('elsewhere')),
      /no database "elsewhere"; create it as docs\/store\.md/,
    );
  });

  test('tables of an older version, of a newer one, or none', async () => {
    assert.match(await said(server.url('postgres')), /no tables of dynonym yet; type: dynonym store migrate/);
    await server.sql(`insert into dynonym.schema_parts values ('999-later')`, name);
    assert.match(await said(url), /of a newer version; install that version of dynonym here/);
    await server.sql(`delete from dynonym.schema_parts where name = '999-later'`, name);
    const [last] = (await server.sql('select max(name) from dynonym.schema_parts', name)).split('\n');
    await server.sql(`delete from dynonym.schema_parts where name = '${last}'`, name);
    assert.match(await said(url, ['serve']), /of an older version; type: dynonym store migrate/);
    await server.sql(`insert into dynonym.schema_parts values ('${last}')`, name);
    await installed(url).command(LIST);
  });

  test('no TLS, or a certificate of somebody else', async () => {
    const strict = (more: string) => `${url.replace('127.0.0.1', 'localhost')}?sslmode=verify-full${more}`;
    assert.match(await said(strict('')), /not reached by TLS: it offers no TLS; look at sslmode/);
    const secure = await Postgres.start({ tls: true });
    const there = secure.url('postgres').replace('127.0.0.1', 'localhost');
    const own = `${there}?sslmode=verify-full&sslrootcert=${secure.authorityFile}`;
    assert.match(await said(own), /no tables of dynonym yet/);
    const { certificateFile } = await createAuthority('somebody else');
    const other = `${there}?sslmode=verify-full&sslrootcert=${certificateFile}`;
    assert.match(await said(other), /not reached by TLS: .*certificate.*; look at sslmode and sslrootcert/);
    const byAddress = own.replace('localhost', '127.0.0.1');
    assert.match(await said(byAddress), /not reached by TLS: .*127\.0\.0\.1.*; look at sslmode/);
    await secure.stop();
  });

  test('a right is missing; those of docs/store.md are enough', async () => {
    const page = readFileSync(join(REPOSITORY, 'docs/store.md'), 'utf8');
    const script = /```sql\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
    await server.sql(script);
    const as = (user: string, password: string) =>
      `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${server.port}/dynonym`;
    const least = as('dynonym', 'another secret');
    assert.match(await said(least, ['store', 'migrate']), /forbids this to "dynonym": permission denied/);
    await installed(as('dynonym_owner', 'one secret')).command(['store', 'migrate']);
    const installation = installed(least);
    await installation.addUser('alice', 'a password', 'home.example.org');
    await installation.serve();
    await installation.stop();
    await server.sql('revoke insert on dynonym.users from dynonym', 'dynonym');
    const missing = await said(least, ['configure', 'users', 'add', 'bob'], 'a password\n');
    assert.match(missing, /forbids this to "dynonym": permission denied for table users; give it the rights/);
    assert.equal(await server.sql('select name from dynonym.users', 'dynonym'), 'alice');
  });

  test('of two hosts, the first one may be down; PgBouncer may stand between', async () => {
    const two = url.replace('@', `@127.0.0.1:${await freePort()},`);
    const bouncer = await startPgBouncer(server);
    for (const address of [two, bouncer.url(name)]) await installed(address).command(LIST);
    await bouncer.stop();
  });
});

describeWithTools('a full disk of PostgreSQL', DATABASE_TOOLS, () => {
  const skip = process.geteuid?.() === 0 ? false : 'only root may mount a disk';

  describe('as long as it lasts', { skip }, () => {
    test('refuses changes with nothing half done, and known users go on', async () => {
      const server = await Postgres.start({ ownDisk: true });
      const url = server.url(await server.createDatabase());
      const installation = installed(url);
      await installation.command(['store', 'migrate']);
      await installation.addUser('alice', 'a password', 'home.example.org');
      const there = await installation.serve();
      const login = `Basic ${Buffer.from('alice:a password').toString('base64')}`;
      /** She is known, and her name is not that of another user. The primary is nobody. */
      const update = async (name: string) => {
        const headers = { Authorization: login };
        const answer = await fetch(`${there}/nic/update?hostname=${name}&myip=192.0.2.7`, { headers });
        return (await answer.text()).trim();
      };
      assert.equal(await update('other.example.org'), 'nohost');
      server.disk.fill();
      const many = Array.from({ length: 2_000 }, (_, turn) => `c${turn}: c${turn}.example.org\n`).join('');
      writeFileSync(join(installation.folder, 'users'), many);
      const full = await installation.run(['configure', 'users', 'add', '--from', 'users']);
      assert.notEqual(full.status, 0);
      assert.match(full.stderr + full.stdout, /no room, and nothing was changed: .*; make room there/);
      assert.equal(await update('other.example.org'), 'nohost');
      server.disk.clear();
      assert.equal(await server.sql('select count(*) from dynonym.users', 'test1'), '1');
      await installation.command(['configure', 'users', 'add', '--from', 'users']);
      assert.equal(await update('other.example.org'), 'nohost');
      await installation.stop();
      await server.stop();
    });
  });
});
