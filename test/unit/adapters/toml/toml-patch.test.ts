import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { patchToml, type TomlPatch } from '../../../../src/adapters/toml/toml-patch.ts';
import { readToml } from '../../../../src/adapters/toml/toml-reader.ts';
import {
  listAt,
  member,
  type TomlTable,
  type TomlValue,
  withValue,
} from '../../../../src/adapters/toml/toml-value.ts';
import { fuzzRuns } from '../../../support/fuzz-runs.ts';
import {
  chance,
  type Draw,
  pick,
  type RandomDocument,
  randomDocument,
  randomDomain,
  randomName,
  upTo,
} from './random-document.ts';

describe('patching a random document at random', () => {
  it('makes exactly the change, and keeps every comment that stands elsewhere', () => {
    fc.assert(
      fc.property(fc.gen(), (draw) => {
        const document = randomDocument(draw);
        const table = readToml(document.text);
        const { user, edited, removes } = randomEdit(draw, document, table);

        const patch = patchToml(document.text, table, edited);
        const before = `the change to ${inspect(edited, { depth: 9 })} of\n${document.text}`;
        if (!patch.ok) assert.fail(`${messagesOf(patch)}: ${before}`);
        const after = `after ${before}\nthere is\n${patch.text}`;

        const kept = removes ? commentsToKeep(document, user) : commentsIn(document.text);
        const comments = new Set(commentsIn(patch.text));
        for (const comment of kept) assert.ok(comments.has(comment), `"${comment}" is gone ${after}`);
        assert.equal(patch.text.endsWith('\n'), document.text.endsWith('\n') || document.text === '', after);
        if (document.text.includes('\r\n')) assert.doesNotMatch(patch.text, /[^\r]\n/, after);
      }),
      { numRuns: fuzzRuns(1500), includeErrorInReport: true },
    );
  });
});

describe('a user whose text has a line that looks like the header of another one', () => {
  for (const [situation, text, after] of [
    [
      'in a list',
      '[users.alice]\nlists = [\n[1],\n]\npw = "x"\n[users.bob]\n[users.carol]\n',
      '[users.alice]\nlists = [\n[1],\n]\npw = "y"\n[users.bob]\n[users.carol]\n',
    ],
    [
      'in a long string',
      '[users.alice]\na = """\n[users.bob]\n"""\npw = "x"\n[users.bob]\n[users.carol]\n',
      '[users.alice]\na = """\n[users.bob]\n"""\npw = "y"\n[users.bob]\n[users.carol]\n',
    ],
    [
      'and is the header, indented',
      '[users.bob]\n  [users.alice]\n  pw = "x"\n[users.carol]\n',
      '[users.bob]\n  [users.alice]\n  pw = "y"\n[users.carol]\n',
    ],
    [
      'and whose name is written with escapes',
      '[users."\\u0061lice"]\npw = "x"\n[users.bob]\n[users.carol]\n',
      '[users."\\u0061lice"]\npw = "y"\n[users.bob]\n[users.carol]\n',
    ],
  ] as const) {
    it(`${situation}, is changed all the same`, () => {
      const table = readToml(text);
      const patch = patchToml(text, table, withValue(table, ['users', 'alice', 'pw'], 'y'));
      assert.ok(patch.ok, messagesOf(patch));
      assert.equal(patch.text, after);
    });
  }
});

const messagesOf = (patch: TomlPatch): string =>
  patch.ok ? '' : patch.problems.map(({ message }) => message).join('; ');

const commentsIn = (text: string): readonly string[] => text.match(/# (comment|about) \w+\.?/g) ?? [];

/** When something of `user` goes, the comments on its lines and between them may go as well. */
function commentsToKeep({ commentsElsewhere, commentsOf }: RandomDocument, user: string): readonly string[] {
  const ofOthers = [...commentsOf].flatMap(([owner, comments]) => (owner === user ? [] : comments));
  return [...commentsElsewhere, ...ofOthers];
}

type RandomEdit = { readonly edited: TomlTable; readonly user: string; readonly removes: boolean };

/** What a command does to a configuration. */
function randomEdit(draw: Draw, { users }: RandomDocument, table: TomlTable): RandomEdit {
  const user = users.length > 0 && chance(draw, 90) ? pick(draw, users) : randomName(draw);
  const of = (...path: string[]): Path => ['users', user, ...path];
  const domains = listAt(table, of('domains'));
  const tokens = listAt(table, of('tokens'));
  const edits: Edit[] = [
    [['dns', 'ttl'], 300],
    [
      ['dns', 'zones'],
      [...listAt(table, ['dns', 'zones']), 'other.example.net'],
    ],
    [['dns', 'tsig'], { name: 'other', algorithm: 'hmac-sha512', secret: 'c2VjcmV0' }],
    [['http', 'workers'], 4],
    [['hosts', 'nas.example.org'], { offline: true }],
  ];
  if (at(table, of()) === undefined) {
    edits.push([of(), { pw: '$2b$x' }]);
  } else {
    edits.push(
      [of(), undefined],
      [of('pw'), "$2b$new'"],
      [of('domains'), [...domains, randomDomain(draw)]],
      [of('tokens'), [...tokens, { name: 't9' }]],
    );
  }
  if (domains.length > 0) edits.push([of('domains'), domains.toSpliced(upTo(draw, domains.length - 1), 1)]);
  if (tokens.length > 1) edits.push([of('tokens'), tokens.slice(1)]);
  if (tokens.length > 0) edits.push([of('tokens'), undefined]);

  const [path, value] = pick(draw, edits);
  const old = at(table, path);
  const removes =
    value === undefined || (Array.isArray(old) && Array.isArray(value) && value.length < old.length);
  return { edited: withValue(table, path, value), user, removes };
}

type Path = readonly string[];

/** Nothing as the value takes away what is there. */
type Edit = readonly [Path, TomlValue | undefined];

const at = (table: TomlTable, path: Path): TomlValue | undefined =>
  path.reduce<TomlValue | undefined>(member, table);
