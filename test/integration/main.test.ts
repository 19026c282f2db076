import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { it } from 'node:test';
import { RunningProcess } from '../support/run-process.ts';
import { REPOSITORY } from '../support/run-program.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

/** In place of the command line: takes until SIGUSR2 to load, and tells who listens for a hangup. */
const SLOW_CLI = `
const alive = setInterval(() => {}, 1000);
const told = new Promise((resolve) => process.once('SIGUSR2', resolve));
console.log('loading');
await told;
clearInterval(alive);
export async function runCli() {
  await new Promise(setImmediate);
  console.log('listeners:', process.listenerCount('SIGHUP'));
  return 0;
}
`;

it('a hangup while the program is being loaded does not end it, and later means what it always does', async () => {
  const folder = tempFolder();
  copyFileSync(join(REPOSITORY, 'src/main.ts'), join(folder, 'main.ts'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  for (const [path, text] of [
    ['adapters/cli/cli.ts', SLOW_CLI],
    ['adapters/inversify/opened.ts', 'export async function closeOpened() {}'],
    ['adapters/inversify/openers.ts', ''],
  ] as const) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const program = new RunningProcess(process.execPath, [
    '--import',
    import.meta.resolve('tsx'),
    join(folder, 'main.ts'),
  ]);
  await until(() => program.stdout.includes('loading'), { what: 'the program to begin' });
  program.kill('SIGHUP');
  program.kill('SIGUSR2');
  const { status, signal, stdout, stderr } = await program.end();
  assert.deepEqual([status, signal, stderr], [0, null, '']);
  assert.match(stdout, /listeners: 0/);
});
