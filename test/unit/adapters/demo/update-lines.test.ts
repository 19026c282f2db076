import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UpdateLines } from '../../../../src/adapters/demo/update-lines.ts';

function recorded() {
  const lines: string[] = [];
  return { lines, log: new UpdateLines((line) => lines.push(line)) };
}

const REQUEST = { user: 'demo', client: '127.0.0.1', path: '/nic/update', milliseconds: 4 };

describe('the log of a demonstration', () => {
  it('an update: its name, its outcome, what the DNS now holds, and who asked for it', () => {
    const { lines, log } = recorded();
    log.info('answered', {
      ...REQUEST,
      names: ['home.example.test'],
      outcome: ['good'],
      addresses: ['203.0.113.7', '2001:db8::7'],
    });
    assert.deepEqual(lines, ['home.example.test: good → 203.0.113.7, 2001:db8::7 (demo at 127.0.0.1, 4 ms)']);
  });

  it('several names: each with its own outcome, in one line', () => {
    const { lines, log } = recorded();
    log.info('answered', {
      ...REQUEST,
      names: ['a.example.test', 'b.example.test'],
      outcome: ['good', 'nohost'],
    });
    assert.deepEqual(lines, ['a.example.test: good; b.example.test: nohost (demo at 127.0.0.1, 4 ms)']);
  });

  it('a request without credentials: the outcome, and where it came from', () => {
    const { lines, log } = recorded();
    log.info('answered', { ...REQUEST, user: undefined, names: [], outcome: 'badauth' });
    assert.deepEqual(lines, ['badauth (127.0.0.1, 4 ms)']);
  });

  it('trouble: the event and what is known of it', () => {
    const { lines, log } = recorded();
    log.warn('could not confirm', { name: 'home.example.test', fault: new Error('the disk is full') });
    log.error('broken');
    assert.deepEqual(lines, [
      'could not confirm (name: home.example.test, fault: the disk is full)',
      'broken',
    ]);
  });

  it('everything else: nothing', () => {
    const { lines, log } = recorded();
    log.info('Listening', { addresses: ['http://127.0.0.1:8053'] });
    log.debug();
    assert.deepEqual(lines, []);
  });
});
