import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Shutdown } from '../../../../src/adapters/inversify/shutdown.ts';
import { RecordingLogger } from '../../../fakes/recording-logger.ts';

/** A shutdown with parts that take a moment to close, and what became of them. */
function open(...names: string[]) {
  const logger = new RecordingLogger();
  const shutdown = new Shutdown(logger);
  const closed: string[] = [];
  for (const name of names) {
    shutdown.register(name, async () => {
      closed.push(`${name} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      closed.push(`${name} ends`);
    });
  }
  return { shutdown, closed, logger };
}

describe('shutdown', () => {
  it('closes what was registered, the latest first, one after another', async () => {
    const { shutdown, closed } = open('store', 'dns', 'http');
    await shutdown.close();
    assert.deepEqual(closed, [
      'http begins',
      'http ends',
      'dns begins',
      'dns ends',
      'store begins',
      'store ends',
    ]);
  });

  it('with a closer that fails, reports it by name and closes the others', async () => {
    const { shutdown, closed, logger } = open('store');
    const rejected = new Error('connection reset');
    shutdown.register('dns', () => Promise.reject(rejected));
    shutdown.register('metrics', () => {
      throw 'not even an error';
    });
    await shutdown.close();

    assert.deepEqual(closed, ['store begins', 'store ends']);
    assert.deepEqual(
      logger.at('error').map(({ fields }) => [fields['part'], (fields['error'] as Error).message]),
      [
        ['metrics', 'not even an error'],
        ['dns', 'connection reset'],
      ],
    );
  });

  it('closed twice at once, closes everything once, and both wait for the end', async () => {
    const { shutdown, closed } = open('store', 'http');
    await Promise.race([shutdown.close(), shutdown.close()]);
    assert.deepEqual(closed, ['http begins', 'http ends', 'store begins', 'store ends']);
    await shutdown.close();
    assert.equal(closed.length, 4);
  });

  it('closes what a closer registered while it ran', async () => {
    const { shutdown, closed } = open();
    shutdown.register('outer', () => shutdown.register('inner', () => void closed.push('inner')));
    await shutdown.close();
    assert.deepEqual(closed, ['inner']);
  });
});
