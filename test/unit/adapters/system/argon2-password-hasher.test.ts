import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as argon2 from '@node-rs/argon2';
import { Argon2PasswordHasher } from '../../../../src/adapters/system/argon2-password-hasher.ts';

const hasher = new Argon2PasswordHasher();

describe('hashes of passwords', () => {
  it('are written as argon2id at the cost that OWASP recommends', async () => {
    assert.match(
      await hasher.hash('secret'),
      /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/,
    );
  });

  // The argon2i and argon2id hashes are vectors of the reference implementation, the bcrypt hashes were
  // written by libxcrypt.
  const foreign: readonly [string, string, string][] = [
    [
      'argon2id',
      'password',
      '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
    ],
    [
      'argon2i',
      'password',
      '$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$wWKIMhR9lyDFvRz9YTZweHKfbftvj+qf+YFY4NeBbtA',
    ],
    [
      'argon2i of version 16',
      'password',
      '$argon2i$m=65536,t=2,p=1$c29tZXNhbHQ$9sTbSlTio3Biev89thdrlKKiCaYsjjYVJxGAL3swxpQ',
    ],
    [
      'argon2d',
      'password',
      '$argon2d$v=19$m=1024,t=2,p=2$c29tZXNhbHQ$QUWn8+lb/DqLTOHyPe0xQ3OScGMuazJ2dJlz9kH6fQc',
    ],
    ['bcrypt 2a', 'correct horse', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.WrAwgFxicHZ3kL7zMvXYXHKosDn8ot2'],
    ['bcrypt 2b', 'correct horse', '$2b$05$CCCCCCCCCCCCCCCCCCCCC.WrAwgFxicHZ3kL7zMvXYXHKosDn8ot2'],
    ['bcrypt 2y', 'correct horse', '$2y$05$CCCCCCCCCCCCCCCCCCCCC.WrAwgFxicHZ3kL7zMvXYXHKosDn8ot2'],
  ];
  for (const [kind, password, hash] of foreign) {
    it(`of ${kind} that another program wrote verify the right password and no other`, async () => {
      assert.equal(hasher.recognises(hash), true);
      assert.equal(await hasher.verify(hash, password), true);
      assert.equal(await hasher.verify(hash, `${password}!`), false);
      assert.equal(await hasher.verify(hash, ''), false);
    });
  }

  it('of bcrypt see the first 72 octets of a password, as they do everywhere', async () => {
    const hash = '$2y$05$CCCCCCCCCCCCCCCCCCCCC.ODcEJfYFxKziEakDsjep8mcF3zSCvHq';
    assert.equal(await hasher.verify(hash, `${'a'.repeat(72)}b`), true);
    assert.equal(await hasher.verify(hash, `${'a'.repeat(72)}other`), true);
    assert.equal(await hasher.verify(hash, `${'a'.repeat(71)}b`), false);
  });

  const tail = '$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
  const bcryptTail = 'CCCCCCCCCCCCCCCCCCCCC.WrAwgFxicHZ3kL7zMvXYXHKosDn8ot2';
  const refused: Record<string, string> = {
    'asks for all memory': `$argon2id$v=19$m=4294967295,t=2,p=1${tail}`,
    'asks for more than 256 MiB': `$argon2id$v=19$m=262145,t=2,p=1${tail}`,
    'asks for endless passes': `$argon2id$v=19$m=64,t=4294967295,p=1${tail}`,
    'asks for too many lanes': `$argon2id$v=19$m=65536,t=2,p=17${tail}`,
    'asks for no pass at all': `$argon2id$v=19$m=65536,t=0,p=1${tail}`,
    'asks for numbers beyond 32 bits': `$argon2id$v=19$m=99999999999999999999,t=2,p=1${tail}`,
    'asks for negative memory': `$argon2id$v=19$m=-65536,t=2,p=1${tail}`,
    'is of an unknown kind of argon2': `$argon2x$v=19$m=65536,t=2,p=1${tail}`,
    'is of an unknown version of argon2': `$argon2id$v=20$m=65536,t=2,p=1${tail}`,
    'has no digest': '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ',
    'has a digest of a thousand characters': `$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$${'A'.repeat(1000)}`,
    'has a line break at its end': `$argon2id$v=19$m=65536,t=2,p=1${tail}\n`,
    'is bcrypt that takes hours': `$2b$31$${bcryptTail}`,
    'is bcrypt above the most that is taken': `$2b$16$${bcryptTail}`,
    'is bcrypt of an impossible cost': `$2b$99$${bcryptTail}`,
    'is bcrypt of the broken kind': `$2x$05$${bcryptTail}`,
    'is bcrypt cut short': `$2b$05$${bcryptTail.slice(0, -1)}`,
    'is bcrypt with more behind it': `$2b$05$${bcryptTail}0`,
  };
  for (const [what, hash] of Object.entries(refused)) {
    it(`are not recognised when one ${what}, and no password fits`, async () => {
      assert.equal(hasher.recognises(hash), false);
      assert.equal(await hasher.verify(hash, 'password'), false);
      assert.equal(await hasher.verify(hash, 'correct horse'), false);
    });
  }

  it('of the usual forms are recognised only where the libraries read them too', () => {
    const digest = 'lOgtv5+//3fyKhBfbOlgfGLOQa7ugMXGyxeKEaScK94';
    const usual = (salt: string, own = digest) => `$argon2id$v=19$m=19456,t=2,p=1$${salt}$${own}`;
    for (const [hash, isRecognised] of [
      [usual('kvsEHPnrAC932hlKQJaFGg'), true],
      [usual('kvsEHPnrAC932hlKQJaFGh'), false],
      [usual('kvsEHPnrAC932hlKQJaFGg', digest.replace(/4$/, '5')), false],
      [usual('kvsEHPnrAC932hlKQJaFGg', `${digest}\n`), false],
      [`x${usual('kvsEHPnrAC932hlKQJaFGg')}`, false],
    ] as const) {
      assert.equal(hasher.recognises(hash), isRecognised, hash);
    }
  });

  it('at the bounds are recognised', () => {
    assert.equal(hasher.recognises(`$argon2id$v=19$m=262144,t=16,p=16${tail}`), true);
    assert.equal(hasher.recognises(`$2b$15$${bcryptTail}`), true);
  });

  it('cost a user who does not exist the work that new ones cost', async () => {
    assert.deepEqual(
      argon2.parseOptions(hasher.hashOfNobody),
      argon2.parseOptions(await hasher.hash('secret')),
    );
  });
});
