import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { runProcess } from '../support/run-process.ts';
import { REPOSITORY } from '../support/run-program.ts';
import { tempFolder } from '../support/temp-folder.ts';

const SECRET = 'planted secret/of alice';

/** A test of a program that prints this when it serves, run as `npm test` runs it. */
async function testOf(print: string) {
  const folder = tempFolder();
  const leak = (stream: string) =>
    `process.${stream}.write('one line\\n' + ${JSON.stringify(print)} + '\\n');`;
  writeFileSync(join(folder, 'program.mjs'), `${leak('stdout')}\n${leak('stderr')}`);
  writeFileSync(join(folder, 'dynonym.toml'), `[admin]\npassword = "${SECRET}"\n`);
  const support = join(REPOSITORY, 'test/support/run-program.ts');
  writeFileSync(
    join(folder, 'planted.test.mts'),
    `
import { test } from 'node:test';
import { runProgram } from ${JSON.stringify(support)};
test('runs', () => runProgram(['serve'], { cwd: ${JSON.stringify(folder)} }));
`,
  );
  return runProcess(
    process.execPath,
    [
      ...['--import', import.meta.resolve('tsx'), join(REPOSITORY, 'scripts/test.ts')],
      join(folder, 'planted.test.mts'),
    ],
    { env: { DYNONYM_MAIN: join(folder, 'program.mjs') } },
  );
}

describe('npm test', () => {
  it('passes where the programs print no secret that they were given', async () => {
    const { status, stdout } = await testOf('planted secret of nobody');
    assert.equal(status, 0, stdout);
  });

  for (const [how, print] of [
    ['as it is', `user alice, ${SECRET}`],
    ['in a URL', `GET /?password=${encodeURIComponent(SECRET)}`],
  ] as const) {
    it(`fails where one prints a secret ${how}, and tells the line without showing it`, async () => {
      const { status, stdout } = await testOf(print);
      assert.equal(status, 1, stdout);
      assert.ok(!stdout.includes(print));
      const finds = [...stdout.matchAll(/^A secret is shown in line (\d+) of (\S+)$/gm)];
      assert.ok(finds.length > 0, stdout);
      for (const [, line, file = ''] of finds) {
        assert.equal(readFileSync(file, 'utf8').split('\n')[Number(line) - 1], print);
      }
      const [, , kept = ''] = finds[0] ?? [];
      rmSync(dirname(dirname(kept)), { recursive: true });
    });
  }
});
