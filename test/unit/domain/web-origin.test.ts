import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseWebOrigin } from '../../../src/domain/web-origin.ts';

describe('the address of the pages', () => {
  for (const [text, origin] of [
    ['https://Dyn.example.org/', 'https://dyn.example.org'],
    ['https://dyn.example.org:8443', 'https://dyn.example.org:8443'],
    ['http://localhost:8053', 'http://localhost:8053'],
    ['http://127.0.0.1:8053/', 'http://127.0.0.1:8053'],
    ['http://[::1]:8053', 'http://[::1]:8053'],
  ] as const) {
    it(`may be ${text}`, () => {
      assert.deepEqual(parseWebOrigin(text), { ok: true, value: origin });
    });
  }

  for (const [text, reason] of [
    ['dyn.example.org', /without a path is expected/],
    ['ftp://dyn.example.org', /without a path is expected/],
    ['https://dyn.example.org/path', /without a path is expected/],
    ['https://dyn.example.org/?a=b', /without a path is expected/],
    ['https://user@dyn.example.org', /without a path is expected/],
    ['http://dyn.example.org', /begins with https:\/\/, or names this machine/],
    ['http://localhost.example.org', /begins with https:\/\/, or names this machine/],
  ] as const) {
    it(`may not be ${text}`, () => {
      const parsed = parseWebOrigin(text);
      assert.ok(!parsed.ok);
      assert.match(parsed.reason, reason);
    });
  }
});
