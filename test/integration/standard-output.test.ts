import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runProcess } from '../support/run-process.ts';

const PROGRAM = fileURLToPath(new URL('../support/list-users.ts', import.meta.url));
const LIST = `${process.execPath} --import ${import.meta.resolve('tsx')} ${PROGRAM}`;

describe('standard output', () => {
  it('read to its end: all lines, and a success', async () => {
    const { status, stdout, stderr } = await runProcess('sh', ['-c', LIST]);
    assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
    assert.equal(stdout.split('\n').length, 20_001);
    assert.ok(stdout.endsWith('\nuser-20000: (no names)\n'));
  });

  it('a pipe whose reader has gone away: ends without a word', async () => {
    const { stdout, stderr } = await runProcess('sh', ['-c', `${LIST} | head -n 1`]);
    assert.deepEqual({ stdout, stderr }, { stdout: 'user-1: (no names)\n', stderr: '' });
  });

  it('a full disk: one line, and no success', async () => {
    const { status, stderr } = await runProcess('sh', ['-c', `${LIST} > /dev/full`]);
    assert.deepEqual(
      { status, stderr },
      { status: 1, stderr: 'dynonym: ENOSPC: no space left on device, write\n' },
    );
  });
});
