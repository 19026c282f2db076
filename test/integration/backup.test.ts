import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { freePort } from '../support/free-port.ts';
import { runProcess } from '../support/run-process.ts';
import { PROGRAM, REPOSITORY, runProgram, startProgram } from '../support/run-program.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const PAGE = readFileSync(join(REPOSITORY, 'docs/backup.md'), 'utf8');

/** The commands below a heading of docs/backup.md. */
const commandsBelow = (heading: string): string =>
  PAGE.split(`\n## ${heading}\n`)[1]?.match(/^```sh\n([\s\S]*?)^```$/m)?.[1] ?? assert.fail(heading);

it('what docs/backup.md copies is served again after it was lost, with its users, zones and history', async () => {
  const root = tempFolder();
  const home = join(root, 'dynonym');
  mkdirSync(home);
  mkdirSync(join(root, 'bin'));
  const words = PROGRAM.map((word) => `'${word}'`).join(' ');
  writeFileSync(join(root, 'bin/dynonym'), `#!/bin/sh\nexec ${words} "$@"\n`, { mode: 0o755 });

  const shell = async (script: string) => {
    const here = script.replaceAll('/var/lib/dynonym', home).replaceAll('/root/', `${root}/`);
    const env = { PATH: `${join(root, 'bin')}:${process.env['PATH']}` };
    const { status, stderr } = await runProcess('sh', ['-ec', here], { env });
    assert.equal(status, 0, stderr);
  };
  const command = async (line: string, stdin?: string) => {
    const options = { cwd: home, ...(stdin !== undefined && { stdin }) };
    const { status, stdout, stderr } = await runProgram(line.split(' '), options);
    assert.equal(status, 0, `${line}: ${stderr}`);
    return stdout;
  };
  /** Serves from the folder, and gives what an update of alice is answered. */
  const update = async (address: string, whileServed = async () => {}) => {
    const server = startProgram(['serve'], { cwd: home });
    const url = await until(() => /"addresses":\["(http[^"]+)"/.exec(server.stderr)?.[1], {
      what: 'the server to listen',
    });
    const headers = { authorization: `Basic ${btoa('alice:s3cret')}` };
    const query = `hostname=home.dyn.example.org&myip=${address}`;
    const answer = await (await fetch(`${url}/nic/update?${query}`, { headers })).text();
    await whileServed();
    server.kill('SIGTERM');
    await server.end();
    return answer;
  };

  await command('configure default');
  await command('configure http --socket 127.0.0.1:0');
  const zone = 'dyn.example.org --ns ns1.dyn.example.org --address ns1.dyn.example.org=192.0.2.1';
  await command(`configure nameserver add ${zone} --socket 127.0.0.1:${await freePort()} --take-updates`);
  await command('configure users add alice', 's3cret\n');
  await command('configure users auth alice home.dyn.example.org');
  assert.equal(await update('203.0.113.7', () => shell(commandsBelow('Backup'))), 'good 203.0.113.7\n');
  const records = await command('zone show dyn.example.org');
  const configuration = readFileSync(join(home, 'dynonym.toml'), 'utf8');

  rmSync(home, { recursive: true });
  // The page serves at the end; here that is done below.
  await shell(commandsBelow('Restore').replace('dynonym serve\n', ''));
  assert.equal(readFileSync(join(home, 'dynonym.toml'), 'utf8'), configuration);
  assert.equal(await command('zone show dyn.example.org'), records);
  assert.match(await command('hosts history home.dyn.example.org'), /203\.0\.113\.7/);
  assert.ok(!readdirSync(home).some((file) => file.startsWith('dynonym.lock')));
  assert.equal(await update('203.0.113.7'), 'nochg 203.0.113.7\n');

  await command('configure users pw alice', 'other\n');
  assert.equal(await update('203.0.113.7'), 'badauth\n');
  assert.ok(existsSync(join(home, 'zones')));
});
