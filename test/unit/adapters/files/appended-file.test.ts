import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, renameSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { AppendedFile } from '../../../../src/adapters/files/appended-file.ts';
import { RecordingLogger } from '../../../fakes/recording-logger.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

function appended() {
  const path = join(tempFolder(), 'audit.log');
  const logger = new RecordingLogger();
  const lost: number[] = [];
  return {
    path,
    logger,
    lost,
    file: new AppendedFile(() => path, 'the audit log', logger, {
      mode: 0o640,
      lost: (lines) => lost.push(lines),
    }),
  };
}

describe('a file that lines are appended to', () => {
  it('has all of them, in their order, also those of another process', async () => {
    const { path, file } = appended();
    const other = new AppendedFile(() => path, 'the audit log', new RecordingLogger(), { mode: 0o640 });
    for (let turn = 0; turn < 500; turn += 1) {
      file.write(`mine ${turn}\n`);
      other.write(`theirs ${turn}\n`);
    }
    await Promise.all([file.written(), other.written()]);
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    for (const who of ['mine', 'theirs']) {
      const own = lines.filter((line) => line.startsWith(who));
      assert.deepEqual(
        own,
        Array.from({ length: 500 }, (_, turn) => `${who} ${turn}`),
      );
    }
  });

  it('and moved away is followed by a new one', async () => {
    const { path, file } = appended();
    file.write('one\n');
    await file.written();
    renameSync(path, `${path}.1`);
    file.write('two\n');
    await file.written();
    assert.equal(readFileSync(`${path}.1`, 'utf8'), 'one\n');
    assert.equal(readFileSync(path, 'utf8'), 'two\n');
  });

  it('that cannot be written is told once, and how much was lost when it can again', async () => {
    const { path, logger, lost, file } = appended();
    mkdirSync(path);
    for (let turn = 0; turn < 3; turn += 1) {
      file.write(`lost ${turn}\n`);
      await file.written();
    }
    assert.equal(logger.at('error').length, 1);
    rmdirSync(path);
    file.write('kept\n');
    await file.written();
    // A line that was cut off by the fault would end here.
    assert.equal(readFileSync(path, 'utf8'), '\nkept\n');
    assert.deepEqual(lost, [1, 1, 1]);
    assert.deepEqual(logger.at('warn')[0]?.fields, { file: path, lines: 3 });
  });

  it('without a path is nowhere', async () => {
    const logger = new RecordingLogger();
    const file = new AppendedFile(() => undefined, 'the audit log', logger, { mode: 0o640 });
    file.write('a line\n');
    await file.written();
    assert.deepEqual(logger.entries, []);
  });
});
