import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PasswordHasher } from '../../src/application/ports/password-hasher.ts';

/** What every PasswordHasher keeps to. */
export function passwordHasherContract(name: string, create: () => PasswordHasher): void {
  describe(`${name} as a password hasher`, () => {
    const passwords = {
      'of letters': 'correct horse battery staple',
      'without a character': '',
      'beyond ASCII': 'pässwörd 🔑',
      'with a colon, a quote and a line break': 'a:b"c\n$d',
      'of a thousand characters': 'x'.repeat(1000),
    };
    for (const [kind, password] of Object.entries(passwords)) {
      it(`knows a password ${kind} again by its hash, and no other`, async () => {
        const hasher = create();
        const hash = await hasher.hash(password);
        assert.equal(await hasher.verify(hash, password), true);
        assert.equal(await hasher.verify(hash, `${password}.`), false);
        assert.equal(await hasher.verify(hash, `.${password}`), false);
      });
    }

    it('salts: two hashes of one password differ, and both verify', async () => {
      const hasher = create();
      const [one, other] = [await hasher.hash('secret'), await hasher.hash('secret')];
      assert.notEqual(one, other);
      assert.equal(await hasher.verify(one, 'secret'), true);
      assert.equal(await hasher.verify(other, 'secret'), true);
    });

    it('judges several passwords at once, each by its own hash', async () => {
      const hasher = create();
      const hashes = await Promise.all(['a', 'b', 'c'].map((password) => hasher.hash(password)));
      const judged = await Promise.all(hashes.map((hash) => hasher.verify(hash, 'b')));
      assert.deepEqual(judged, [false, true, false]);
    });

    it('writes a modular crypt form on one line, which it recognises', async () => {
      const hasher = create();
      const hash = await hasher.hash('secret');
      assert.match(hash, /^\$[a-z0-9-]+\$[\x21-\x7e]+$/);
      assert.equal(hasher.recognises(hash), true);
    });

    for (const unknown of ['', 'secret', '$', '$$', '$unknown$1$secret', '$argon2id$', '$2b$', '*', '!']) {
      it(`given "${unknown}" for a hash, recognises nothing and no password fits`, async () => {
        const hasher = create();
        assert.equal(hasher.recognises(unknown), false);
        assert.equal(await hasher.verify(unknown, 'secret'), false);
        assert.equal(await hasher.verify(unknown, unknown), false);
        assert.equal(await hasher.verify(unknown, ''), false);
      });
    }

    it('has a hash of nobody, which is one, and which no password fits', async () => {
      const hasher = create();
      assert.equal(hasher.recognises(hasher.hashOfNobody), true);
      for (const password of ['', 'secret', 'nobody', hasher.hashOfNobody]) {
        assert.equal(await hasher.verify(hasher.hashOfNobody, password), false);
      }
    });
  });
}
