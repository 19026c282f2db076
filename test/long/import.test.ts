import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { hash } from '@node-rs/bcrypt';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { Installation } from '../support/installation.ts';
import { startBind } from '../support/name-servers/bind.ts';
import { KEYS } from '../support/name-servers/keys.ts';
import type { NameServer } from '../support/name-servers/name-server.ts';
import { runProcess } from '../support/run-process.ts';
import { REPOSITORY } from '../support/run-program.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { toolPath } from '../support/tools.ts';

const ZONE = 'dyn.example.test';
const HOME = `home.${ZONE}`;
const CAM = `cam.${ZONE}`;
const A = '203.0.113.7';
const AAAA = '2001:db8:1:2::7';
const TXT = 'LPJNul-wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ';

const TOOLS = ['named', 'dig', 'nsupdate', 'sqlite3', 'ddclient', 'inadyn', 'curl'] as const;

/** Clients of other servers, with the credentials that they had there, against what was imported from these servers. */
describeWithTools('the clients of another server, after the import', TOOLS, () => {
  let bind: NameServer;

  before(async () => {
    bind = await startBind();
  });
  after(() => bind.stop());

  /** A server with what the source has, and nothing else. */
  async function serveImported(
    files: Readonly<Record<string, string>>,
    command: readonly string[],
    toml = '',
  ): Promise<{ installation: Installation; url: string; port: string }> {
    const installation = await Installation.create(bind, KEYS.sha256);
    for (const [name, content] of Object.entries(files)) {
      writeFileSync(join(installation.folder, name), content, { mode: 0o600 });
    }
    installation.append(toml);
    await installation.command(['import', ...command]);
    const url = await installation.serve();
    await forget();
    return { installation, url, port: new URL(url).port };
  }

  const forget = () =>
    bind.nsupdate([HOME, CAM, `nas.${HOME}`].map((name) => `update delete ${name}`).join('\n'));
  const holds = async (name: string, type: 'A' | 'AAAA' | 'TXT') =>
    (await bind.query(name, type)).answers.map(({ data }) => data).join();
  /** What curl prints. It fails as curl does. */
  async function curl(...args: readonly string[]): Promise<string> {
    const { stdout } = await runProcess(toolPath('curl'), ['-sS', ...args], { cwd: tempFolder() });
    return stdout;
  }
  async function inadyn(port: string, user: string, password: string): Promise<void> {
    const folder = tempFolder();
    const file = join(folder, 'inadyn.conf');
    const request = '"/nic/update?hostname=%h&myip=%i"';
    writeFileSync(
      file,
      `verify-address = false\ncustom other {\n username = ${user}\n password = ${password}\n ssl = false\n` +
        ` ddns-server = 127.0.0.1:${port}\n ddns-path = ${request}\n hostname = ${HOME}\n` +
        ` checkip-command = "echo ${A}"\n}\n`,
      { mode: 0o600 },
    );
    const flags = ['-n', '-1', '--force', '-l', 'debug', '-f', file, '--cache-dir', folder];
    const { status, stdout, stderr } = await runProcess(toolPath('inadyn'), flags);
    assert.equal(status, 0, stdout + stderr);
  }
  async function ddclient(configuration: string): Promise<void> {
    const folder = tempFolder();
    const file = join(folder, 'ddclient.conf');
    writeFileSync(file, configuration, { mode: 0o600 });
    const flags = ['-daemon=0', '-noquiet', '-verbose', '-force', '-file', file];
    const cache = ['-cache', join(folder, 'cache')];
    const { status, stdout, stderr } = await runProcess(toolPath('ddclient'), [...flags, ...cache]);
    assert.equal(status, 0, stdout + stderr);
    assert.doesNotMatch(stdout + stderr, /FAILED/);
  }

  describe('nsupdate.info', () => {
    let site: Awaited<ReturnType<typeof serveImported>>;

    before(async () => {
      const dump = readFileSync(join(REPOSITORY, 'test/golden/import/nsupdate-info.json'), 'utf8');
      const command = ['nsupdate.info', 'dump.json', '--tokens', 'tokens.txt'];
      site = await serveImported({ 'dump.json': dump }, command);
    });
    after(() => site.installation.stop());

    it('a router logs in with the name and the secret of its host, and a related host moves with it', async () => {
      const url = site.url.replace('//', `//${HOME}:home-secret@`);
      assert.equal(await curl(`${url}/nic/update?myip=${A},${AAAA}`), `good ${A},${AAAA}\n`);
      assert.deepEqual([await holds(HOME, 'A'), await holds(HOME, 'AAAA')], [A, AAAA]);
      assert.equal(await holds(`nas.${HOME}`, 'AAAA'), '2001:db8:1:2:1a2b:3c4d:5e6f:7890');
      assert.equal(await curl(`${url}/nic/delete?myip=::`), 'deleted AAAA\n');
      assert.deepEqual([await holds(HOME, 'A'), await holds(HOME, 'AAAA')], [A, '']);
      assert.equal(await curl(`${url}/nic/update?hostname=${CAM}&myip=${A}`), '!yours\n');
    });

    it('inadyn and ddclient do', async () => {
      await forget();
      await inadyn(site.port, HOME, 'home-secret');
      assert.equal(await holds(HOME, 'A'), A);
      await ddclient(
        `ssl=no, use=ip, ip=198.51.100.7\nprotocol=dyndns2, server=127.0.0.1:${site.port}\n` +
          `login=${CAM}, password='cam-secret' ${CAM}\n`,
      );
      assert.equal(await holds(CAM, 'A'), '198.51.100.7');
    });

    it('a secret that could not be verified is replaced by the token in the file', async () => {
      const tokens = readFileSync(join(site.installation.folder, 'tokens.txt'), 'utf8');
      const [, token = ''] = /^old\.dyn\.example\.test:(.*)$/m.exec(tokens) ?? [];
      const url = (secret: string) => site.url.replace('//', `//old.${ZONE}:${secret}@`);
      assert.equal(await curl(`${url('old-secret')}/nic/update?myip=${A}`), 'badauth\n');
      assert.equal(await curl(`${url(token)}/nic/update?myip=${A}`), `good ${A}\n`);
    });
  });

  describe('dyndnsd', () => {
    let site: Awaited<ReturnType<typeof serveImported>>;

    before(async () => {
      const configuration =
        `host: "0.0.0.0"\nport: 8245\ndb: "db.json"\ndomain: "${ZONE}"\nusers:\n` +
        `  foo:\n    password: "s3cret"\n    hosts:\n      - ${HOME}\n      - ${CAM}\n` +
        `  lab:\n    password: "lab"\n    regex: '^a1\\.dyn\\.example\\.test$'\n`;
      site = await serveImported({ 'config.yml': configuration }, ['dyndnsd', 'config.yml']);
    });
    after(() => site.installation.stop());

    it('curl reports both families and two names, and takes them off', async () => {
      const url = site.url.replace('//', '//foo:s3cret@');
      const both = `hostname=${HOME},${CAM}&myip=${A}&myip6=${AAAA}`;
      assert.equal(await curl(`${url}/nic/update?${both}`), `good ${A},${AAAA}\n`.repeat(2));
      assert.deepEqual([await holds(HOME, 'A'), await holds(CAM, 'AAAA')], [A, AAAA]);
      assert.equal(await curl(`${url}/nic/update?hostname=${HOME}&offline=YES`), 'good\n');
      assert.deepEqual([await holds(HOME, 'A'), await holds(HOME, 'AAAA')], ['', '']);
    });

    it('inadyn reports, and so does a user with a pattern for its only name', async () => {
      await inadyn(site.port, 'foo', 's3cret');
      assert.equal(await holds(HOME, 'A'), A);
      const url = site.url.replace('//', '//lab:lab@');
      assert.equal(await curl(`${url}/nic/update?hostname=a1.${ZONE}&myip=${A}`), `good ${A}\n`);
    });
  });

  describe('acme-dns', () => {
    const USER = 'c36f50e8-4632-44f0-83fe-e070fef28a10';
    const SUBDOMAIN = '8e5700ea-a4bf-41c7-8a77-e990661dcc6a';
    const KEY = 'htB9mR9DYgcu9bX_afHF62erXaH2TS7bg9KW3F7Z';
    let site: Awaited<ReturnType<typeof serveImported>>;

    before(async () => {
      // The tables of acme-dns. It stores the hash as octets.
      const folder = tempFolder();
      const password = Buffer.from(await hash(KEY, 10)).toString('hex');
      const sql = [
        'CREATE TABLE acmedns(Name TEXT, Value TEXT);',
        "INSERT INTO acmedns VALUES('db_version', '1');",
        'CREATE TABLE records(Username TEXT UNIQUE NOT NULL PRIMARY KEY, Password TEXT UNIQUE NOT NULL,',
        'Subdomain TEXT UNIQUE NOT NULL, AllowFrom TEXT);',
        `INSERT INTO records VALUES('${USER}', x'${password}', '${SUBDOMAIN}', '["127.0.0.0/8"]');`,
        `INSERT INTO records VALUES('elsewhere', x'${password}00', 'elsewhere', '["192.0.2.0/24"]');`,
      ].join('\n');
      const database = join(folder, 'acme-dns.db');
      const made = await runProcess(toolPath('sqlite3'), [database, sql]);
      assert.equal(made.status, 0, made.stderr);
      const printed = await runProcess(toolPath('sqlite3'), ['-json', database, 'select * from records']);
      assert.equal(printed.status, 0, printed.stderr);
      const command = ['acme-dns', 'records.json', '--tokens', 'tokens.txt'];
      const zone = `\n[acme]\nzone = "auth.${ZONE}"\n`;
      site = await serveImported({ 'records.json': printed.stdout }, command, zone);
    });
    after(() => site.installation.stop());

    /** As acme.sh sends it. */
    const present = (path: string, key: string, subdomain = SUBDOMAIN) =>
      curl(
        ...['-X', 'POST', '-H', `X-Api-User: ${USER}`, '-H', `X-Api-Key: ${key}`],
        ...['--data', JSON.stringify({ subdomain, txt: TXT }), `${site.url}${path}`],
      );

    for (const path of ['/update', '/acme-dns/update']) {
      it(`an account keeps its credentials, and presents its challenge at ${path}`, async () => {
        const name = `${SUBDOMAIN}.auth.${ZONE}`;
        await bind.nsupdate(`update delete ${name}`);
        assert.equal(await present(path, KEY), `{"txt": "${TXT}"}`);
        assert.equal(await holds(name, 'TXT'), `"${TXT}"`);
      });
    }

    it('no other key and no other subdomain is accepted', async () => {
      assert.equal(await present('/update', 'x'.repeat(40)), '{"error":"forbidden"}\n');
      assert.equal(await present('/update', KEY, 'elsewhere'), '{"error":"forbidden"}\n');
    });
  });

  describe('ddclient', () => {
    const configuration = (server: string) =>
      [
        '# its configuration, with all that its syntax has',
        'daemon=300',
        'ssl=no',
        `use=ip, ip=${A}`,
        'protocol=dyndns2, \\',
        `server=${server}, \\`,
        'login="o\'brien", \\',
        "password='s3 cr#t, isn't it' \\",
        `${HOME}, ${CAM}`,
        '',
      ].join('\n');

    it('goes on with its own configuration, with another server in it', async () => {
      const files = { 'ddclient.conf': configuration('members.example.test') };
      const { installation, port } = await serveImported(files, ['ddclient', 'ddclient.conf']);
      await ddclient(configuration(`127.0.0.1:${port}`));
      assert.deepEqual([await holds(HOME, 'A'), await holds(CAM, 'A')], [A, A]);
      await installation.stop();
    });
  });
});
