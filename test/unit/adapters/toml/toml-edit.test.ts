import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SAMPLES } from '../../../../src/adapters/toml/default-configuration.ts';
import type { Change } from '../../../../src/adapters/toml/toml-change.ts';
import { editToml, TomlEditRefusal } from '../../../../src/adapters/toml/toml-edit.ts';
import type { TomlTable, TomlValue } from '../../../../src/adapters/toml/toml-value.ts';

const table = (members: TomlTable): TomlTable => members;
const set = (path: Change['path'], value: TomlValue): Change => ({ kind: 'set', path, value });
const append = (path: Change['path'], value: TomlValue): Change => ({ kind: 'append', path, value });
const remove = (...path: Change['path']): Change => ({ kind: 'remove', path });

const ALICE = ['users', 'alice'] as const;
const DOMAINS = [...ALICE, 'domains'];
const TOKENS = [...ALICE, 'tokens'];
const [TSIG_SAMPLE = ''] = SAMPLES;

type Example = readonly [situation: string, before: string, change: Change, after: string];

const VALUES: Example[] = [
  [
    'a value keeps its place, its spaces and its comment',
    'a  =\t1 # one\nb = 2\n',
    set(['a'], 5),
    'a  =\t5 # one\nb = 2\n',
  ],
  ['a string keeps its quotes', "[a]\nb = 'x'", set(['a', 'b'], 'y'), "[a]\nb = 'y'"],
  [
    'a string that single quotes cannot hold gets others',
    "b = 'x'",
    set(['b'], "y'\x7f"),
    'b = "y\'\\u007f"',
  ],
  ['a long string becomes a short one', 'b = """\nx\n"""\nc = 1', set(['b'], 'y'), 'b = "y"\nc = 1'],
  ['a list becomes another', 'b = [1, # one\n 2]', set(['b'], ['x']), 'b = ["x"]'],
  [
    'a value inside of braces',
    'a = {b = {c = "x"}, d = 1}',
    set(['a', 'b', 'c'], 'y'),
    'a = {b = {c = "y"}, d = 1}',
  ],
  [
    'a value of the second table of a list',
    '[[a]]\nb=1\n[[a]]\nb=2',
    set(['a', 1, 'b'], 3),
    '[[a]]\nb=1\n[[a]]\nb=3',
  ],
  ['a value inside of a list', 'a = [{b=1}, {b=2}]', set(['a', 1, 'b'], 3), 'a = [{b=1}, {b=3}]'],
];

const NEW_KEYS: Example[] = [
  [
    'behind the last one of its table',
    '[a]\n  b = 1 # x\n\n[c]\n',
    set(['a', 'd'], 2),
    '[a]\n  b = 1 # x\n  d = 2\n\n[c]\n',
  ],
  [
    'below a header without keys',
    '[a] # x\n# b = 1\n[c]',
    set(['a', 'd'], 2),
    '[a] # x\nd = 2\n# b = 1\n[c]',
  ],
  ['with CRLF', '[a]\r\nb = 1\r\n', set(['a', 'd'], 2), '[a]\r\nb = 1\r\nd = 2\r\n'],
  ['inside of braces', 'a = {b = 1}', set(['a', 'd'], 2), 'a = {b = 1, d = 2}'],
  ['inside of empty braces', 'a = {}', set(['a', 'd'], 2), 'a = { d = 2 }'],
  ['beside a dotted key', "'a' . b = 1\nc = 1", set(['a', 'd'], 2), "'a' . b = 1\n'a'.d = 2\nc = 1"],
  [
    'beside a dotted key inside of braces',
    'x = {a.b = 1, c = 2}',
    set(['x', 'a', 'd'], 2),
    'x = {a.b = 1, a.d = 2, c = 2}',
  ],
  ['with a name that needs quotes', '[a]', set(['a', 'b c"'], 2), '[a]\n"b c\\"" = 2'],
  ['at the top', '\ufeff[a]\n', set(['b'], 2), '\ufeffb = 2\n[a]\n'],
];

const NEW_TABLES: Example[] = [
  ['in an empty text', '', set(['a', 'b'], 1), '[a]\nb = 1\n'],
  ['at the end', '[a]\nb = 1\n', set(['c'], table({ d: 1 })), '[a]\nb = 1\n\n[c]\nd = 1\n'],
  ['at an end without line break', '[a]\nb = 1', set(['c'], table({ d: 1 })), '[a]\nb = 1\n\n[c]\nd = 1'],
  [
    'in front of blank lines at the end',
    '[a]\r\n\r\n',
    set(['c'], table({ d: 1 })),
    '[a]\r\n\r\n[c]\r\nd = 1\r\n\r\n',
  ],
  [
    'behind the last of its kind and what belongs to that',
    '[users.a]\npw = 1\n[[users.a.tokens]]\nname = 1\n# off = 1\n\n# http\n[http]\n',
    set(['users', 'b'], table({ pw: 2 })),
    '[users.a]\npw = 1\n[[users.a.tokens]]\nname = 1\n# off = 1\n\n[users.b]\npw = 2\n\n# http\n[http]\n',
  ],
  [
    'not behind the comment of the next header',
    '[users.a]\npw = 1\n# http\n[http]\n',
    set(['users', 'b'], table({ pw: 2 })),
    '[users.a]\npw = 1\n\n[users.b]\npw = 2\n\n# http\n[http]\n',
  ],
  [
    'indented like its neighbour',
    '[users]\n  [users.a]\n    pw = 1\n',
    set(['users', 'b'], table({ pw: 2 })),
    '[users]\n  [users.a]\n    pw = 1\n\n  [users.b]\n    pw = 2\n',
  ],
  [
    'behind the table that it is part of',
    '[dns]\nttl = 60\n# zones = []\n\n[[dns.servers]]\nsocket = 1\n',
    set(['dns', 'tsig'], table({ name: 'k' })),
    '[dns]\nttl = 60\n# zones = []\n\n[dns.tsig]\nname = "k"\n\n[[dns.servers]]\nsocket = 1\n',
  ],
  [
    'in place of its sample in the default configuration',
    `[dns]\nttl = 60\n\n# The key.\n${TSIG_SAMPLE}\n\n# Another.\n[[dns.servers]]\n`,
    set(['dns', 'tsig'], table({ name: 'k', secret: 's' })),
    '[dns]\nttl = 60\n\n# The key.\n[dns.tsig]\nname = "k"\nsecret = "s"\n\n# Another.\n[[dns.servers]]\n',
  ],
  [
    'in place of its sample, with CRLF',
    `[dns]\r\n\r\n${TSIG_SAMPLE.replaceAll('\n', '\r\n')}\r\n`,
    set(['dns', 'tsig'], table({ name: 'k' })),
    '[dns]\r\n\r\n[dns.tsig]\r\nname = "k"\r\n',
  ],
  [
    'not in place of a sample that somebody has changed',
    `[dns]\n\n${TSIG_SAMPLE.replace('"dynonym"', '"mine"')}\n`,
    set(['dns', 'tsig'], table({ name: 'k' })),
    `[dns]\n\n[dns.tsig]\nname = "k"\n\n${TSIG_SAMPLE.replace('"dynonym"', '"mine"')}\n`,
  ],
  [
    'not in place of a sample in front of entries',
    `[dns]\n${TSIG_SAMPLE}\nttl = 60\n`,
    set(['dns', 'tsig'], table({ name: 'k' })),
    `[dns]\n${TSIG_SAMPLE}\nttl = 60\n\n[dns.tsig]\nname = "k"\n`,
  ],
  [
    'not in place of a sample in a string',
    `[dns]\nnote = """\n${TSIG_SAMPLE}\n"""\n`,
    set(['dns', 'tsig'], table({ name: 'k' })),
    `[dns]\nnote = """\n${TSIG_SAMPLE}\n"""\n\n[dns.tsig]\nname = "k"\n`,
  ],
  [
    'beside tables in braces',
    '[users]\na = {pw=1}\n',
    set(['users', 'b'], table({ pw: 2 })),
    '[users]\na = {pw=1}\nb = { pw = 2 }\n',
  ],
  [
    'inside of braces',
    'users = {a = {pw=1}}',
    set(['users', 'b'], table({ pw: 2 })),
    'users = {a = {pw=1}, b = { pw = 2 }}',
  ],
  [
    'beside dotted keys',
    'users.a.pw = 1',
    set(['users', 'b'], table({ pw: 2 })),
    'users.a.pw = 1\nusers.b = { pw = 2 }',
  ],
  [
    'where only a table below it is written',
    '[a.b]\nc = 1\n',
    set(['a', 'd'], 2),
    '[a.b]\nc = 1\n\n[a]\nd = 2\n',
  ],
];

const LISTS: Example[] = [
  ['an empty one', '[users.alice]\ndomains = []', append(DOMAINS, 'a'), '[users.alice]\ndomains = ["a"]'],
  [
    'one that is not there',
    '[users.alice]\npw = 1',
    append(DOMAINS, 'a'),
    '[users.alice]\npw = 1\ndomains = ["a"]',
  ],
  [
    'one on one line',
    "users.alice.domains = ['a' ] # x",
    append(DOMAINS, 'b'),
    "users.alice.domains = ['a', 'b' ] # x",
  ],
  [
    'one on many lines',
    '[users.alice]\ndomains = [\n  "a", # one\n  "b"  # two\n  # end\n]\n',
    append(DOMAINS, 'c'),
    '[users.alice]\ndomains = [\n  "a", # one\n  "b",  # two\n  "c"\n  # end\n]\n',
  ],
  [
    'one on many lines with a last comma',
    '[users.alice]\r\ndomains = [\r\n\t"a", # one\r\n]\r\n',
    append(DOMAINS, 'b'),
    '[users.alice]\r\ndomains = [\r\n\t"a", # one\r\n\t"b",\r\n]\r\n',
  ],
  [
    'one whose bracket closes the line',
    '[users.alice]\ndomains = [\n "a"] # x',
    append(DOMAINS, 'b'),
    '[users.alice]\ndomains = [\n "a",\n "b"] # x',
  ],
  [
    'tables below headers',
    '[users.alice]\npw = 1\n[[ users.alice.tokens ]]\nname = "1"\n[users.bob]',
    append(TOKENS, table({ name: '2' })),
    '[users.alice]\npw = 1\n[[ users.alice.tokens ]]\nname = "1"\n\n[[ users.alice.tokens ]]\nname = "2"\n\n[users.bob]',
  ],
  [
    'the first table of a user with a header',
    '[users.alice]\npw = 1\n',
    append(TOKENS, table({ name: '1' })),
    '[users.alice]\npw = 1\n\n[[users.alice.tokens]]\nname = "1"\n',
  ],
  [
    'the first table of a user in braces',
    'users.alice = {pw = 1}',
    append(TOKENS, table({ name: '1' })),
    'users.alice = {pw = 1, tokens = [{ name = "1" }]}',
  ],
  [
    'tables in braces',
    'users.alice = {tokens = [{name="1"}]}',
    append(TOKENS, table({ name: '2' })),
    'users.alice = {tokens = [{name="1"}, { name = "2" }]}',
  ],
];

const ITEMS: Example[] = [
  ['the first', 'a = ["x", "y", "z"]', remove('a', 0), 'a = ["y", "z"]'],
  ['one in the middle', 'a = ["x", "y", "z"]', remove('a', 1), 'a = ["x", "z"]'],
  ['the last', 'a = ["x", "y", "z"]', remove('a', 2), 'a = ["x", "y"]'],
  ['the last before a comma', 'a = ["x", "y", ]', remove('a', 1), 'a = ["x", ]'],
  ['the only one', 'a = [ "x", ] # b', remove('a', 0), 'a = [] # b'],
  [
    'with its line',
    'a = [\n  "x", # one\n  # two\n  "y", # three\n]',
    remove('a', 1),
    'a = [\n  "x", # one\n  # two\n]',
  ],
  ['the only one with its line', 'a = [ # none\n  "x"\n]', remove('a', 0), 'a = [ # none\n]'],
  ['beside the opening bracket', 'a = ["x", # one\n  "y"]', remove('a', 0), 'a = [ # one\n  "y"]'],
  ['beside the closing bracket', 'a = [\n  "x", # one\n  "y"]', remove('a', 1), 'a = [\n  "x", # one\n  ]'],
  ['where commas lead the lines', 'a = [ "x"\n, "y"\n, "z"\n]', remove('a', 1), 'a = [ "x"\n,  "z"\n]'],
  ['where a comment stands before the comma', 'a = [\n"x" # one\n,"y"]', remove('a', 0), 'a = [\n"y"]'],
];

const TABLES: Example[] = [
  ['from the middle', '[a]\n\n[b]\nx = 1 # x\n\n[c]\n', remove('b'), '[a]\n\n[c]\n'],
  ['from the start', '[a]\n\n[b]\n', remove('a'), '[b]\n'],
  ['from the end', '[a]\n\n[b]\nx = 1\n', remove('b'), '[a]\n'],
  ['from an end without line break', '[a]\n\n[b]\nx = 1', remove('b'), '[a]'],
  ['between others without blank lines', '[a]\n[b]\n[c]\n', remove('b'), '[a]\n[c]\n'],
  ['with CRLF', '[a]\r\n\r\n[b]\r\n\r\n[c]\r\n', remove('b'), '[a]\r\n\r\n[c]\r\n'],
  ['and the comments around it stay', '# a\n[a]\nx = 1\n# b\n\n[b]\n', remove('a'), '# a\n# b\n\n[b]\n'],
  [
    'with all that is below it',
    '[a.b]\nx=1\n\n[[a.b.c]]\n\n[d]\n\n[[a.b.c]]\ny=1\n\n[a.b.e]\n',
    remove('a', 'b'),
    '[d]\n',
  ],
  ['of a list', '[[a]]\nx=1\n\n[[a]]\nx=2\n\n[[a]]\nx=3\n', remove('a', 1), '[[a]]\nx=1\n\n[[a]]\nx=3\n'],
  ['with dotted keys', 'a.b.c=1\na.d=2\na.b.e=3', remove('a', 'b'), 'a.d=2'],
  ['in braces, the first', 'a = {b = {c=1}, d=2}', remove('a', 'b'), 'a = {d=2}'],
  ['in braces, the last', 'a = {d=2, b = {c=1} }', remove('a', 'b'), 'a = {d=2 }'],
  ['in braces, the only one', 'a = { b = {c=1} }', remove('a', 'b'), 'a = {}'],
  ['in braces, with dotted keys', 'a = {b.c=1, d=2, b.e=3}', remove('a', 'b'), 'a = {d=2}'],
];

for (const [subject, examples] of [
  ['setting', VALUES],
  ['a new key comes', NEW_KEYS],
  ['a new table comes', NEW_TABLES],
  ['appending to a list:', LISTS],
  ['removing an item of a list:', ITEMS],
  ['removing a table', TABLES],
] as const) {
  describe(subject, () => {
    for (const [situation, before, change, after] of examples) {
      it(situation, () => assert.equal(editToml(before, [change]), after));
    }
  });
}

describe('a user who is added and removed', () => {
  for (const text of [
    '',
    '[http]\nworkers = 1\n',
    '[http]\r\n',
    '[users.bob]\npw = 1',
    '\n# x\n\n',
    '[users.bob]\n\n# x\n[dns]\n',
  ]) {
    it(`leaves no trace in ${JSON.stringify(text)}`, () => {
      const added = editToml(text, [set(ALICE, table({ pw: 'x' }))]);
      assert.equal(editToml(added, [remove(...ALICE)]), text);
    });
  }
});

describe('an edit that has no safe form', () => {
  it('is refused when a table would have to become a value', () => {
    assert.throws(() => editToml('[a.b]\nc = 1', [set(['a', 'b'], 1)]), TomlEditRefusal);
  });

  it('is refused when something else than a list would get an item', () => {
    assert.throws(() => editToml('[a]\nb = 1', [append(['a', 'b'], 1)]), TomlEditRefusal);
  });
});

describe('several changes at once', () => {
  for (const [situation, before, changes, after] of [
    [
      'in several places',
      '[a]\nb = 1 # b\nc = 2\n\n[d]\ne = ["x", "y"]\n',
      [set(['a', 'b'], 3), set(['a', 'c'], 4), append(['d', 'e'], 'z'), set(['f'], table({ g: 1 }))],
      '[a]\nb = 3 # b\nc = 4\n\n[d]\ne = ["x", "y", "z"]\n\n[f]\ng = 1\n',
    ],
    [
      'behind the same line',
      '[a]\nb = 1 # b\n',
      [set(['a', 'c'], 2), set(['a', 'd'], 3)],
      '[a]\nb = 1 # b\nc = 2\nd = 3\n',
    ],
    [
      'in a table that comes with the first one',
      '[a.b]\nc = 1\n',
      [set(['a', 'd'], 2), set(['a', 'e'], 3)],
      '[a.b]\nc = 1\n\n[a]\nd = 2\ne = 3\n',
    ],
    ['to neighbours in a list', 'a = [1, 2, 3, 4]', [remove('a', 2), remove('a', 1)], 'a = [1, 4]'],
    [
      'where one goes and another one comes at the end of the text',
      '[a]\nb = 1\n\n[c]\nd = 1',
      [remove('c'), set(['e'], table({ f: 1 }))],
      '[a]\nb = 1\n\n[e]\nf = 1',
    ],
  ] satisfies [string, string, Change[], string][]) {
    it(`${situation} come out as if they were made one after the other`, () => {
      assert.equal(editToml(before, changes), after);
    });
  }
});
