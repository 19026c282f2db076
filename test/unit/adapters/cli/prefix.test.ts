import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { readCommandPath } from '../../../../src/adapters/cli/prefix.ts';

const PATHS = [
  'configure default',
  'configure dns',
  'configure users add',
  'configure users auth',
  'configure users pw',
  'configure hosts set',
  'serve',
].map((path) => path.split(' '));
const WITH_VALUE = new Set(['-c', '--config', '--ttl']);

const read = (line: string) =>
  readCommandPath(line === '' ? [] : line.split(' '), PATHS, (option) => WITH_VALUE.has(option));

describe('the words of a command', () => {
  for (const [line, path, rest] of [
    ['serve', 'serve', ''],
    ['s', 'serve', ''],
    ['configure users add alice', 'configure users add', 'alice'],
    ['conf u ad alice', 'configure users add', 'alice'],
    ['c u p alice', 'configure users pw', 'alice'],
    ['-c a.toml conf u ad alice', 'configure users add', '-c a.toml alice'],
    ['conf --config a.toml u -c b.toml ad alice', 'configure users add', '--config a.toml -c b.toml alice'],
    ['conf --config=a.toml u ad alice', 'configure users add', '--config=a.toml alice'],
    ['-v conf --unknown dns', 'configure dns', '-v --unknown'],
  ] as const) {
    it(`${line}: ${path}`, () => {
      const expected = { path: path.split(' '), rest: rest === '' ? [] : rest.split(' ') };
      assert.deepEqual(read(line), { kind: 'command', ...expected });
    });
  }

  it('behind the command nothing is taken for a word', () => {
    assert.deepEqual(read('conf u ad conf'), {
      kind: 'command',
      path: ['configure', 'users', 'add'],
      rest: ['conf'],
    });
  });

  it('the value of an option is not taken for a word, even if it is one', () => {
    assert.deepEqual(read('-c serve conf dns'), {
      kind: 'command',
      path: ['configure', 'dns'],
      rest: ['-c', 'serve'],
    });
  });

  it('an option that lacks its value is left to the parser of options', () => {
    assert.deepEqual(read('conf -c'), { kind: 'group', path: ['configure'], rest: ['-c'] });
  });

  for (const [line, path, rest] of [
    ['', [], []],
    ['configure', ['configure'], []],
    ['conf u --help', ['configure', 'users'], ['--help']],
    ['-- serve', [], ['--', 'serve']],
  ] as const) {
    it(`${line || 'nothing'}: a group, not yet a command`, () => {
      assert.deepEqual(read(line), { kind: 'group', path, rest });
    });
  }

  it('a prefix of several words is ambiguous between these', () => {
    assert.deepEqual(read('configure d'), {
      kind: 'ambiguous',
      path: ['configure'],
      word: 'd',
      rest: [],
      candidates: ['default', 'dns'],
    });
    assert.equal(read('configure users a alice').kind, 'ambiguous');
  });

  it('a full word is never ambiguous, also when it begins another one', () => {
    const reading = readCommandPath(['zone'], [['zone'], ['zones']], () => false);
    assert.deepEqual(reading, { kind: 'command', path: ['zone'], rest: [] });
  });

  for (const word of ['usr', 'usersx', 'Users', '__proto__', 'constructor']) {
    it(`${word}: unknown, with all that could have stood there`, () => {
      assert.deepEqual(read(`configure ${word} -c x`), {
        kind: 'unknown',
        path: ['configure'],
        word,
        rest: ['-c', 'x'],
        candidates: ['default', 'dns', 'users', 'hosts'],
      });
    });
  }

  it('an empty word is the prefix of nothing, even where there is one choice only', () => {
    const reading = readCommandPath([''], [['serve']], () => false);
    assert.equal(reading.kind, 'unknown');
  });

  it('any command line: what is behind the words comes back as it was', () => {
    const anything = fc.array(fc.oneof(fc.string(), fc.constantFrom('--', '-c', 'conf', '--help')));
    fc.assert(
      fc.property(fc.constantFrom(...PATHS), anything, (path, behind) => {
        assert.deepEqual(
          readCommandPath([...path, ...behind], PATHS, (option) => WITH_VALUE.has(option)),
          { kind: 'command', path, rest: behind },
        );
      }),
    );
  });
});
