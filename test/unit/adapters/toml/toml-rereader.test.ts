import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { judgeConfiguration } from '../../../../src/adapters/toml/schema.ts';
import { readToml, type TomlTable, type TomlValue } from '../../../../src/adapters/toml/toml-reader.ts';
import { TomlRereader } from '../../../../src/adapters/toml/toml-rereader.ts';
import { TomlSyntaxError } from '../../../../src/adapters/toml/toml-syntax.ts';
import { parseUserName } from '../../../../src/domain/user.ts';
import { fuzzRuns } from '../../../support/fuzz-runs.ts';
import { valueIn } from '../../../support/parsed.ts';
import { chance, type Draw, pick, randomDocument, upTo } from './random-document.ts';

const numRuns = fuzzRuns(1500);

/** Lines that, one after another, may or may not go together. */
const LINES = [
  '[users.alice]',
  '[users.alice] # hello',
  '  [users.alice]',
  '[users."alice"]',
  '[users.bob]',
  '[users.alice.x]',
  '[[users.alice.tokens]]',
  '[[users.bob.tokens]]',
  '[users.alice.tokens.y]',
  '[users]',
  '[[users]]',
  '[[users.list]]',
  '[users.list.z]',
  '[http]',
  '[http.tls]',
  '[__proto__.alice]',
  '[hosts."home.example.org"]',
  '[a.b.c]',
  '[a]',
  'pw = "$2b$x"',
  "pw = '$2b$y'",
  'domains = ["home.example.org",',
  '  "cam.example.org"',
  ']',
  '[ "x" ],',
  'list = [',
  'text = """',
  '"""',
  "'''",
  'alice.pw = "$2b$z"',
  'users.carol = { pw = "$2b$x" }',
  'name = "n"',
  'workers = 2',
  'ttl = 1979-05-27',
  '# a comment',
  '',
  '   ',
];

describe('reading versions of a text', () => {
  it('keeps what did not change, but nothing of a very long text: the memory is worth more', () => {
    const reader = new TomlRereader();
    const alice = (comment: string) => {
      const users = reader.read(`[users.alice]\npw = "$2b$x"\n[http]\n# ${comment}\n`).get('users');
      return (users as TomlTable).get('alice');
    };
    assert.equal(alice('one'), alice('two'));
    const long = 'x'.repeat(4_000_000);
    assert.notEqual(alice(`${long}1`), alice(`${long}2`));
    assert.notEqual(alice('one'), alice(long));
  });

  it('keeps what was judged of it', () => {
    const reader = new TomlRereader();
    const alice = valueIn(parseUserName('alice'));
    const aliceWith = (bob: string) => {
      const table = reader.read(`[users.alice]\npw = "$2b$x"\n[users.bob]\npw = "${bob}"\n`);
      return judgeConfiguration(table, () => true).configuration?.users.get(alice);
    };
    const judged = aliceWith('$2b$y');
    assert.ok(judged !== undefined);
    assert.equal(aliceWith('$2b$z'), judged);
  });

  it('comes to what reading each from scratch does, and judges it the same', () => {
    fc.assert(
      fc.property(fc.gen(), (draw) => {
        const reader = new TomlRereader();
        let lines = chance(draw, 50) ? randomDocument(draw).text.split('\n') : linesOf(draw);
        for (let version = 0; version < 5; version += 1) {
          const text = lines.join(pick(draw, ['\n', '\n', '\n', '\r\n']));
          const [one, other] = [outcomeOf(() => reader.read(text)), outcomeOf(() => readToml(text))];
          assert.deepEqual(told(one), told(other), text);
          if (one instanceof Map && other instanceof Map) {
            assert.deepEqual(
              judgeConfiguration(one, () => true),
              judgeConfiguration(other, () => true),
              text,
            );
          }
          lines = edited(draw, lines);
        }
      }),
      { numRuns },
    );
  });

  it('keeps the values of what did not change, and only those', () => {
    const reader = new TomlRereader();
    const text = ['[http]', '[users.alice]', 'pw = "a"', '[users.bob]', 'pw = "b"', '[users.carol]', ''].join(
      '\n',
    );
    const before = reader.read(text);
    const after = reader.read(text.replace('"b"', '"B"'));
    const user = (table: TomlTable, name: string) => (table.get('users') as TomlTable).get(name);
    assert.equal(after.get('http'), before.get('http'));
    assert.equal(user(after, 'alice'), user(before, 'alice'));
    assert.deepEqual(user(after, 'bob'), new Map([['pw', 'B']]));
    assert.deepEqual(user(before, 'bob'), new Map([['pw', 'b']]));
  });
});

const linesOf = (draw: Draw): string[] => Array.from({ length: upTo(draw, 12) }, () => pick(draw, LINES));

/** A line more, or less, or another one; or one that is moved; or a part of one. */
function edited(draw: Draw, lines: readonly string[]): string[] {
  const next = [...lines];
  const count = 1 + upTo(draw, 2);
  for (let edit = 0; edit < count; edit += 1) {
    const at = upTo(draw, next.length);
    const [line = ''] = next.slice(at, at + 1);
    const ways: (() => void)[] = [
      () => next.splice(at, 0, pick(draw, LINES)),
      () => next.splice(at, 1),
      () => next.splice(at, 1, pick(draw, LINES)),
      () => next.splice(upTo(draw, next.length), 0, line),
      () => next.splice(upTo(draw, next.length), 0, ...next.splice(at, 1 + upTo(draw, 3))),
      () => next.splice(at, 1, line.slice(0, upTo(draw, line.length))),
    ];
    pick(draw, ways)();
  }
  return next;
}

function outcomeOf(read: () => TomlTable): TomlTable | TomlSyntaxError {
  try {
    return read();
  } catch (error) {
    if (error instanceof TomlSyntaxError) return error;
    throw error;
  }
}

/** With the order of keys, which tables in the eyes of `deepEqual` do not have. */
function told(value: TomlValue | TomlSyntaxError): unknown {
  if (value instanceof TomlSyntaxError) return [value.offset, value.message];
  if (value instanceof Map) return Array.from(value, ([key, inner]) => [key, told(inner)]);
  return Array.isArray(value) ? value.map(told) : value;
}
