import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { appendFileSync, chownSync, lstatSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { freePort } from '../support/free-port.ts';
import { PROGRAM, runProgram, startProgram } from '../support/run-program.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const NOBODY = { uid: 65534, gid: 65534 };
const ZONE = `$TTL 300
@    SOA  ns1.dyn.example.org. hostmaster.example.org. 1 3600 600 604800 60
@    NS   ns1.dyn.example.org.
ns1  A    192.0.2.1
`;

/** Why this machine has no second user to try it with. */
function obstacle(): string | false {
  if (process.geteuid?.() !== 0) return 'only root may run programs as another user';
  const files = PROGRAM.filter((word) => word.startsWith('/'));
  const isReadable = files.every((file) => spawnSync('test', ['-r', file], NOBODY).status === 0);
  return !isReadable && 'nobody may not read the program';
}

it('what root sets up in a folder of another user is read and written by dynonym as that user', {
  skip: obstacle(),
}, async () => {
  const folder = tempFolder();
  chownSync(folder, NOBODY.uid, NOBODY.gid);
  const run = (line: string, { stdin = '', owner }: { stdin?: string; owner?: typeof NOBODY } = {}) =>
    runProgram(line.split(' '), { cwd: folder, stdin, owner });
  const succeed = async (line: string, options: { stdin?: string; owner?: typeof NOBODY } = {}) => {
    const { status, stdout, stderr } = await run(line, options);
    assert.equal(status, 0, `${line}: ${stderr}`);
    assert.doesNotMatch(stderr, /is missing|EACCES/, line);
    return stdout;
  };
  const serve = async (owner: typeof NOBODY | undefined, expected: string) => {
    const server = startProgram(['serve'], { cwd: folder, owner });
    const url = await until(() => /"addresses":\["(http[^"]+)"/.exec(server.stderr)?.[1], {
      what: 'the server to listen',
    });
    const headers = { authorization: `Basic ${btoa('alice:s3cret')}` };
    const answer = await fetch(`${url}/nic/update?hostname=home.dyn.example.org&myip=203.0.113.7`, {
      headers,
    });
    assert.equal(await answer.text(), expected);
    server.kill('SIGTERM');
    assert.equal((await server.end()).status, 0);
    assert.doesNotMatch(server.stderr, /"level":"error"|EACCES/);
  };
  const assertOwned = () => {
    for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      const { uid, gid } = lstatSync(join(folder, path));
      assert.deepEqual({ path, uid, gid }, { path, ...NOBODY });
    }
  };

  await succeed('configure default');
  await succeed('configure http --socket 127.0.0.1:0');
  const zone = 'dyn.example.org --ns ns1.dyn.example.org --address ns1.dyn.example.org=192.0.2.1';
  await succeed(`configure nameserver add ${zone} --socket 127.0.0.1:${await freePort()} --take-updates`);
  appendFileSync(join(folder, 'dynonym.toml'), '\n[log]\naudit = "audit.log"\n');
  const file = join(tempFolder(), 'zone');
  writeFileSync(file, ZONE);
  await succeed(`zone import dyn.example.org ${file}`);
  await succeed('configure users add alice', { stdin: 's3cret\n' });
  await succeed('configure users auth alice home.dyn.example.org');
  assertOwned();

  await serve(undefined, 'good 203.0.113.7\n');
  assertOwned();
  await serve(NOBODY, 'nochg 203.0.113.7\n');

  const owner = NOBODY;
  assert.deepEqual((await run('check', { owner })).stdout, (await run('check')).stdout);
  await succeed('configure users add bob', { stdin: 'other\n', owner });
  assert.match(await succeed('configure history', { owner }), /alice/);
  assert.match(await succeed('hosts history home.dyn.example.org', { owner }), /203\.0\.113\.7/);
  assertOwned();
});
