import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  type DatabaseAddress,
  databaseHostText,
  parseDatabaseAddress,
} from '../../../../src/application/manage/database-address.ts';
import { valueIn } from '../../../support/parsed.ts';

const addressOf = (text: string): DatabaseAddress => valueIn(parseDatabaseAddress(text));

function reasonOf(text: string): string {
  const parsed = parseDatabaseAddress(text);
  return parsed.ok ? '' : parsed.reason;
}

describe('the address of a database', () => {
  test('has a user, a host and a database, and no TLS on this machine', () => {
    assert.deepEqual(addressOf('postgres://dynonym@127.0.0.1/names'), {
      hosts: [{ host: '127.0.0.1', port: 5432 }],
      user: 'dynonym',
      password: undefined,
      database: 'names',
      tls: 'off',
    });
  });

  test('has several hosts, each with its port, and TLS that proves their names', () => {
    const { hosts, tls } = addressOf(
      'postgresql://u:p@db1.example.org,db2.example.org:5433,[2001:db8::1]:6432/d',
    );
    assert.deepEqual(hosts, [
      { host: 'db1.example.org', port: 5432 },
      { host: 'db2.example.org', port: 5433 },
      { host: '2001:db8::1', port: 6432 },
    ]);
    assert.deepEqual(tls, { proves: 'name', ca: undefined });
    assert.deepEqual(hosts.map(databaseHostText).at(-1), '[2001:db8::1]:6432');
  });

  test('may be the folder of a Unix socket', () => {
    for (const text of ['postgres://u@%2Frun%2Fpostgresql/d', 'postgres://u@/d?host=/run/postgresql']) {
      const { hosts, tls } = addressOf(text);
      assert.deepEqual(hosts.map(databaseHostText), ['/run/postgresql']);
      assert.equal(tls, 'off');
    }
  });

  for (const [mode, tls] of [
    ['sslmode=disable', 'off'],
    ['sslmode=require', { proves: 'nothing', ca: undefined }],
    ['sslmode=verify-ca&sslrootcert=/etc/ca.pem', { proves: 'authority', ca: '/etc/ca.pem' }],
    ['sslmode=verify-full&sslrootcert=system', { proves: 'name', ca: undefined }],
    ['target_session_attrs=read-write', { proves: 'name', ca: undefined }],
  ] as const) {
    test(`says by ${mode} what TLS has to prove`, () => {
      assert.deepEqual(addressOf(`postgres://u@db.example.org/d?${mode}`).tls, tls);
    });
  }

  test('gives back every user, password and database that was percent-encoded', () => {
    const part = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !text.includes('\0'));
    fc.assert(
      fc.property(part, part, part, (user, password, database) => {
        const [u, p, d] = [user, password, database].map(encodeURIComponent);
        const address = addressOf(`postgres://${u}:${p}@localhost/${d}`);
        assert.deepEqual([address.user, address.password, address.database], [user, password, database]);
      }),
    );
  });

  for (const [text, reason] of [
    ['', /is written like/],
    ['mysql://u@h/d', /is written like/],
    ['postgres://u:p@ss@h/d', /%40/],
    ['postgres://u:p/w@h/d', /%2F/],
    ['postgres://u:%zz@h/d', /hexadecimal/],
    ['postgres://h/d', /no user/],
    ['postgres://u@h', /names no database/],
    ['postgres://u@/d', /names no host/],
    ['postgres://u@h,/d', /names no host/],
    ['postgres://u@h:0/d', /port/],
    ['postgres://u@h:65536/d', /port/],
    ['postgres://u@h/d?sslmode=prefer', /sslmode is one of/],
    ['postgres://u@h/d?sslrootcert=ca.pem', /absolute/],
    ['postgres://u@h/d?target_session_attrs=any', /read-write/],
    ['postgres://u@h/d?sslcert=x', /nothing else/],
    ['postgres://u%00@h/d', /NUL/],
  ] as const) {
    test(`is refused when it is ${text}, with what is wrong`, () => {
      assert.match(reasonOf(text), reason);
    });
  }

  test('is never repeated in a reason, because it may have a password', () => {
    for (const text of [
      'postgres://u:secret@h',
      'postgres://u:secret@x@h/d',
      'postgres://u:secret@h/d?secret=1',
    ]) {
      assert.doesNotMatch(reasonOf(text), /secret/);
      assert.notEqual(reasonOf(text), '');
    }
  });
});
