import assert from 'node:assert/strict';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { freePort } from '../support/free-port.ts';
import { RunningProcess, runProcess } from '../support/run-process.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

/** A process that starts another and has a temporary folder, as a test file does. They share its output. */
function startParent(): RunningProcess {
  const source = `
    import { spawnGuarded } from ${JSON.stringify(import.meta.resolve('../support/run-process.ts'))};
    import { tempFolder } from ${JSON.stringify(import.meta.resolve('../support/temp-folder.ts'))};
    const folder = tempFolder();
    spawnGuarded('sh', ['-c', 'echo "$0"; exec sleep 60', folder], { stdio: 'inherit' });
  `;
  const script = join(tempFolder(), 'parent.mts');
  writeFileSync(script, source);
  return new RunningProcess(process.execPath, ['--import', import.meta.resolve('tsx'), script]);
}

describe('a process that a test has started', { concurrency: true }, () => {
  for (const signal of ['SIGKILL', 'SIGTERM', 'SIGINT'] as const) {
    test(`ends when the test process is ended by ${signal}`, async () => {
      const parent = startParent();
      await until(() => parent.stdout.endsWith('\n'), { what: 'the child to speak' });
      const folder = parent.stdout.trim();
      assert.equal(existsSync(folder), true);

      parent.kill(signal);
      // Its output is at an end only when nobody is left who could write to it.
      assert.equal((await parent.end()).signal, signal);
      // A folder outlives SIGKILL, which leaves nobody to remove it.
      assert.equal(existsSync(folder), signal === 'SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    });
  }

  test('is ended with the test file, which does not wait for it, where a test has left it behind', async () => {
    const file = join(tempFolder(), 'leaves.test.mts');
    writeFileSync(
      file,
      `import { test } from 'node:test';
      import { RunningProcess } from ${JSON.stringify(import.meta.resolve('../support/run-process.ts'))};
      test('fails', () => { throw new Error(String(new RunningProcess('sleep', ['600']).pid)); });`,
    );
    const { status, stdout } = await runProcess(process.execPath, [
      ...['--import', import.meta.resolve('tsx'), '--test', '--test-reporter=tap', file],
    ]);
    assert.equal(status, 1, stdout);
    const [, pid = ''] = /error: '?(\d+)/.exec(stdout) ?? assert.fail(stdout);
    await until(() => !existsSync(`/proc/${pid}`), { what: 'the end of what was left behind' });
  });

  test('gets the input, the folder and the environment that it was given', async () => {
    const cwd = tempFolder();
    const result = await runProcess('sh', ['-c', 'cat; pwd; echo "$GIVEN" >&2; exit 3'], {
      stdin: 'line\n',
      cwd,
      env: { GIVEN: 'value' },
    });
    assert.deepEqual(result, { status: 3, signal: null, stdout: `line\n${cwd}\n`, stderr: 'value\n' });
  });

  test('is killed when it goes on for too long', async () => {
    await assert.rejects(runProcess('sleep', ['60'], { within: 50 }), /sleep 60 went on for 50 ms/);
  });
});

test('until gives what came true, and names what did not, with its cause', async () => {
  let calls = 0;
  assert.equal(await until(() => (++calls === 3 ? 'third' : undefined), { what: 'the third call' }), 'third');
  const cause = new Error('not yet');
  await assert.rejects(
    until(
      () => {
        throw cause;
      },
      { what: 'a miracle', within: 20 },
    ),
    { message: 'waited 20 ms for a miracle', cause },
  );
});

test('a free port is not given out of the range of outgoing connections', async () => {
  const port = await freePort('::1');
  assert.ok(port >= 10_240 && port < 32_768);
});
