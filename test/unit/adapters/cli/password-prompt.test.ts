import assert from 'node:assert/strict';
import { PassThrough, Readable, Writable } from 'node:stream';
import { describe, it } from 'node:test';
import { readNewPassword } from '../../../../src/adapters/cli/password-prompt.ts';

const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });

const read = (...chunks: (string | Uint8Array)[]) =>
  readNewPassword(
    { stdin: Readable.from(chunks.map((chunk) => Buffer.from(chunk))), stderr: nowhere },
    'alice',
  );

describe('a password from standard input', () => {
  for (const [what, chunks] of [
    ['a line', ['open sesame\n']],
    ['a line of DOS', ['open sesame\r\n']],
    ['no line break at all', ['open sesame']],
    ['a line in pieces', ['open', ' ses', 'ame\r', '\n']],
    ['more lines', ['open sesame\nanother\n', 'and another\n']],
    ['a byte order mark before it', ['\ufeffopen sesame\n']],
  ] as const) {
    it(`${what}: the first line is the password`, async () => {
      assert.deepEqual(await read(...chunks), { ok: true, value: 'open sesame' });
    });
  }

  it('space around it belongs to it', async () => {
    assert.deepEqual(await read('  open sesame \n'), { ok: true, value: '  open sesame ' });
  });

  it('a character that comes in two pieces is one character', async () => {
    const bytes = Buffer.from('pässword\n');
    assert.deepEqual(await read(bytes.subarray(0, 2), bytes.subarray(2)), { ok: true, value: 'pässword' });
  });

  it('1024 bytes: taken', async () => {
    assert.deepEqual(await read(`${'x'.repeat(1024)}\r\n`), { ok: true, value: 'x'.repeat(1024) });
  });

  for (const [what, chunks, reason] of [
    ['nothing', [], /empty/],
    ['an empty line', ['\nsecond\n'], /empty/],
    ['an empty line of DOS', ['\r\n'], /empty/],
    ['a carriage return inside', ['a\rb\n'], /control characters/],
    ['Latin-1', [Buffer.from('pässword\n', 'latin1')], /UTF-8/],
    ['1025 bytes', [`${'x'.repeat(1025)}\n`], /1024 bytes/],
  ] as const) {
    it(`${what}: refused`, async () => {
      const password = await read(...chunks);
      assert.match(password.ok ? 'taken' : password.reason, reason);
    });
  }

  it('input without an end: refused as soon as it is too long', async () => {
    let chunks = 0;
    const endless = new Readable({
      read() {
        chunks += 1;
        this.push('x'.repeat(1000));
      },
    });
    const password = await readNewPassword({ stdin: endless, stderr: nowhere }, 'alice');
    assert.equal(password.ok, false);
    assert.ok(endless.destroyed);
    assert.ok(chunks < 100);
  });

  it('an input that stays open behind the line: not waited for', async () => {
    const stdin = new PassThrough();
    stdin.write('open sesame\n');
    assert.equal((await readNewPassword({ stdin, stderr: nowhere }, 'alice')).ok, true);
    assert.ok(stdin.destroyed);
  });
});
