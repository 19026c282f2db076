import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CredentialMemory } from '../../src/application/ports/credential-memory.ts';

/** What every CredentialMemory keeps to. It may always forget, but what a test has just told is still there. */
export function credentialMemoryContract(name: string, create: () => CredentialMemory): void {
  describe(`${name} as a memory of credentials`, () => {
    it('knows what it has learnt, and nothing else', () => {
      const memory = create();
      assert.equal(memory.knows('$hash', 'secret'), false);
      memory.learn('$hash', 'secret');
      assert.equal(memory.knows('$hash', 'secret'), true);
      assert.equal(memory.knows('$hash', 'Secret'), false);
      assert.equal(memory.knows('$hash', ''), false);
    });

    it('finds nothing any more when the stored hash is another', () => {
      const memory = create();
      memory.learn('$hash', 'secret');
      assert.equal(memory.knows('$other', 'secret'), false);
      assert.equal(memory.knows('', 'secret'), false);
    });

    it('forgets one pair, and nothing else', () => {
      const memory = create();
      memory.learn('$hash', 'secret');
      memory.learn('$hash', 'other');
      memory.forget('$hash', 'secret');
      memory.forget('$hash', 'unknown');
      assert.equal(memory.knows('$hash', 'secret'), false);
      assert.equal(memory.knows('$hash', 'other'), true);
    });

    it('takes no pair for another one that reads the same when put together', () => {
      const memory = create();
      memory.learn('$hash', 'secret');
      assert.equal(memory.knows('$hashs', 'ecret'), false);
      assert.equal(memory.knows('$has', 'hsecret'), false);
    });

    it('knows a password that it learns twice', () => {
      const memory = create();
      for (let turn = 0; turn < 2; turn += 1) memory.learn('$hash', 'secret');
      assert.equal(memory.knows('$hash', 'secret'), true);
      assert.equal(memory.knows('$hash', 'secret'), true);
    });
  });
}
