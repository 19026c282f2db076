import assert from 'node:assert/strict';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { FileNoticeStore } from '../../../../src/adapters/file-stores/file-notice-store.ts';
import { RecordingLogger } from '../../../fakes/recording-logger.ts';
import { noticeNamed } from '../../../support/notices.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

const pending = (id: string) => ({ target: 'one', notice: noticeNamed(id) });

async function opened(path = join(tempFolder(), 'notices.jsonl')) {
  const logger = new RecordingLogger();
  const store = new FileNoticeStore(path, logger);
  const ids = (await store.load()).map(({ notice }) => notice.id);
  return { path, logger, store, ids };
}

describe('the file of pending notices', () => {
  it('is not there before something is pending, and is for its owner alone', async () => {
    const { path, store } = await opened();
    await store.close();
    assert.equal(existsSync(path), false);
    store.keep(pending('one'));
    await store.close();
    assert.equal(statSync(path).mode & 0o777, 0o600);
  });

  it('stays small, however many notices have come and gone', async () => {
    const { path, store } = await opened();
    store.keep(pending('one that stays'));
    for (let count = 0; count < 10_000; count += 1) {
      store.keep(pending(String(count)));
      store.forget(pending(String(count)));
      if (count % 500 === 0) await store.close();
    }
    await store.close();
    assert.ok(readFileSync(path, 'utf8').split('\n').length < 3_000);
    assert.deepEqual((await opened(path)).ids, ['one that stays']);
  });

  it('is read up to a line that a crash has cut, and is whole again after the next one', async () => {
    const first = await opened();
    first.store.keep(pending('one'));
    await first.store.close();
    appendFileSync(first.path, '{"target":"one","notice":{"id":"tw');
    const second = await opened(first.path);
    assert.deepEqual(second.ids, ['one']);
    assert.deepEqual(second.logger.entries, []);
    second.store.keep(pending('three'));
    await second.store.close();
    assert.deepEqual((await opened(first.path)).ids, ['one', 'three']);
  });

  it('is read past damaged lines, is set aside for a person to look at, and is made anew', async () => {
    const { path, store } = await opened();
    store.keep(pending('one'));
    await store.close();
    appendFileSync(path, 'nonsense\n{"target":7}\n');
    const { ids, logger } = await opened(path);
    assert.deepEqual(ids, ['one']);
    assert.deepEqual(
      logger.entries.map(({ event, fields }) => [event, fields['damaged']]),
      [['Lines of pending notices are damaged: the file was set aside', 2]],
    );
    const aside = String(logger.entries[0]?.fields['aside']);
    assert.match(readFileSync(aside, 'utf8'), /nonsense\n\{"target":7\}\n$/);
    const again = await opened(path);
    assert.deepEqual([again.ids, again.logger.entries], [['one'], []]);
  });

  it('that cannot be read is set aside with all that is in it', async () => {
    const path = join(tempFolder(), 'notices.jsonl');
    mkdirSync(path);
    const { store, ids, logger } = await opened(path);
    assert.deepEqual(ids, []);
    assert.deepEqual(
      logger.entries.map(({ event }) => event),
      ['Could not read pending notices: the file was set aside'],
    );
    assert.ok(statSync(String(logger.entries[0]?.fields['aside'])).isDirectory());
    store.keep(pending('one'));
    await store.close();
    assert.deepEqual((await opened(path)).ids, ['one']);
  });

  it('that can be neither read nor set aside is told, and what is kept is not written over it', async () => {
    const file = join(tempFolder(), 'no-folder');
    writeFileSync(file, 'not a folder');
    const { store, logger } = await opened(join(file, 'notices.jsonl'));
    store.keep(pending('one'));
    await store.close();
    const events = new Set(logger.entries.map(({ event }) => event));
    assert.deepEqual(
      [...events],
      [
        'Could not read pending notices, and the file could not be set aside',
        'Could not write pending notices: a restart would lose them',
      ],
    );
    assert.equal(readFileSync(file, 'utf8'), 'not a folder');
  });

  it('that cannot be written is told once, and has everything when it can be written again', async () => {
    const folder = tempFolder();
    const path = join(folder, 'notices.jsonl');
    const { store, logger } = await opened(path);
    mkdirSync(path);
    for (const id of ['one', 'two', 'three']) {
      store.keep(pending(id));
      await store.close();
    }
    store.forget(pending('two'));
    await store.close();
    assert.deepEqual(
      logger.entries.map(({ event }) => event),
      ['Could not write pending notices: a restart would lose them'],
    );
    rmdirSync(path);
    store.keep(pending('four'));
    await store.close();
    assert.deepEqual((await opened(path)).ids, ['one', 'three', 'four']);
  });

  it('that could not be written is written at the end', async () => {
    const { path, store } = await opened();
    mkdirSync(path);
    store.keep(pending('one'));
    await store.close();
    rmdirSync(path);
    await store.close();
    assert.deepEqual((await opened(path)).ids, ['one']);
  });

  it('has everything after more at once than may wait for the disk', async () => {
    const { path, store } = await opened();
    for (let count = 0; count <= 20_000; count += 1) store.keep(pending(String(count)));
    await store.close();
    assert.equal((await opened(path)).ids.length, 20_001);
  });
});
