import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { KeyedCredentialMemory } from '../../../../src/adapters/system/keyed-credential-memory.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';

const DAY = 24 * 60 * 60_000;

describe('KeyedCredentialMemory', () => {
  test('what was learnt is known, and nothing else', () => {
    const memory = new KeyedCredentialMemory(new ManualClock());
    memory.learn('$hash', 'secret');
    assert.equal(memory.knows('$hash', 'secret'), true);
    assert.equal(memory.knows('$hash', 'Secret'), false);
    assert.equal(memory.knows('$other', 'secret'), false);
  });

  test('a pair that reads the same when put together is another pair', () => {
    const memory = new KeyedCredentialMemory(new ManualClock());
    memory.learn('$hash', 'secret');
    assert.equal(memory.knows('$hashs', 'ecret'), false);
  });

  test('a password is known for as long as it is used, and a day longer', async () => {
    const clock = new ManualClock();
    const memory = new KeyedCredentialMemory(clock);
    memory.learn('$hash', 'secret');
    for (let day = 0; day < 7; day += 1) {
      await clock.advance(DAY - 1);
      assert.equal(memory.knows('$hash', 'secret'), true);
    }
    await clock.advance(DAY);
    assert.equal(memory.knows('$hash', 'secret'), false);
  });

  test('a full memory forgets what was used longest ago', () => {
    const memory = new KeyedCredentialMemory(new ManualClock());
    memory.learn('$used', 'secret');
    memory.learn('$unused', 'secret');
    for (let user = 0; user < 99_998; user += 1) memory.learn(`$${user}`, 'secret');
    assert.equal(memory.knows('$used', 'secret'), true);
    memory.learn('$new', 'secret');
    assert.equal(memory.knows('$unused', 'secret'), false);
    assert.equal(memory.knows('$used', 'secret'), true);
  });
});
