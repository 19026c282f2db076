import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parse } from '@iarna/toml';
import fc from 'fast-check';
import { readToml, type TomlValue } from '../../../../src/adapters/toml/toml-reader.ts';
import { TomlSyntaxError } from '../../../../src/adapters/toml/toml-syntax.ts';
import { fuzzRuns } from '../../../support/fuzz-runs.ts';
import { type Draw, pick, randomDocument, upTo } from './random-document.ts';

describe('readToml', () => {
  it('reads every random document as @iarna/toml does, and takes no broken one that it refuses', () => {
    fc.assert(
      fc.property(fc.gen(), (draw) => {
        const text = randomlyBroken(draw, withoutTraps(randomDocument(draw).text));
        assert.deepEqual(
          outcome(() => asObject(readToml(text))),
          outcome(() => bare(parse(text))),
          text,
        );
      }),
      { numRuns: fuzzRuns(1500), includeErrorInReport: true },
    );
  });

  it('judges headers and keys in any order as @iarna/toml does, and puts them into the same one', () => {
    const step = fc.constantFrom('a', 'b', 'c');
    const path = fc.array(step, { minLength: 1, maxLength: 3 }).map((keys) => keys.join('.'));
    const line = fc.oneof(
      path.map((keys) => `[${keys}]`),
      path.map((keys) => `[[${keys}]]`),
      path.map((keys) => `${keys} = 1`),
      path.map((keys) => `${keys} = { ${keys} = 2 }`),
    );
    let taken = 0;
    const numRuns = fuzzRuns(5000);
    const judgesAlike = (lines: string[]) => {
      const text = lines.join('\n');
      const ours = outcome(() => withOrder(readToml(text)));
      if (ours !== 'refused') taken += 1;
      assert.deepEqual(
        ours,
        outcome(() => withOrder(parse(text))),
        text,
      );
    };
    fc.assert(fc.property(fc.array(line, { maxLength: 6 }), judgesAlike), { numRuns });
    assert.ok(taken > numRuns / 10 && taken < numRuns, `${taken} of ${numRuns} were taken`);
  });

  it('takes keys that every object has for keys like any other, and leaves the global objects alone', () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '__defineGetter__', 'valueOf'];
    const text = names.map((name) => `[users.${name}]\npw = "x"\nsub.${name}.pw = 1\nt = { ${name}.a = 1 }`);
    const users = readToml(text.join('\n')).get('users');
    assert.ok(users instanceof Map);
    assert.deepEqual([...users.keys()], names);
    assert.equal('pw' in Object, false);
    assert.equal('pw' in Object.prototype.toString, false);
    assert.equal('pw' in {}, false);
  });

  it('keeps the order of tables whose names are numbers', () => {
    const users = readToml('[users.10]\n[users.2]\n[users.alice]\n[users.1]').get('users');
    assert.ok(users instanceof Map);
    assert.deepEqual([...users.keys()], ['10', '2', 'alice', '1']);
  });

  it('takes CRLF everywhere, also behind comments and inside of lists', () => {
    const text = '# top\r\n[a] # header\r\nb = [ # list\r\n  1, # one\r\n  2\r\n]\r\nc = 3 # end\r\n';
    assert.deepEqual(asObject(readToml(text)), { a: { b: [1, 2], c: 3 } });
  });

  it('takes a byte order mark, and a text without anything', () => {
    assert.deepEqual(asObject(readToml('\ufeffa = 1')), { a: 1 });
    assert.deepEqual(asObject(readToml('')), {});
    assert.deepEqual(asObject(readToml('\ufeff')), {});
    assert.deepEqual(asObject(readToml('# only this')), {});
  });

  const long = '"""a "" b\\\n  c"""""';
  const values: [text: string, value: unknown][] = [
    [`x = ${long}`, { x: 'a "" bc""' }],
    ["x = '''a ' b'''", { x: "a ' b" }],
    ['x = """\n[y]\n# no comment"""', { x: '[y]\n# no comment' }],
    ['x = "# no comment" # a comment', { x: '# no comment' }],
    ["x = 'a\\'", { x: 'a\\' }],
    ['x = "a\\"b\\u00e9"', { x: 'a"bé' }],
    ['x = 9223372036854775807', { x: 9223372036854775807n }],
    ['"a.b".c = 1\n"" = 2', { 'a.b': { c: 1 }, '': 2 }],
    ['[a]\nb = 1\n[[a.c]]\nd = 1\n[a.c.e]\n[[a.c]]', { a: { b: 1, c: [{ d: 1, e: {} }, {}] } }],
  ];
  for (const [text, value] of values) {
    it(`reads ${JSON.stringify(text)}`, () => assert.deepEqual(asObject(readToml(text)), value));
  }

  const faults: [text: string, offset: number, reason: RegExp][] = [
    ['a = ', 4, /a value is expected/],
    ['a', 1, /"=" is expected/],
    ['a = 1\n= 2', 6, /a key is expected/],
    ['a = "x', 4, /no closing "/],
    ["a = 'x\n'", 4, /no closing '/],
    ['a = """x', 4, /no closing """/],
    ['a = [1, 2', 9, /"," is expected/],
    ['a = [\n  "x"\n  "y"\n]', 14, /"," is expected/],
    ['a = { b = 1,\nc = 2 }', 12, /a key is expected/],
    ['a = 1 b = 2', 6, /only a comment may follow/],
    ['[a\nb = 1', 2, /"\]" is expected/],
    ['a = 1\nb = tru', 10, /boolean/],
    ['a = 1\nb = [\n  1,\n  1__0\n]', 19, /digit/],
    ['a = 1\nb = 1\na = 2', 12, /redefine/],
    ['[a]\n[b]\n[a]', 8, /redefine/],
    ['[a.b]\n[a.c]\nd = 1\n[a.b]', 18, /redefine/],
    ['[a.b]\n[c]\n[a]\nb = 1', 14, /redefine/],
    ['[a.b]\n[a.c]\nd = 1\nd = 2\n[a.b]', 18, /redefine/],
    ['a = { b = 1, b = 2 }', 13, /redefine/],
    ['a = "\\q"', 4, /escape/],
    ['a = 2026-13-45', 4, /invalid datetime/i],
    ['a = 1 # \x01', 8, /control characters/],
    [`a = ${'['.repeat(100_000)}`, 68, /nested too deeply/],
  ];
  for (const [text, offset, reason] of faults) {
    it(`refuses ${JSON.stringify(text.slice(0, 40))} at character ${offset}`, () => {
      assert.throws(
        () => readToml(text),
        (error) => {
          assert.ok(error instanceof TomlSyntaxError);
          assert.equal(error.offset, offset);
          assert.match(error.message, reason);
          return true;
        },
      );
    });
  }

  it('never repeats in an error what stands around it', () => {
    for (const text of [
      'a = hunter2hunter2',
      'a = "hunter2" hunter2',
      'a = "hunter2\\q"',
      'a = "hunter2',
      'a.hunter2',
    ]) {
      assert.throws(
        () => readToml(text),
        (error) => error instanceof TomlSyntaxError && !error.message.includes('hunter'),
      );
    }
  });
});

/** What @iarna/toml itself gets wrong: CRLF behind comments, byte order marks, keys of Object.prototype. */
function withoutTraps(text: string): string {
  return text
    .replaceAll('\r', '')
    .replace('\ufeff', '')
    .replace(/"(?:\\U[0-9a-f]{8}){8,}"/g, '"x"')
    .replace(/constructor|toString|hasOwnProperty/g, 'x');
}

const PIECES = [
  '"',
  "'",
  '[',
  ']',
  '{',
  '}',
  ',',
  '=',
  '.',
  '#',
  '\n',
  ' ',
  '\t',
  '\\',
  '1',
  'a',
  '"""',
  "'''",
];
PIECES.push('-', '_', '[[', ']]', '\x01', 'é', '0x', '1e5', 'inf', 'true');

function randomlyBroken(draw: Draw, text: string): string {
  let broken = text;
  for (let turn = upTo(draw, 2); turn > 0; turn -= 1) {
    const at = upTo(draw, broken.length);
    const piece = upTo(draw, 1) === 1 ? pick(draw, PIECES) : '';
    broken = broken.slice(0, at) + piece + broken.slice(at + upTo(draw, 2));
  }
  return broken;
}

/** What comes out, or that nothing does. */
function outcome(read: () => unknown): unknown {
  try {
    return { value: read() };
  } catch {
    return 'refused';
  }
}

function asObject(value: TomlValue): unknown {
  if (Array.isArray(value)) return value.map(asObject);
  if (!(value instanceof Map)) return value;
  return Object.fromEntries(Array.from(value, ([key, item]) => [key, asObject(item)]));
}

/** In a form in which the order of keys counts. */
function withOrder(value: unknown): unknown {
  if (Array.isArray(value)) return { list: value.map(withOrder) };
  if (typeof value !== 'object' || value === null) return value;
  return Array.from(value instanceof Map ? value : Object.entries(value), ([key, item]) => [
    key,
    withOrder(item),
  ]);
}

/** Without the marks that @iarna/toml puts on its objects. */
function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, bare(item)]));
}
