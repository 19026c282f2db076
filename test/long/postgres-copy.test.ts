import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { TomlFile } from '../../src/adapters/toml/toml-file.ts';
import { TomlHostStore } from '../../src/adapters/toml/toml-host-store.ts';
import { TomlUserStore } from '../../src/adapters/toml/toml-user-store.ts';
import { allOf } from '../support/all-of.ts';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { Installation } from '../support/installation.ts';
import { Postgres } from '../support/postgres.ts';
import { runProcess } from '../support/run-process.ts';
import { PROGRAM, REPOSITORY, startProgram } from '../support/run-program.ts';
import { Terminal } from '../support/terminal.ts';
import { DATABASE_TOOLS } from '../support/tools.ts';
import { until } from '../support/until.ts';

const HASH = '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g';
const SHA = (letter: string) => letter.repeat(64);

/** Written by a person, with everything that belongs to users and hosts. */
const CONFIGURATION = `# kept by the operator
[dns]
socket = "127.0.0.1:9"
zones = ["example.org"]

[users.alice] # the first
pw = "${HASH}"
domains = ["Home.example.org.", "nas.example.org", "*.lab.example.org"]
offline = true
networks = ["192.0.2.0/24", "2001:db8::/32"]
admin = true
certificates = false
expect = "90m"
offline_after = "2d"
oidc = "alice@example.org"

[[users.alice.tokens]]
name = "router"
sha256 = "${SHA('a')}"
domains = ["home.example.org"]
networks = ["198.51.100.7/32"]

[[users.alice.tokens]]
name = "acme"
sha256 = "${SHA('b')}"
use = "updates and certificates"
challenge = "x.acme.example.org"

[[users.alice.passkeys]]
name = "laptop"
id = "aWQtb2YtYS1wYXNza2V5"
key = "a2V5LW9mLWEtcGFzc2tleQ"
counter = 7
added = "2026-01-02T03:04:05.678Z"

[[users.alice.notices]]
to = "https://hooks.example.org/path?query=1"
secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
events = ["silent", "back"]
names = ["home.example.org"]

[users."o'brien \\"x\\" \\\\ $1 %s {a,b} ;-- ünï 🔑"]
pw = "${HASH}"
domains = []

[hosts."nas.example.org"]
ttl = 77
follows = "home.example.org"
interface_id = "::a:b:c:d"
prefix_length = 56
expect = "1h"

[hosts."*.lab.example.org"]
offline = true
offline_after = "1d"
`;

/** As many users and hosts as one likes. */
const manyUsers = (count: number): string =>
  Array.from(
    { length: count },
    (_, number) => `
[users.u${number}]
pw = "${HASH}"
domains = ["h${number}.example.org", "i${number}.example.org"]

[[users.u${number}.tokens]]
name = "t"
sha256 = "${number.toString(16).padStart(64, '0')}"

[hosts."i${number}.example.org"]
follows = "h${number}.example.org"
`,
  ).join('');

describeWithTools('the copy between a file and PostgreSQL', DATABASE_TOOLS, () => {
  let server: Postgres;

  before(async () => {
    server = await Postgres.start();
  });
  after(() => server.stop());

  /** A folder with configurations and the address of a database with tables. */
  async function prepared(configuration: string) {
    const installation = new Installation();
    const file = (name: string) => join(installation.folder, name);
    const name = await server.createDatabase();
    writeFileSync(file('database.url'), server.url(name), { mode: 0o600 });
    writeFileSync(file('dynonym.toml'), configuration, { mode: 0o600 });
    await installation.command(['store', 'migrate', '--postgres-file', 'database.url']);
    const copy = (from: string, to: string) =>
      installation.run(['store', 'copy', '--from', from, '--to', to]);
    /** What a configuration says of users and hosts. */
    const meaning = async (path: string) => {
      const toml = new TomlFile(file(path));
      const users = await allOf(new TomlUserStore(toml).list());
      const hosts = await allOf(new TomlHostStore(toml).list());
      return {
        users: new Map(users.map((user) => [user.name, user])),
        hosts: new Map(hosts.map((host) => [host.name, host])),
      };
    };
    const sql = (statements: string) => server.sql(statements, name);
    return { installation, file, copy, meaning, sql };
  }

  test('there and back, a configuration means the same, and repeating it copies nothing', async () => {
    const { installation, file, copy, meaning } = await prepared(CONFIGURATION);
    const there = await copy('toml:dynonym.toml', 'postgres:database.url');
    assert.equal(there.status, 0, there.stderr);
    assert.match(there.stdout, /^users: 2 copied, 2 verified\nhosts: 2 copied, 2 verified\n/);
    const again = await copy('toml:dynonym.toml', 'postgres:database.url');
    assert.match(again.stdout, /^users: 0 copied, 2 verified\nhosts: 0 copied, 2 verified\n/);

    writeFileSync(file('store.toml'), '[store]\npostgres_file = "database.url"\n');
    const list = ['configure', 'users', 'list', '--json'];
    assert.equal(await installation.command([...list, '-c', 'store.toml']), await installation.command(list));

    writeFileSync(file('new.toml'), '# new\n[dns]\nsocket = "127.0.0.1:9"\n');
    const back = await installation.run([
      ...['store', 'copy', '-c', 'store.toml', '--from', 'postgres', '--to', 'toml:new.toml'],
    ]);
    assert.equal(back.status, 0, back.stderr);
    assert.deepEqual(await meaning('new.toml'), await meaning('dynonym.toml'));
    assert.equal(installation.configuration, CONFIGURATION);
  });

  test('what is expected of names there is watched', async () => {
    const { copy, sql } = await prepared(CONFIGURATION);
    await copy('toml:dynonym.toml', 'postgres:database.url');
    assert.deepEqual((await sql('select name, due from dynonym.watched order by name')).split('\n'), [
      '*.lab.example.org|0',
      'home.example.org|0',
      'nas.example.org|0',
    ]);
  });

  test('docs/store.md leads to PostgreSQL and back', async () => {
    const { installation, file, meaning } = await prepared(CONFIGURATION);
    const text = readFileSync(join(REPOSITORY, 'docs/store.md'), 'utf8');
    const [, there = '', back = ''] = text.split(/^### (?:Into PostgreSQL|Back into a file)$/m);
    const run = async (part: string) => {
      const [, block = ''] = /^```sh\n(.*?)^```$/ms.exec(part) ?? [];
      assert.match(block, /^dynonym store copy /m);
      for (const line of block.trim().split('\n')) {
        const [program, ...args] = line.split(' ');
        if (program === 'dynonym') await installation.command(args);
        else assert.equal((await runProcess('sh', ['-c', line], { cwd: installation.folder })).status, 0);
      }
    };
    copyFileSync(file('database.url'), file('owner.postgres'));
    renameSync(file('database.url'), file('dynonym.postgres'));
    await run(there);
    const before = await meaning('dynonym.toml');
    const rest = CONFIGURATION.slice(0, CONFIGURATION.indexOf('[users'));
    writeFileSync(file('dynonym.toml'), `${rest}[store]\npostgres_file = "dynonym.postgres"\n`);
    assert.match(await installation.command(['configure', 'users', 'list']), /^alice: /);
    await run(back);
    assert.deepEqual(await meaning('dynonym.toml'), before);
  });

  test('what is there and differs stays as it is, on both sides', async () => {
    const { installation, copy, sql } = await prepared(CONFIGURATION);
    await copy('toml:dynonym.toml', 'postgres:database.url');
    await sql(`update dynonym.users set admin = false where name = 'alice'`);
    await sql(`update dynonym.hosts set ttl = 5 where name = 'nas.example.org'`);
    for (const [from, to] of [
      ['toml:dynonym.toml', 'postgres:database.url'],
      ['postgres:database.url', 'toml:dynonym.toml'],
    ] as const) {
      const { status, stderr } = await copy(from, to);
      assert.equal(status, 1);
      assert.match(stderr, /user "alice" is there already, and differs in admin\n/);
      assert.match(stderr, /host "nas\.example\.org" is there already, and differs in ttl\n/);
    }
    assert.equal(installation.configuration, CONFIGURATION);
    assert.equal(await sql(`select admin from dynonym.users where name = 'alice'`), 'f');
  });

  test('killed with -9 in the middle, it is made again, and nothing is missing or double', async () => {
    const { installation, file, copy, meaning, sql } = await prepared(CONFIGURATION + manyUsers(1_500));
    const args = ['store', 'copy', '--from', 'toml:dynonym.toml', '--to', 'postgres:database.url'];
    const copied = async () => Number(await sql('select count(*) from dynonym.users'));
    for (let kills = 0, before = 0; kills < 2; kills += 1) {
      const running = startProgram(args, { cwd: installation.folder });
      await until(async () => (await copied()) > before, { what: 'some users to be copied' });
      running.kill('SIGKILL');
      await running.end();
      before = await copied();
    }
    const { status, stdout, stderr } = await copy('toml:dynonym.toml', 'postgres:database.url');
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^users: \d+ copied, 1502 verified\nhosts: \d+ copied, 1502 verified\n/);
    assert.equal(await copied(), 1_502);
    assert.equal(await sql('select count(*) from dynonym.grants'), '3003');

    writeFileSync(file('new.toml'), '');
    const back = await copy('postgres:database.url', 'toml:new.toml');
    assert.equal(back.status, 0, back.stderr);
    assert.deepEqual(await meaning('new.toml'), await meaning('dynonym.toml'));
  });

  test('more users than a file is for are refused in one line, and the file stays', async () => {
    const { file, copy, sql, installation } = await prepared('');
    await sql(`
      insert into dynonym.users (name, password_hash)
      select 'u' || number, '${HASH}' from generate_series(1, 10001) as number`);
    writeFileSync(file('new.toml'), '# new\n');
    const { status, stderr } = await copy('postgres:database.url', 'toml:new.toml');
    assert.equal(status, 1);
    assert.match(stderr, /^dynonym: a configuration file is for 10000 users, and .* nothing was copied\n$/);
    assert.equal(installation.configuration, '');
  });

  test('a terminal shows how far it is, and in the end only the outcome', async () => {
    const { installation } = await prepared(manyUsers(1_000));
    const program = PROGRAM.map((word) => `'${word}'`).join(' ');
    const terminal = new Terminal(
      `cd '${installation.folder}' && ${program} store copy --from toml:dynonym.toml --to postgres:database.url`,
    );
    await terminal.shows('The target has everything');
    await terminal.end();
    const shown = terminal.screen.replaceAll('\x1b[K', '<clear>');
    assert.match(shown, /\r<clear>Copied or found users: \d+/);
    const steps = shown.split('<clear>').length;
    assert.ok(steps < 2_000, `${steps} updates`);
    assert.match(shown, /\r<clear>users: 1000 copied, 1000 verified/);
  });

  test('names the table that is missing, the place that has no users, and what to type', async () => {
    const { file, copy } = await prepared('');
    writeFileSync(file('empty.url'), server.url(await server.createDatabase()));
    const missing = await copy('toml:dynonym.toml', 'postgres:empty.url');
    assert.match(missing.stderr, /no tables of dynonym yet; type: dynonym store migrate/);
    writeFileSync(file('store.toml'), '[store]\npostgres_file = "database.url"\n');
    const other = await copy('toml:store.toml', 'postgres:database.url');
    assert.match(other.stderr, /^dynonym: "store.toml" has \[store\]: users and hosts are in PostgreSQL/);
    const gone = await copy('toml:gone.toml', 'postgres:database.url');
    assert.match(gone.stderr, /gone\.toml/);
    assert.deepEqual([missing.status, other.status, gone.status], [1, 1, 1]);
  });
});
