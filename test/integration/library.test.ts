import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { socketText } from '../../src/domain/socket-address.ts';
import { describeWithServers } from '../support/name-servers/describe-with-servers.ts';
import { KEYS, secretText } from '../support/name-servers/keys.ts';
import { runProcess } from '../support/run-process.ts';
import { REPOSITORY, runProgram } from '../support/run-program.ts';
import { tempFolder } from '../support/temp-folder.ts';

const EXAMPLES = [
  ...readFileSync(join(REPOSITORY, 'docs/library.md'), 'utf8').matchAll(/^```js\n([\s\S]*?)^```$/gm),
].map(([, code = '']) => code);

/** A folder in which `import 'dynonym'` finds what was built from this tree, as npm would lay it. */
function project(): string {
  const folder = tempFolder();
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(REPOSITORY, join(folder, 'node_modules', 'dynonym'), 'dir');
  return folder;
}

async function run(folder: string, example: number, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const file = join(folder, `example-${example}.mjs`);
  writeFileSync(file, EXAMPLES[example] ?? assert.fail(`docs/library.md has an example ${example}`));
  const { status, stdout, stderr } = await runProcess(process.execPath, [file], {
    cwd: folder,
    env: { ...process.env, ...env },
  });
  assert.equal(status, 0, stderr);
  return stdout;
}

test('docs/library.md has three examples', () => assert.equal(EXAMPLES.length, 3));

test('the example that swaps adapters works as it stands', async () => {
  assert.equal(await run(project(), 1), 'changed\nunchanged\n2001:db8::7\n');
});

describeWithServers(['bind'], (server) => {
  test('the example that updates in process works as it stands', async () => {
    const folder = project();
    const secret = join(folder, 'secret');
    writeFileSync(secret, secretText(KEYS.sha256));
    const commands = [
      ['configure', 'default'],
      ['configure', 'dns', '--socket', socketText(server().socket)],
      ['configure', 'dns', '--tsig-name', KEYS.sha256.name, '--tsig-secret-file', secret],
      ['configure', 'users', 'add', 'alice'],
      ['configure', 'users', 'auth', 'alice', 'home.dyn.example.test'],
    ];
    for (const command of commands) {
      const { status, stderr } = await runProgram(command, { cwd: folder, stdin: 's3cret\n' });
      assert.equal(status, 0, stderr);
    }
    assert.equal(await run(folder, 0), 'changed\n');
    assert.equal(await run(folder, 0), 'unchanged\n');
    const { answers } = await server().query('home.dyn.example.test', 'A');
    assert.deepEqual(
      answers.map(({ data }) => data),
      ['203.0.113.7'],
    );
  });

  test('the example that asks a primary works as it stands', async () => {
    const output = await run(project(), 2, { PRIMARY: socketText(server().socket) });
    assert.equal(output, 'A 192.0.2.80\n');
  });
});
