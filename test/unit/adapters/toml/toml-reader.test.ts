import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { getStaticTOMLValue, ParseError } from 'toml-eslint-parser';
import { ConfigurationFault } from '../../../../src/adapters/toml/configuration-fault.ts';
import { readToml } from '../../../../src/adapters/toml/toml-reader.ts';
import { parseTree } from '../../../../src/adapters/toml/toml-tree.ts';
import { fuzzRuns } from '../../../support/fuzz-runs.ts';
import { type Draw, pick, randomDocument, upTo } from './random-document.ts';

describe('readToml', () => {
  it('takes and refuses every random document as the reader of places does, and reads the same in it', () => {
    fc.assert(
      fc.property(fc.gen(), (draw) => {
        const text = randomlyBroken(draw, randomDocument(draw).text);
        const [ours, theirs] = [
          outcome(() => readToml(text)),
          outcome(() => getStaticTOMLValue(parseTree(text))),
        ];
        // Each of the two refuses a few texts that the other one takes. An edit needs both.
        if (ours !== 'refused' && theirs !== 'refused') {
          assert.ok(isDeepStrictEqual(plain(ours), plain(theirs)), text);
        }
      }),
      { numRuns: fuzzRuns(1500), includeErrorInReport: true },
    );
  });

  it('refuses every name of Object.prototype, all with their lines, and leaves the global objects alone', () => {
    const names = Object.getOwnPropertyNames(Object.prototype);
    const text = names.map(
      (name) => `[users.${name}]\n[users.x${name}]\npw.${name} = "x"\nt = { "${escaped(name)}" = 1 }\n`,
    );
    const fault = faultIn(text.join(''));
    assert.deepEqual(
      fault.problems.map(({ key, line }) => `${line} ${key}`),
      names.flatMap((name, index) => [
        `${4 * index + 1} users.${name}`,
        `${4 * index + 3} users.x${name}.pw.${name}`,
        `${4 * index + 4} users.x${name}.t.${name}`,
      ]),
    );
    assert.equal('pw' in Object, false);
    assert.equal('pw' in {}, false);
  });

  it('takes such names for values, in comments, and as parts of other names', () => {
    const text = '# constructor\n[users.constructors]\npw = "toString"\n"\\u0061" = "__proto__"\n';
    assert.deepEqual(plain(readToml(text)), {
      users: { constructors: { pw: 'toString', a: '__proto__' } },
    });
  });

  it('takes CRLF everywhere, also behind comments and inside of lists', () => {
    const text = '# top\r\n[a] # header\r\nb = [ # list\r\n  1, # one\r\n  2\r\n]\r\nc = 3 # end\r\n';
    assert.deepEqual(plain(readToml(text)), { a: { b: [1, 2], c: 3 } });
  });

  it('takes a byte order mark, and a text without anything', () => {
    assert.deepEqual(plain(readToml('\ufeffa = 1')), { a: 1 });
    assert.deepEqual(plain(readToml('')), {});
    assert.deepEqual(plain(readToml('\ufeff')), {});
    assert.deepEqual(plain(readToml('# only this')), {});
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
    it(`reads ${JSON.stringify(text)}`, () => assert.deepEqual(plain(readToml(text)), value));
  }

  const faults: [text: string, line: number, column: number, reason: RegExp][] = [
    ['a = ', 1, 5, /a value is expected/],
    ['a', 1, 2, /"=" is expected/],
    ['a = 1\n= 2', 2, 1, /a key or a value is expected/],
    ['a = "x', 1, 7, /no closing quote/],
    ["a = 'x\n'", 1, 7, /no closing quote/],
    ['a = """x', 1, 9, /no closing quote/],
    ['a = [1, 2', 1, 10, /a comma or "\]" is expected/],
    ['a = [\n  "x"\n  "y"\n]', 3, 3, /a comma is expected/],
    ['a = { b = 1,\nc = 2 }', 2, 1, /on one line/],
    ['a = 1 b = 2', 1, 7, /only a comment may follow/],
    ['a = 1\nb = [\n  1,\n  1__0\n]', 4, 5, /underscores/],
    ['a = "\\q"', 1, 7, /escape/],
    ['a = 2026-13-45', 1, 14, /invalid date/],
    ['a = 1 # \x01', 1, 9, /control characters/],
  ];
  for (const [text, line, column, reason] of faults) {
    it(`refuses ${JSON.stringify(text.slice(0, 40))} in line ${line}, column ${column}`, () => {
      const { problems } = faultIn(text);
      assert.equal(problems.length, 1);
      assert.equal(problems[0]?.line, line, problems[0]?.message);
      assert.ok(problems[0]?.message.startsWith(`column ${column}: `), problems[0]?.message);
      assert.match(problems[0]?.message ?? '', reason);
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
      assert.doesNotMatch(JSON.stringify(faultIn(text).problems), /hunter/);
    }
  });
});

const escaped = (name: string): string =>
  `\\u${name.charCodeAt(0).toString(16).padStart(4, '0')}${name.slice(1)}`;

function faultIn(text: string): ConfigurationFault {
  const fault = outcomeOrFault(text);
  assert.ok(fault instanceof ConfigurationFault);
  return fault;
}

function outcomeOrFault(text: string): unknown {
  try {
    return readToml(text);
  } catch (error) {
    return error;
  }
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
    return read();
  } catch (error) {
    assert.ok(error instanceof ConfigurationFault || error instanceof ParseError, String(error));
    return 'refused';
  }
}

/** Without the marks that @iarna/toml puts on its objects, and with dates as their time. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Date) return value.getTime();
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}
