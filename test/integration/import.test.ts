import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { REPOSITORY, runProgram } from '../support/run-program.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** A default configuration, and a command in its folder. */
async function site() {
  const folder = tempFolder();
  const run = (...args: readonly string[]) => runProgram(args, { cwd: folder });
  assert.equal((await run('configure', 'default')).status, 0);
  const configuration = () => readFileSync(join(folder, 'dynonym.toml'), 'utf8');
  return { folder, run, configuration };
}

describe('an import into a configuration file', () => {
  it('takes all of a dump of nsupdate.info, and the second time leaves the file as it is', async () => {
    const { folder, run, configuration } = await site();
    copyFileSync(join(REPOSITORY, 'test/golden/import/nsupdate-info.json'), join(folder, 'dump.json'));
    const command = ['import', 'nsupdate.info', 'dump.json', '--tokens', 'tokens.txt'];

    const before = configuration();
    const dry = await run(...command, '--dry-run');
    assert.equal(dry.status, 0, dry.stderr);
    assert.equal(configuration(), before);

    const first = await run(...command);
    assert.equal(first.status, 0, first.stderr);
    assert.equal(first.stdout, dry.stdout);
    const after = configuration();
    const tokens = readFileSync(join(folder, 'tokens.txt'), 'utf8').trim().split('\n');
    assert.deepEqual(
      tokens.map((line) => line.split(':')[0]),
      ['old.dyn.example.test', 'bob', 'dave'],
    );
    for (const line of tokens) assert.ok(!after.includes(line.split(':')[1] ?? ''), 'a token is in the file');
    assert.match(after, /^pw = "\$argon2id\$v=19\$m=1024,t=1,p=1\$/m);
    assert.match(after, /^follows = "home\.dyn\.example\.test"$/m);
    const { status, stderr } = await run('configure', 'users', 'list');
    assert.equal(status, 0, stderr);

    const second = await run(...command);
    assert.equal(second.status, 0, second.stderr);
    assert.doesNotMatch(second.stdout, /^(?:taken|changed)/m);
    assert.equal(configuration(), after);
  });

  it('comments and settings of the file stay', async () => {
    const { folder, run, configuration } = await site();
    writeFileSync(join(folder, 'dynonym.toml'), `# by hand\n${configuration()}# the end\n`);
    writeFileSync(join(folder, 'ddclient.conf'), "login=alice, password='s3 cret' home.example.org\n");
    const { status, stderr } = await run('import', 'ddclient', 'ddclient.conf');
    assert.equal(status, 0, stderr);
    assert.match(configuration(), /^# by hand\n[\s\S]*# the end\n/);
    assert.ok(!configuration().includes('s3 cret'));
    assert.match((await run('configure', 'users', 'list')).stdout, /^alice: home\.example\.org$/m);
  });
});
