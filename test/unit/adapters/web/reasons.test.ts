import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { de } from '../../../../src/adapters/web/catalogue.de.ts';
import { parseChosenLabel, parseNameAbove } from '../../../../src/domain/chosen-label.ts';
import { domainName, parseDomainName, parseGrantedName } from '../../../../src/domain/domain-name.ts';
import { parseDuration } from '../../../../src/domain/duration.ts';
import type { Parsed } from '../../../../src/domain/errors.ts';
import { parseIpv4, parseIpv6 } from '../../../../src/domain/ip-address.ts';
import { parseNetwork } from '../../../../src/domain/network.ts';
import { parsePasskeyName } from '../../../../src/domain/passkey.ts';
import { parseChosenPassword } from '../../../../src/domain/password.ts';
import { parseTtl } from '../../../../src/domain/ttl.ts';
import { parseChosenUserName } from '../../../../src/domain/user.ts';

const below = domainName('users.example.org');

/** What the fields of the forms are read with. */
const PARSERS: Readonly<Record<string, (text: string) => Parsed<unknown>>> = {
  parseChosenUserName,
  parseChosenPassword,
  parsePasskeyName,
  parseDomainName,
  parseGrantedName,
  parseNameAbove,
  parseIpv4,
  parseIpv6,
  parseNetwork,
  parseTtl,
  parseDuration,
  parseChosenLabel: (text) => parseChosenLabel(text, below),
};

const ODD = [
  ...[
    '',
    ' ',
    '.',
    '..',
    'a..b',
    '*',
    '*.example.org',
    'a.*.b',
    'x y',
    'ä\u200db',
    'www',
    'home',
    '192.0.2.7',
    '300.1.1.1',
    'a:b',
  ],
  ...[
    '192.0.2.0/33',
    '192.0.2.0/x',
    '2001:db8::/129',
    '::ffff:192.0.2.7',
    '2001:db8:::',
    '/24',
    '-1',
    '1e9',
    '9999999999',
  ],
  ...[
    '\u0000',
    '\u0007x',
    '\ud800',
    'a'.repeat(64),
    'a'.repeat(300),
    `${'a'.repeat(60)}.`.repeat(9),
    'ü'.repeat(1000),
  ],
  ...['5s', '11y', 'soon', '-', 'a_b', 'xn--a', 'toString', '\u202eevil', ' alice', 'U\u0308ni'],
];

describe('What a form says beside a field', () => {
  for (const [name, parse] of Object.entries(PARSERS)) {
    it(`has words in German for all that ${name} finds wrong`, () => {
      const reasons = ODD.map(parse).flatMap((parsed) => (parsed.ok ? [] : [parsed.reason]));
      assert.ok(reasons.length > 0);
      assert.deepEqual(
        reasons.filter((reason) => !Object.hasOwn(de.reasons, reason)),
        [],
      );
    });
  }
});
