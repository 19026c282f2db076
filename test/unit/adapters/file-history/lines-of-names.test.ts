import assert from 'node:assert/strict';
import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, it } from 'node:test';
import { lineOf } from '../../../../src/adapters/file-history/event-lines.ts';
import { LinesOfNames } from '../../../../src/adapters/file-history/lines-of-names.ts';
import { domainName } from '../../../../src/domain/domain-name.ts';
import { report } from '../../../support/events.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

const [home, other] = [domainName('home.example.org'), domainName('other.example.org')];
const line = (name: typeof home, at: number, program = 'router') => lineOf(report({ name, at, program }));

describe('the lines of a name', () => {
  let path: string;
  let lines: LinesOfNames;
  beforeEach(() => {
    path = join(tempFolder(), 'history');
    lines = new LinesOfNames(path);
  });

  const times = async (name = home) => (await lines.eventsOf(name)).map(({ at }) => at);

  it('are none where there is no file', async () => {
    assert.deepEqual(await times(), []);
  });

  it('are found among those of others, and after more of them were appended', async () => {
    writeFileSync(path, line(home, 1) + line(other, 2) + line(home, 3));
    assert.deepEqual(await times(), [1, 3]);
    appendFileSync(path, line(other, 4) + line(home, 5));
    assert.deepEqual(await times(), [1, 3, 5]);
    assert.deepEqual(await times(other), [2, 4]);
  });

  it('are found once they are whole', async () => {
    const whole = line(home, 2);
    writeFileSync(path, line(home, 1) + whole.slice(0, 20));
    assert.deepEqual(await times(), [1]);
    appendFileSync(path, whole.slice(20));
    assert.deepEqual(await times(), [1, 2]);
  });

  it('are those of the file that took the place of another', async () => {
    writeFileSync(path, line(home, 1) + line(other, 2));
    await times();
    writeFileSync(`${path}.new`, line(other, 2) + line(home, 3) + line(home, 4));
    renameSync(`${path}.new`, path);
    assert.deepEqual(await times(), [3, 4]);
  });

  it('are found far apart, in a file of several pieces, with characters of several octets', async () => {
    const far = Array.from({ length: 9_000 }, (_, at) =>
      line(at % 3_000 === 0 ? home : other, at, 'Gerät ☂'),
    );
    writeFileSync(path, far.join(''));
    assert.deepEqual(await times(), [0, 3_000, 6_000]);
    assert.equal((await times(other)).length, 8_997);
    assert.equal((await lines.eventsOf(home)).at(-1)?.kind, 'reported');
  });

  it('are found behind what is no line of ours', async () => {
    writeFileSync(
      path,
      `{"name":\n${'x'.repeat(3 * 1024 * 1024)}\n{"name":"home.example.org"}\n${line(home, 1)}`,
    );
    assert.deepEqual(await times(), [1]);
  });
});
