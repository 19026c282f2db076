import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseChosenPassword, parsePassword } from '../../../src/domain/password.ts';

describe('parsePassword', () => {
  for (const [what, text] of [
    ['a single character', 'x'],
    ['spaces, also around', ' correct horse '],
    ['colons and quotes', ':"\'\\'],
    ['characters outside of ASCII', 'pässwörd 🔑'],
    ['1024 bytes', 'x'.repeat(1024)],
    ['1024 bytes in 512 characters', 'ä'.repeat(512)],
  ] as const) {
    it(`${what}: taken as they are`, () => {
      assert.deepEqual(parsePassword(text), { ok: true, value: text });
    });
  }

  for (const [what, text, reason] of [
    ['nothing', '', /empty/],
    ['a tab', 'a\tb', /control/],
    ['a line feed at the end', 'secret\n', /control/],
    ['an escape sequence of a key', 'secret\u001b[A', /control/],
    ['a C1 control character', 'a\u0085b', /control/],
    ['1025 bytes', 'x'.repeat(1025), /1024 bytes/],
    ['1026 bytes in 513 characters', 'ä'.repeat(513), /1024 bytes/],
  ] as const) {
    it(`${what}: refused`, () => {
      const parsed = parsePassword(text);
      assert.equal(parsed.ok, false);
      assert.match(parsed.ok ? '' : parsed.reason, reason);
    });
  }
});

describe('parseChosenPassword', () => {
  it('takes eight characters and more, counted as people do, and refuses what parsePassword refuses', () => {
    for (const text of ['12345678', 'ä🔑345678']) assert.ok(parseChosenPassword(text).ok);
    for (const [text, reason] of [
      ['1234567', /at least 8 characters/],
      ['🔑🔑🔑🔑', /at least 8 characters/],
      ['', /empty/],
      ['a\tbcdefgh', /control/],
    ] as const) {
      const parsed = parseChosenPassword(text);
      assert.match(parsed.ok ? '' : parsed.reason, reason);
    }
  });
});
