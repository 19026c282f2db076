import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { domainName } from '../../src/domain/domain-name.ts';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { freePort } from '../support/free-port.ts';
import { NameServer, type Recipe, type Site } from '../support/name-servers/name-server.ts';
import { RunningProcess, runProcess } from '../support/run-process.ts';
import { PROGRAM, REPOSITORY } from '../support/run-program.ts';
import { toolPath } from '../support/tools.ts';
import { until } from '../support/until.ts';

const ZONE = domainName('dyn.example.org');
/** Its name server has no address: `dynonym check` would ask it at port 53, where nothing of this test listens. */
const ZONE_FILE = `$TTL 300
@ IN SOA ns1.example.invalid. hostmaster.${ZONE}. 1 3600 600 86400 60
@ IN NS ns1.example.invalid.
`;
const SCHEMA = '/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql';

/** The fenced blocks below a heading of README.md, in their order. */
function blocksOf(heading: string): readonly string[] {
  const readme = readFileSync(join(REPOSITORY, 'README.md'), 'utf8');
  const [section] = readme.split(`\n## ${heading}\n`)[1]?.split('\n## ') ?? [];
  assert.ok(section !== undefined, `README.md has a part "${heading}"`);
  return [...section.matchAll(/^```\w*\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);
}

const BIND = blocksOf('Five minutes with BIND');
const KNOT = blocksOf('Five minutes with Knot');
const POWERDNS = blocksOf('Five minutes with PowerDNS');
/** What README.md says once, for all three: from the first user on, and the request. */
const GO_ON = (BIND[2] ?? '').slice((BIND[2] ?? '').indexOf('dynonym configure users'));
const REQUEST = BIND[3] ?? '';

/** The text of README.md with the places of this test in it. */
function here(text: string, { folder, port }: Pick<Site, 'folder' | 'port'>): string {
  return text
    .replaceAll(/\/(?:etc|var\/lib)\/(?:bind|knot)\//g, `${folder}/`)
    .replaceAll('127.0.0.1:53', `127.0.0.1:${port}`);
}

/** A folder of programs in which `dynonym` is what was built here, and `pdnsutil` knows its configuration. */
function shims(folder: string): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const scripts = {
    dynonym: `exec ${PROGRAM.map((word) => `'${word}'`).join(' ')} "$@"`,
    pdnsutil: `exec /usr/bin/pdnsutil --config-dir='${folder}' "$@"`,
    // Asks for the password on a terminal, where there is one.
    curl: `exec /usr/bin/curl -sS "$@" -u alice:s3cret`,
  };
  for (const [name, script] of Object.entries(scripts)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  return bin;
}

async function shell(folder: string, script: string): Promise<string> {
  const env = { PATH: `${join(folder, 'bin')}:/usr/sbin:${process.env['PATH']}` };
  const { status, stdout, stderr } = await runProcess('sh', ['-ec', script], {
    cwd: folder,
    env,
    stdin: 's3cret\n',
  });
  assert.equal(status, 0, `${script}\n${stdout}${stderr}`);
  return stdout;
}

const RECIPES: readonly (Recipe & { readonly configure: string })[] = [
  {
    kind: 'bind',
    tools: ['named', 'dig', 'curl'],
    zones: [ZONE],
    configure: (BIND[2] ?? '').slice(0, (BIND[2] ?? '').indexOf('dynonym configure users')),
    async prepare(site) {
      const { folder, port } = site;
      shims(folder);
      await shell(folder, here(BIND[0] ?? '', site));
      writeFileSync(join(folder, `${ZONE}.zone`), ZONE_FILE);
      const options = `options { directory "${folder}"; pid-file none; lock-file none;
        session-keyfile "${folder}/session.key"; listen-on port ${port} { 127.0.0.1; }; listen-on-v6 { none; };
        recursion no; dnssec-validation no; notify no; };\ncontrols { };\n`;
      writeFileSync(join(folder, 'named.conf'), options + here(BIND[1] ?? '', site));
      return [toolPath('named'), '-g', '-n', '1', '-c', join(folder, 'named.conf')];
    },
  },
  {
    kind: 'knot',
    tools: ['knotd', 'dig', 'curl'],
    zones: [ZONE],
    configure: KNOT[2] ?? '',
    async prepare(site) {
      const { folder, port } = site;
      shims(folder);
      await shell(folder, here(KNOT[0] ?? '', site));
      writeFileSync(join(folder, `${ZONE}.zone`), ZONE_FILE);
      const own = `server:\n    listen: 127.0.0.1@${port}\n    rundir: ${folder}\ndatabase:\n    storage: ${folder}
    journal-db-max-size: 64M\n    timer-db-max-size: 16M\n    kasp-db-max-size: 16M\n`;
      writeFileSync(join(folder, 'knot.conf'), own + here(KNOT[1] ?? '', site));
      return [toolPath('knotd'), '-c', join(folder, 'knot.conf')];
    },
  },
  {
    kind: 'powerdns',
    tools: ['pdns_server', 'pdnsutil', 'sqlite3', SCHEMA, 'dig', 'curl'],
    zones: [ZONE],
    configure: POWERDNS[1] ?? '',
    async prepare(site) {
      const { folder, port } = site;
      shims(folder);
      const own = [
        ...['launch=gsqlite3', `gsqlite3-database=${folder}/pdns.sqlite3`, 'local-address=127.0.0.1'],
        ...[
          `local-port=${port}`,
          `socket-dir=${folder}`,
          'daemon=no',
          'guardian=no',
          'security-poll-suffix=',
        ],
        ...['zone-cache-refresh-interval=0', 'dnsupdate=yes', 'allow-dnsupdate-from=127.0.0.0/8', ''],
      ];
      writeFileSync(join(folder, 'pdns.conf'), own.join('\n'));
      writeFileSync(join(folder, 'zone'), ZONE_FILE);
      await shell(folder, `sqlite3 pdns.sqlite3 '.read ${SCHEMA}'; pdnsutil load-zone ${ZONE} zone`);
      await shell(folder, here(POWERDNS[0] ?? '', site));
      return [toolPath('pdns_server'), `--config-dir=${folder}`];
    },
  },
];

for (const { configure, ...recipe } of RECIPES) {
  describeWithTools(recipe.kind, recipe.tools, () => {
    it('five minutes of README.md end with the record in the DNS', async () => {
      let folder = '';
      const server = await NameServer.start(
        {
          ...recipe,
          prepare(site) {
            folder = site.folder;
            return recipe.prepare(site);
          },
        },
        { updateKeys: [] },
      );
      after(() => server.stop());
      const site = { folder, port: server.socket.port };

      await shell(folder, here(configure, site));
      const http = await freePort();
      await shell(folder, `dynonym configure http --socket 127.0.0.1:${http}`);
      const commands = GO_ON.trimEnd().split('\n');
      assert.equal(commands.pop(), 'dynonym serve');
      for (const command of commands) await shell(folder, command);

      const [program, ...args] = PROGRAM;
      const dynonym = new RunningProcess(program, [...args, 'serve'], { cwd: folder });
      after(() => dynonym.kill('SIGTERM'));
      await until(() => dynonym.stderr.includes('Listening'), { what: 'the server listens' });

      const answer = await shell(folder, REQUEST.replace('127.0.0.1:8053', `127.0.0.1:${http}`));
      assert.equal(answer, 'good 203.0.113.7\n');
      const { answers } = await server.query('home.dyn.example.org', 'A');
      assert.deepEqual(
        answers.map(({ data }) => data),
        ['203.0.113.7'],
      );
    });
  });
}
