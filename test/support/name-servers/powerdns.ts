import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runProcess } from '../run-process.ts';
import { toolPath } from '../tools.ts';
import { KEYS, keysWith, secretText } from './keys.ts';
import type { Recipe, Site } from './name-server.ts';
import { PRIMARY_ZONES, writeZoneFiles } from './zones.ts';

const SCHEMA = '/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql';

export const POWERDNS: Recipe = {
  kind: 'powerdns',
  tools: ['pdns_server', 'pdnsutil', 'sqlite3', SCHEMA, 'dig', 'nsupdate'],
  zones: PRIMARY_ZONES,
  async prepare(site) {
    const { folder } = site;
    await writeFile(join(folder, 'pdns.conf'), pdnsConf(site));
    await sqlite(folder, `.read ${toolPath(SCHEMA)}\nPRAGMA journal_mode=WAL;`);
    await writeZoneFiles(folder, PRIMARY_ZONES);
    await succeed(toolPath('pdnsutil'), [
      `--config-dir=${folder}`,
      'load-zone',
      ...PRIMARY_ZONES.flatMap((zone) => [zone, join(folder, `${zone}.zone`)]),
    ]);
    // pdnsutil takes a tenth of a second for each key and each setting of a zone.
    await sqlite(folder, keysAndRights(site));
    return [toolPath('pdns_server'), `--config-dir=${folder}`];
  },
};

/** One whose updates are judged by a script in Lua: what `updatepolicy(input)` returns false for is dropped. */
export const powerDnsWithPolicy = (script: string): Recipe => ({
  ...POWERDNS,
  async prepare(site) {
    const command = await POWERDNS.prepare(site);
    const file = join(site.folder, 'policy.lua');
    await writeFile(file, script);
    await appendFile(join(site.folder, 'pdns.conf'), `lua-dnsupdate-policy-script=${file}\n`);
    return command;
  },
});

function pdnsConf({ folder, address, port }: Site): string {
  return `
launch=gsqlite3
gsqlite3-database=${databaseIn(folder)}
gsqlite3-dnssec=yes
local-address=${address}
local-port=${port}
socket-dir=${folder}
daemon=no
guardian=no
disable-syslog=yes
write-pid=no
security-poll-suffix=
zone-cache-refresh-interval=0
webserver=no
api=no
dnsupdate=yes
allow-dnsupdate-from=127.0.0.0/8,::1
loglevel=5
`;
}

function keysAndRights({ updateKeys }: Site): string {
  return [
    ...keysWith(updateKeys).map(
      (key) =>
        `INSERT INTO tsigkeys (name, algorithm, secret) VALUES ('${key.name}', '${key.algorithm}', '${secretText(key)}');`,
    ),
    ...updateKeys.map(({ name }) => `${ON_EVERY_ZONE} 'TSIG-ALLOW-DNSUPDATE', '${name}' FROM domains;`),
    `${ON_EVERY_ZONE} 'TSIG-ALLOW-AXFR', '${KEYS.sha256.name}' FROM domains;`,
  ].join('\n');
}

const ON_EVERY_ZONE = 'INSERT INTO domainmetadata (domain_id, kind, content) SELECT id,';

function databaseIn(folder: string): string {
  return join(folder, 'pdns.sqlite3');
}

async function sqlite(folder: string, statements: string): Promise<void> {
  await succeed(toolPath('sqlite3'), ['-bail', databaseIn(folder)], `BEGIN;\n${statements}\nCOMMIT;\n`);
}

async function succeed(command: string, args: readonly string[], stdin = ''): Promise<void> {
  const { status, stdout, stderr } = await runProcess(command, args, { stdin });
  if (status !== 0)
    throw new Error(`${command} ${args.join(' ')} failed (exit ${status}):\n${stdout}${stderr}`);
}
