import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  configParserValue,
  confuseString,
  ddclientValue,
  routerOsText,
  shellWord,
  systemdWord,
  uciValue,
} from '../../../../src/adapters/snippets/quoting.ts';

/** What somewhere means something; the last is two octets in UTF-8. */
const SPECIAL = `a'b"c\\d$e\${F}g%h?i é`;

describe('a value is written', () => {
  for (const [format, write, written] of [
    ['a word of a shell', shellWord, `'a'\\''b"c\\d$e\${F}g%h?i é'`],
    ['a value of UCI', uciValue, `'a'\\''b"c\\d$e\${F}g%h?i é'`],
    ['a string of libConfuse', confuseString, `"a'b\\"c\\\\d\\$e\\\${F}g%h?i é"`],
    ['a word for systemd', systemdWord, `"a'b\\"c\\\\d$$e$\${F}g%%h?i é"`],
    ['the inside of a RouterOS string', routerOsText, "a'b\\22c\\5Cd\\24e\\24{F}g%h\\3Fi \\C3\\A9"],
    ['a value for ddclient', ddclientValue, `'a\\'b"c\\\\d$e\${F}g%h?i é'`],
    ['a value for configparser', configParserValue, `a'b"c\\d$e\${F}g%%h?i é`],
  ] as const) {
    test(`as ${format}`, () => assert.equal(write(SPECIAL), written));
  }
});
