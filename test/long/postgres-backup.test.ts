import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { Database } from '../../src/adapters/postgres/database.ts';
import { PostgresSessionStore } from '../../src/adapters/postgres/postgres-session-store.ts';
import { parseDatabaseAddress } from '../../src/application/manage/database-address.ts';
import type { Session } from '../../src/application/ports/session-store.ts';
import type { UserName } from '../../src/domain/user.ts';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { Installation } from '../support/installation.ts';
import { valueIn } from '../support/parsed.ts';
import { POSTGRES_LOGIN, Postgres } from '../support/postgres.ts';
import { runProcess } from '../support/run-process.ts';
import { REPOSITORY } from '../support/run-program.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { DATABASE_TOOLS, toolPath } from '../support/tools.ts';

const page = (name: string) => readFileSync(join(REPOSITORY, 'docs', name), 'utf8');
const [, SECTION = ''] = page('backup.md').split(/^## The database of \[store\]$/m);
const [DUMP = '', RESTORE = ''] = [...SECTION.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block]) => block);
const [, RIGHTS = ''] = /^```sql\n(.*?)^```$/ms.exec(SECTION) ?? [];
const [, SET_UP = ''] = /^```sql\n(.*?)^```$/ms.exec(page('store.md')) ?? [];
const ROLES = SET_UP.split('\n').slice(0, 2).join('\n');

const SESSION: Session = {
  digest: 'a digest',
  user: 'alice' as UserName,
  passwordMark: 'a mark',
  since: Date.now(),
  agent: 'a browser',
  from: '192.0.2.1',
};

describeWithTools('docs/backup.md with PostgreSQL', DATABASE_TOOLS, () => {
  const folder = tempFolder();
  const servers: Postgres[] = [];
  let names: string;

  before(async () => {
    const old = await started();
    await old.sql(SET_UP);
    const installation = installed(old);
    await installation.command(['store', 'migrate', '--postgres-file', 'owner.postgres']);
    await installation.addUser('alice', 'a password', 'home.example.org', 'nas.example.org');
    await installation.command(['configure', 'hosts', 'set', 'nas.example.org', '--ttl', '77']);
    names = await installation.command(['configure', 'users', 'list', '--json']);
    await withSessions(old, (sessions) => sessions.add(SESSION, { expired: 0, most: 10 }));
    await run(old, DUMP);
    await old.stop();
  });
  after(async () => {
    for (const server of servers) await server.stop();
  });

  test('brings users, names, hosts and sessions back on another server, with the rights to go on', async () => {
    const server = await started();
    await server.sql(ROLES);
    await run(server, RESTORE);
    await assertRestored(server);
  });

  test('needs the roles, and restores nothing without them', async () => {
    const server = await started();
    await server.sql(ROLES.split('\n')[0] ?? '');
    const { status, stderr } = await shell(server, RESTORE);
    assert.notEqual(status, 0);
    assert.match(stderr, /role "dynonym" does not exist/);
    const schemas = `select count(*) from pg_namespace where nspname = 'dynonym'`;
    assert.equal(await server.sql(schemas, 'dynonym'), '0');
  });

  test('gives the rights again after a restore without them', async () => {
    const server = await started();
    await server.sql(ROLES);
    const bare = RESTORE.replace('pg_restore', 'pg_restore --no-owner --no-privileges --role=dynonym_owner');
    await run(server, bare);
    const refused = await installed(server).run(['configure', 'users', 'list']);
    assert.match(refused.stdout + refused.stderr, /permission denied/);
    await server.sql(RIGHTS, 'dynonym');
    await assertRestored(server);
  });

  async function assertRestored(server: Postgres): Promise<void> {
    const installation = installed(server);
    const status = await installation.run(['store', 'status', '--json']);
    assert.equal(status.status, 0, status.stdout + status.stderr);
    assert.equal(await installation.command(['configure', 'users', 'list', '--json']), names);
    assert.match(await installation.command(['configure', 'hosts', 'list']), /nas\.example\.org.*77/);
    assert.deepEqual(await withSessions(server, (sessions) => sessions.find(SESSION.digest)), SESSION);
    // Numbers go on behind those that are there.
    await installation.addUser('bob', 'a password', 'bob.example.org');
    // A later version makes tables that the role may use.
    const owner = 'set role dynonym_owner; create table dynonym.later (); reset role;';
    await server.sql(owner, 'dynonym');
    const may = `select has_table_privilege('dynonym', 'dynonym.later', 'insert')`;
    assert.equal(await server.sql(may, 'dynonym'), 't');
  }

  async function started(): Promise<Postgres> {
    const server = await Postgres.start();
    servers.push(server);
    return server;
  }

  /** Runs what the page prints as the administrator of this server. */
  const shell = (server: Postgres, commands: string) =>
    runProcess('sh', ['-e', '-c', commands], {
      cwd: folder,
      env: {
        PATH: [dirname(toolPath('pg_dump')), process.env['PATH']].join(delimiter),
        PGHOST: '127.0.0.1',
        PGPORT: String(server.port),
        PGUSER: POSTGRES_LOGIN.user,
        PGPASSWORD: POSTGRES_LOGIN.password,
      },
    });

  async function run(server: Postgres, commands: string): Promise<void> {
    const { status, stderr } = await shell(server, commands);
    assert.equal(status, 0, stderr);
  }
});

const urlFor = (role: string, password: string, { port }: Postgres) =>
  `postgres://${role}:${encodeURIComponent(password)}@127.0.0.1:${port}/dynonym`;

function installed(server: Postgres): Installation {
  const installation = new Installation();
  const write = (name: string, text: string) =>
    writeFileSync(join(installation.folder, name), text, { mode: 0o600 });
  write('served.postgres', urlFor('dynonym', 'another secret', server));
  write('owner.postgres', urlFor('dynonym_owner', 'one secret', server));
  write('dynonym.toml', '[dns]\nsocket = "127.0.0.1:9"\n[store]\npostgres_file = "served.postgres"\n');
  return installation;
}

async function withSessions<Outcome>(
  server: Postgres,
  use: (sessions: PostgresSessionStore) => Promise<Outcome>,
): Promise<Outcome> {
  const address = valueIn(parseDatabaseAddress(urlFor('dynonym', 'another secret', server)));
  const database = new Database(address);
  try {
    return await use(new PostgresSessionStore(database));
  } finally {
    await database.close();
  }
}
