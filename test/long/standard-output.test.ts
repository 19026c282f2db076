import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runProcess } from '../support/run-process.ts';

const PROGRAM = fileURLToPath(new URL('../support/list-users.ts', import.meta.url));
const LIST = `${process.execPath} --import ${import.meta.resolve('tsx')} ${PROGRAM}`;

describe('standard output', { concurrency: true }, () => {
  it('has all lines where it is read to its end, and the command succeeds', async () => {
    const { status, stdout, stderr } = await runProcess('sh', ['-c', LIST]);
    assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
    assert.equal(stdout.split('\n').length, 20_001);
    assert.ok(stdout.endsWith('\nuser-20000: (no names)\n'));
  });

  it('ends the command without a word where its reader has gone away', async () => {
    const { stdout, stderr } = await runProcess('sh', ['-c', `${LIST} | head -n 1`]);
    assert.deepEqual({ stdout, stderr }, { stdout: 'user-1: (no names)\n', stderr: '' });
  });

  it('ends the command with one line, and no success, where the disk is full', async () => {
    const { status, stderr } = await runProcess('sh', ['-c', `${LIST} > /dev/full`]);
    assert.deepEqual(
      { status, stderr },
      { status: 1, stderr: 'dynonym: ENOSPC: no space left on device, write\n' },
    );
  });
});
