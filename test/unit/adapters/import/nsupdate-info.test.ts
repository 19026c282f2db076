import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { djangoSecret, parseNsupdateInfo } from '../../../../src/adapters/import/nsupdate-info.ts';
import { Argon2PasswordHasher } from '../../../../src/adapters/system/argon2-password-hasher.ts';
import { valueIn } from '../../../support/parsed.ts';
import { REPOSITORY } from '../../../support/run-program.ts';

/** Dumps of a database that the models and hashers of nsupdate.info have filled. */
const dump = (file: string) => readFileSync(join(REPOSITORY, 'test/golden/import', file), 'utf8');
const FILES = ['nsupdate-info.json', 'nsupdate-info-natural.json'];

/** Passwords whose hashes in the dump can be verified here. */
const PASSWORDS: Readonly<Record<string, string>> = {
  alice: 'alice-pw',
  carol: 'carol-pw',
  'home.dyn.example.test': 'home-secret',
  'cam.dyn.example.test': 'cam-secret',
};

describe('a dump of nsupdate.info', () => {
  it('may have rows whose keys are of no use, however deep they are', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const { accounts } = valueIn(
      parseNsupdateInfo(`[{"model":"auth.user","pk":${deep},"fields":{"username":"alice","password":"!"}}]`),
    );
    assert.deepEqual(
      accounts.map(({ user, domains }) => [user, domains]),
      [['alice', []]],
    );
  });

  for (const file of FILES) {
    it(`${file}: each host is a user of its own, and each owner may change all hosts`, () => {
      const { accounts } = valueIn(parseNsupdateInfo(dump(file)));
      assert.deepEqual(
        accounts.map(({ user, domains, secret, offline }) => [user, domains, secret.kind, offline]),
        [
          ['home.dyn.example.test', ['home.dyn.example.test'], 'hash', true],
          ['cam.dyn.example.test', ['cam.dyn.example.test'], 'hash', true],
          ['old.dyn.example.test', ['old.dyn.example.test'], 'unusable', true],
          [
            'alice',
            ['home.dyn.example.test', 'nas.home.dyn.example.test', 'cam.dyn.example.test'],
            'hash',
            true,
          ],
          ['bob', ['old.dyn.example.test'], 'unusable', true],
          ['carol', [], 'hash', true],
          ['dave', [], 'unusable', true],
          ['erin', [], 'none', true],
        ],
      );
    });
  }

  it('the hashes are verified here as Django verifies them', async () => {
    const hasher = new Argon2PasswordHasher();
    const { accounts } = valueIn(parseNsupdateInfo(dump('nsupdate-info.json')));
    for (const { user, secret } of accounts) {
      if (secret.kind !== 'hash') continue;
      assert.ok(hasher.recognises(secret.hash), user);
      assert.equal(await hasher.verify(secret.hash, PASSWORDS[user] ?? ''), true, user);
      assert.equal(await hasher.verify(secret.hash, `${PASSWORDS[user]}x`), false, user);
    }
  });

  it('a related host follows its host, with its interface id and the netmask of that host', () => {
    const { hosts } = valueIn(parseNsupdateInfo(dump('nsupdate-info.json')));
    assert.deepEqual(
      hosts.map(({ interfaceId, ...host }) => ({ ...host, interfaceId: interfaceId.text })),
      [
        {
          name: 'nas.home.dyn.example.test',
          follows: 'home.dyn.example.test',
          prefixLength: 64,
          interfaceId: '::1a2b:3c4d:5e6f:7890',
        },
      ],
    );
  });

  it('what is left is told, each with its reason', () => {
    const { left } = valueIn(parseNsupdateInfo(dump('nsupdate-info.json')));
    assert.deepEqual(
      left.map(({ what, name, why }) => [what, name, why]),
      [
        ['host', 'gone.dyn.example.test', 'it is not available there'],
        ['host', 'bad.dyn.example.test', 'it is blocked for abuse there'],
        [
          'host',
          'tv.home.dyn.example.test',
          'it has no IPv6 interface id, and IPv4 addresses do not move here',
        ],
        ['user', 'frank', 'the account is not active there'],
        ['user', 'home.dyn.example.test', 'another account of this name comes before it'],
        [
          'other',
          'dyn.example.test',
          'the name server 192.0.2.53 of this zone and its key are set with dynonym configure dns',
        ],
        ['other', 'home.example.org', 'updates are not passed on to other services'],
      ],
    );
  });

  it('no secret of the zone and of other services is taken along', () => {
    const taken = JSON.stringify(valueIn(parseNsupdateInfo(dump('nsupdate-info.json'))));
    assert.doesNotMatch(taken, /c2VjcmV0/);
  });

  for (const [what, text, reason] of [
    ['a text that breaks off', '[\n{"model": ', /^(?:line 2: )?it is no JSON/],
    ['a list of something else', '[{"a":1}]', /^it is no dump of nsupdate\.info; make it with: manage\.py/],
    ['an object', '{}', /^it is no dump/],
    [
      'a dump without the parts that count',
      '[{"model":"sessions.session","pk":1,"fields":{}}]',
      /^it is no dump/,
    ],
  ] as const) {
    it(`${what} is no dump`, () => {
      const parsed = parseNsupdateInfo(text);
      assert.ok(!parsed.ok);
      assert.match(parsed.reason, reason);
    });
  }
});

describe('a secret of Django', () => {
  for (const [stored, secret] of [
    [
      'argon2$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaA',
      { kind: 'hash', hash: '$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaA' },
    ],
    ['bcrypt$$2b$12$x', { kind: 'hash', hash: '$2b$12$x' }],
    ['!abc', { kind: 'none' }],
    ['', { kind: 'none' }],
  ] as const) {
    it(`${stored || 'nothing'} is ${secret.kind}`, () =>
      assert.deepEqual(djangoSecret(stored, 'password'), secret));
  }

  for (const [stored, form] of [
    ['pbkdf2_sha256$260000$salt$hash', 'pbkdf2_sha256'],
    ['bcrypt_sha256$$2b$12$x', 'bcrypt_sha256'],
    ['sha1$salt$hash', 'sha1'],
    ['s3cret in clear', 'an unknown form'],
  ] as const) {
    it(`${form} cannot be verified, and is not repeated`, () =>
      assert.deepEqual(djangoSecret(stored, 'password'), {
        kind: 'unusable',
        why: `its password is stored as ${form}, which cannot be verified here`,
      }));
  }
});
