import assert from 'node:assert/strict';
import { appendFileSync, chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
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
const SCHEMA = '/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql';

/** The fenced blocks below a heading of a document, in their order. */
function blocksOf(heading: string, document = 'docs/set-up.md'): readonly string[] {
  const text = readFileSync(join(REPOSITORY, document), 'utf8');
  const [section] = text.split(`\n## ${heading}\n`)[1]?.split('\n## ') ?? [];
  assert.ok(section !== undefined, `${document} has a part "${heading}"`);
  return [...section.matchAll(/^```\w*\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);
}

const BIND = blocksOf('BIND');
const KNOT = blocksOf('Knot');
const POWERDNS = blocksOf('PowerDNS');
/** The policies with which a certificate is got for one of two names. */
const [BIND_POLICY = '', KNOT_POLICY = '', POWERDNS_POLICY = ''] = blocksOf(
  'What must the name server allow?',
  'docs/certificates.md',
);
/** What the page says once, for all three: from the first user on, and the request. */
const FIRST_USER = (BIND[3] ?? '').indexOf('dynonym configure users');
const GO_ON = (BIND[3] ?? '').slice(FIRST_USER);
const REQUEST = BIND[4] ?? '';

/**
 * The text of the page with the places of this test in it. The name server of the zone has no address: `dynonym check`
 * would ask it at port 53, where nothing of this test listens.
 */
function here(text: string, { folder, port }: Pick<Site, 'folder' | 'port'>): string {
  return text
    .replaceAll(/\/(?:etc|var\/lib)\/(?:bind|knot)\//g, `${folder}/`)
    .replaceAll('127.0.0.1:53', `127.0.0.1:${port}`)
    .replaceAll('ns1.example.org', 'ns1.example.invalid');
}

/** A folder of programs in which `dynonym` is what was built here, and those of the servers find the one of this test. */
function shims(folder: string): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const scripts = {
    dynonym: `exec ${PROGRAM.map((word) => `'${word}'`).join(' ')} "$@"`,
    rndc: `exec /usr/sbin/rndc -c '${folder}/rndc.conf' "$@"`,
    knotc: `exec /usr/sbin/knotc -s '${folder}/knot.sock' "$@"`,
    // The test starts the server itself, as the user who it runs as.
    chown: 'exit 0',
    systemctl: 'exit 0',
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

/** The host of the NS record has no address here, so there is one warning. */
async function check(folder: string): Promise<void> {
  const found = JSON.parse(await shell(folder, 'dynonym check --json || [ $? = 2 ]'));
  const findings = found.domains.flatMap(({ findings }: { findings: { code: string }[] }) => findings);
  assert.deepEqual(
    findings.map(({ code }: { code: string }) => code),
    ['secondary-unknown'],
  );
}

/** Waits until a server takes commands: then this one ends well. */
async function untilItRuns(folder: string, command: string): Promise<void> {
  const path = join(folder, 'bin', command);
  await until(async () => (await runProcess(path, ['status'])).status === 0, {
    what: `${command} is obeyed`,
  });
}

type DocumentedRecipe = Recipe & {
  /** Makes the running server serve the zone. */
  readonly addZone?: (site: Site) => Promise<void>;
  readonly configure: string;
};

/** @param certifies with the policies of docs/certificates.md in place of those of the page */
const recipes = (certifies: boolean): readonly DocumentedRecipe[] => [
  {
    kind: 'bind',
    tools: ['named', 'rndc', 'dig', 'curl'],
    zones: [],
    configure: (BIND[3] ?? '').slice(0, FIRST_USER),
    async prepare({ folder, port }) {
      shims(folder);
      const control = await freePort();
      const key = 'key "rndc" { algorithm hmac-sha256; secret "bm90IGEgc2VjcmV0IQ=="; };\n';
      writeFileSync(
        join(folder, 'rndc.conf'),
        `${key}options { default-key "rndc"; default-server 127.0.0.1; default-port ${control}; };\n`,
      );
      const options = `options { directory "${folder}"; pid-file none; lock-file none;
        session-keyfile "${folder}/session.key"; listen-on port ${port} { 127.0.0.1; }; listen-on-v6 { none; };
        recursion no; dnssec-validation no; notify no; };
        controls { inet 127.0.0.1 port ${control} allow { 127.0.0.1; } keys { "rndc"; }; };\n`;
      writeFileSync(join(folder, 'named.conf'), key + options);
      return [toolPath('named'), '-g', '-n', '1', '-c', join(folder, 'named.conf')];
    },
    async addZone(site) {
      await shell(site.folder, here(BIND[0] ?? '', site));
      const zone = certifies ? BIND[1]?.replace(/^ *update-policy .*\n/m, BIND_POLICY) : BIND[1];
      appendFileSync(join(site.folder, 'named.conf'), here(zone ?? '', site));
      await untilItRuns(site.folder, 'rndc');
      await shell(site.folder, BIND[2] ?? '');
    },
  },
  {
    kind: 'knot',
    tools: ['knotd', 'knotc', 'dig', 'curl'],
    zones: [],
    configure: KNOT[3] ?? '',
    async prepare({ folder, port }) {
      shims(folder);
      const own = `server:\n    listen: 127.0.0.1@${port}\n    rundir: ${folder}\ndatabase:\n    storage: ${folder}
    journal-db-max-size: 64M\n    timer-db-max-size: 16M\n    kasp-db-max-size: 16M\n`;
      writeFileSync(join(folder, 'knot.conf'), own);
      return [toolPath('knotd'), '-c', join(folder, 'knot.conf')];
    },
    async addZone(site) {
      await shell(site.folder, here(KNOT[0] ?? '', site));
      const zone = certifies
        ? KNOT[1]
            ?.replace('\nzone:', `${KNOT_POLICY}\nzone:`)
            .replace('acl: dynonym\n', 'acl: [dynonym, dynonym-challenges]\n')
        : KNOT[1];
      appendFileSync(join(site.folder, 'knot.conf'), here(zone ?? '', site));
      await untilItRuns(site.folder, 'knotc');
      await shell(site.folder, KNOT[2] ?? '');
    },
  },
  {
    kind: 'powerdns',
    tools: ['pdns_server', 'pdnsutil', 'sqlite3', SCHEMA, 'dig', 'curl'],
    zones: [ZONE],
    configure: POWERDNS[2] ?? '',
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
        ...['zone-cache-refresh-interval=0', POWERDNS[0] ?? ''],
        ...(certifies ? [`lua-dnsupdate-policy-script=${folder}/policy.lua`] : []),
        '',
      ];
      writeFileSync(join(folder, 'policy.lua'), POWERDNS_POLICY);
      writeFileSync(join(folder, 'pdns.conf'), own.join('\n'));
      await shell(folder, `sqlite3 pdns.sqlite3 '.read ${SCHEMA}'`);
      await shell(folder, here(POWERDNS[1] ?? '', site));
      return [toolPath('pdns_server'), `--config-dir=${folder}`];
    },
  },
];

/** The name server, and dynonym in front of it, by the words of docs/set-up.md. */
async function open({ configure, addZone, ...recipe }: DocumentedRecipe) {
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
  const site = { folder, address: '127.0.0.1', port: server.socket.port, updateKeys: [] };
  await addZone?.(site);
  await until(async () => (await server.query(ZONE, 'SOA')).answers.length === 1, {
    what: `${recipe.kind} serves the zone`,
  });

  await shell(folder, here(configure, site));
  const http = await freePort();
  await shell(folder, `dynonym configure http --socket 127.0.0.1:${http}`);
  const commands = GO_ON.trimEnd().split('\n');
  assert.equal(commands.pop(), 'dynonym serve');
  for (const command of commands) {
    if (command === 'dynonym check') await check(folder);
    else await shell(folder, command);
  }
  await shell(folder, 'dynonym configure users auth alice cam.dyn.example.org');

  const [program, ...args] = PROGRAM;
  const dynonym = new RunningProcess(program, [...args, 'serve'], { cwd: folder });
  after(() => dynonym.kill('SIGTERM'));
  await until(() => dynonym.stderr.includes('Listening'), { what: 'the server listens' });

  const ask = () => shell(folder, REQUEST.replace('127.0.0.1:8053', `127.0.0.1:${http}`));
  /** The status of a request for the challenge of a name. */
  const challenge = (name: string) => {
    const body = JSON.stringify({ fqdn: `_acme-challenge.${name}.${ZONE}.`, value: 'x'.repeat(43) });
    const url = `http://127.0.0.1:${http}/acme/present`;
    return shell(folder, `curl -o /dev/null -w '%{http_code}' -d '${body}' ${url}`);
  };
  const dataOf = async (name: string, type: string) =>
    (await server.query(`${name}.${ZONE}`, type)).answers.map(({ data }) => data);
  return { ask, challenge, dataOf };
}

for (const recipe of recipes(false)) {
  describeWithTools(recipe.kind, recipe.tools, () => {
    it('five minutes of docs/set-up.md end with the record in the DNS', async () => {
      const { ask, challenge, dataOf } = await open(recipe);
      assert.equal(await ask(), 'good 203.0.113.7\n');
      assert.deepEqual(await dataOf('home', 'A'), ['203.0.113.7']);
      // PowerDNS has no policy of its own.
      assert.equal((await challenge('home')) === '200', recipe.kind === 'powerdns');
    });
  });
}

for (const recipe of recipes(true)) {
  describeWithTools(`${recipe.kind} with the policy for certificates`, recipe.tools, () => {
    it('lets a challenge be written at the name in the policy, and at no other', async () => {
      const { ask, challenge, dataOf } = await open(recipe);
      assert.equal(await ask(), 'good 203.0.113.7\n');
      assert.equal(await challenge('home'), '200');
      // Knot refuses as if the key were wrong, so dynonym cannot confirm.
      assert.equal(await challenge('cam'), recipe.kind === 'knot' ? '503' : '500');
      assert.equal((await dataOf('_acme-challenge.home', 'TXT')).length, 1);
      assert.deepEqual(await dataOf('_acme-challenge.cam', 'TXT'), []);
    });
  });
}
