import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Writable } from 'node:stream';
import { describe, it } from 'node:test';
import { DynonymError } from '../../../../src/domain/errors.ts';
import type { UserName } from '../../../../src/domain/user.ts';
import { CliHarness } from '../../../support/cli-harness.ts';

const packageJson = JSON.parse(readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8'));

describe('help', () => {
  for (const line of [
    '--help',
    '-h',
    'help',
    'configure --help',
    'help configure',
    'configure users -h',
    '-c other.toml conf u --help',
    'configure users add --help',
    'configure users add alice -h',
    'conf u add --help --unknown',
    'help conf u add',
    'configure users token add alice --name x --help',
    'serve -h',
    'configure dns --ttl 5 --help=1',
  ]) {
    it(`${line}: on standard output, nothing is opened`, async () => {
      const cli = new CliHarness();
      const { code, stdout, stderr } = await cli.run(line);
      assert.equal(code, 0);
      assert.match(stdout, /^Usage\n {2}dynonym /m);
      assert.equal(stderr, '');
      assert.deepEqual(cli.opened, []);
    });
  }

  it('behind -- it is an argument', async () => {
    const cli = new CliHarness();
    const { stdout } = await cli.run('configure users add -- --help', { input: 'secret\n' });
    assert.equal(
      stdout.split('\n')[0],
      'Added "--help". Next: dynonym configure users auth -- --help DOMAIN',
    );
  });

  it('no arguments at all: the same text on standard error, and no success', async () => {
    const cli = new CliHarness();
    const help = await cli.run('--help');
    assert.deepEqual(await cli.run(''), { code: 1, stdout: '', stderr: help.stdout });
  });
});

describe('the version', () => {
  it('is that of package.json', async () => {
    assert.deepEqual(await new CliHarness().run('--version'), {
      code: 0,
      stdout: `${packageJson.version}\n`,
      stderr: '',
    });
  });
});

describe('a command line that is not understood', () => {
  for (const [line, message] of [
    ['configure usr', 'unknown command "usr"; did you mean "users"? Try: dynonym configure --help'],
    ['conf u ad2 alice', 'unknown command "ad2"; did you mean "add"? Try: dynonym configure users --help'],
    ['sevre', 'unknown command "sevre"; did you mean "serve"? Try: dynonym --help'],
    ['frobnicate', 'unknown command "frobnicate". Try: dynonym --help'],
    ["'\u001b[31m'", 'unknown command "\\u001b[31m". Try: dynonym --help'],
    ["''", 'unknown command "". Try: dynonym --help'],
    ['s', '"s" may stand for serve, store, snippet. Try: dynonym --help'],
    ['c', '"c" may stand for check, configure, completion. Try: dynonym --help'],
    ['users', 'unknown command "users"; did you mean "configure users"? Try: dynonym --help'],
    ['users list', 'unknown command "users"; did you mean "configure users list"? Try: dynonym --help'],
    ['users alice', 'unknown command "users"; did you mean "configure users"? Try: dynonym --help'],
    ['user add', 'unknown command "user"; did you mean "configure users add"? Try: dynonym --help'],
    ['user', 'unknown command "user"; did you mean "configure users"? Try: dynonym --help'],
    [
      'nameservers',
      'unknown command "nameservers"; did you mean "configure nameserver"? Try: dynonym --help',
    ],
    ['version', 'unknown command "version"; did you mean "--version"? Try: dynonym --help'],
    ['-v', 'unknown option "-v"; did you mean "--version"? Try: dynonym --help'],
    ['-V', 'unknown option "-V"; did you mean "--version"? Try: dynonym --help'],
    ['token', 'unknown command "token"; did you mean "configure users token"? Try: dynonym --help'],
    [
      'conf token',
      'unknown command "token"; did you mean "configure users token"? Try: dynonym configure --help',
    ],
    ['list', 'unknown command "list". Try: dynonym --help'],
    ['configure d', '"d" may stand for default, dns. Try: dynonym configure --help'],
    ['configure h', '"h" may stand for http, history, hosts. Try: dynonym configure --help'],
    ['configure users a alice', '"a" may stand for add, auth. Try: dynonym configure users --help'],
    ['configure', 'a command is needed. Try: dynonym configure --help'],
    ['-c x.toml conf u', 'a command is needed. Try: dynonym configure users --help'],
    ['-- serve', 'a command is needed. Try: dynonym --help'],
    ['--verison', 'unknown option "--verison"; did you mean "--version"? Try: dynonym --help'],
    ['--nonsense', 'unknown option "--nonsense". Try: dynonym --help'],
    ['serve --lok x', 'unknown option "--lok"; did you mean "--lock"? Try: dynonym serve --help'],
    ['serve -z', 'unknown option "-z". Try: dynonym serve --help'],
    ['configure dns --password=secret', 'unknown option "--password". Try: dynonym configure dns --help'],
    ['configure default --force=yes', '--force takes no value. Try: dynonym configure default --help'],
    ['configure dns --ttl', '--ttl needs a value. Try: dynonym configure dns --help'],
    ['configure dns --ttl --socket', '--ttl needs a value. Try: dynonym configure dns --help'],
    [
      'configure dns --ttl -1',
      '--ttl needs a value; one that begins with a dash is written --ttl=-… Try: dynonym configure dns --help',
    ],
    ['serve now', 'unexpected argument "now". Try: dynonym serve --help'],
    ['configure users add', 'name a USER, or give --from FILE'],
    ['configure users auth alice', 'DOMAIN is missing. Try: dynonym configure users auth --help'],
    [
      'configure users auth -c other.toml --',
      'USER and DOMAIN are missing. Try: dynonym configure users auth --help',
    ],
  ] as const) {
    it(`${line}: one line on standard error, nothing is opened`, async () => {
      const cli = new CliHarness();
      assert.deepEqual(await cli.run(line), { code: 1, stdout: '', stderr: `dynonym: ${message}\n` });
      assert.deepEqual(cli.opened, []);
    });
  }
});

describe('a command line', () => {
  it('may shorten the words of the command, and nothing else', async () => {
    const cli = new CliHarness();
    const { code } = await cli.run('conf u ad conf', { input: 'secret' });
    assert.equal(code, 0);
    assert.notEqual(await cli.users.find('conf' as UserName), undefined);
  });

  for (const line of [
    'configure users list -c other.toml',
    'configure users list --conf other.toml',
    'configure users list --config=other.toml',
    '--config other.toml configure users list',
    'conf -c other.toml u l',
    '-c serve conf u l -c other.toml',
  ]) {
    it(`${line}: on that file`, async () => {
      const cli = new CliHarness();
      assert.equal((await cli.run(line)).code, 0);
      assert.deepEqual(cli.opened, ['other.toml']);
    });
  }

  it('without a file: on dynonym.toml', async () => {
    const cli = new CliHarness();
    await cli.run('configure users list');
    assert.deepEqual(cli.opened, ['dynonym.toml']);
  });
});

describe('what goes wrong', () => {
  function failingWith(error: unknown): CliHarness {
    const cli = new CliHarness();
    cli.users.list = () => {
      throw error;
    };
    return cli;
  }

  it('a fault that is known: its own words, without a stack', async () => {
    const fault = new DynonymError('CONFIG_INVALID', 'dynonym.toml:3: dns.ttl: a TTL is a whole number');
    assert.deepEqual(await failingWith(fault).run('configure users list'), {
      code: 1,
      stdout: '',
      stderr: 'dynonym: dynonym.toml:3: dns.ttl: a TTL is a whole number\n',
    });
  });

  it('a fault that is known, and DYNONYM_DEBUG=1: with its stack and its cause', async () => {
    const cause = new RangeError('the cause');
    const fault = new DynonymError('CONFIG_INVALID', 'not good', { cause });
    const { code, stderr } = await failingWith(fault).run('configure users list', {
      env: { DYNONYM_DEBUG: '1' },
    });
    assert.equal(code, 1);
    assert.match(stderr, /^dynonym: DynonymError: not good\n {4}at /);
    assert.match(stderr, /\ncaused by RangeError: the cause\n {4}at /);
  });

  it('a bug: one line that says how to see more', async () => {
    const { code, stdout, stderr } = await failingWith(new TypeError('x is not a function')).run(
      'configure users list',
    );
    assert.deepEqual({ code, stdout }, { code: 1, stdout: '' });
    assert.equal(
      stderr,
      'dynonym: unexpected error: x is not a function (DYNONYM_DEBUG=1 shows where; please report it)\n',
    );
  });

  it('something thrown that is no error: one line too', async () => {
    const { code, stderr } = await failingWith('a string').run('configure users list');
    assert.equal(code, 1);
    assert.match(stderr, /^dynonym: unexpected error: a string .*\n$/);
  });

  it('a reader that has gone away: quiet, and not one line more is fetched', async () => {
    const cli = new CliHarness();
    for (const name of ['alice', 'bob', 'carol'])
      await cli.run(`configure users add ${name}`, { input: 'x' });
    const written: string[] = [];
    const stdout = new Writable({
      write(chunk, _encoding, done) {
        written.push(String(chunk));
        done(written.length < 2 ? null : Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
      },
    });
    const { stderr } = await cli.run('configure users list', { stdout });
    assert.deepEqual(written, ['alice: (no names)\n', 'bob: (no names)\n']);
    assert.equal(stderr, '');
  });

  it('a full disk behind standard output: no success, in the words of the system', async () => {
    const cli = new CliHarness();
    await cli.run('configure users add alice', { input: 'x' });
    const stdout = new Writable({
      write(_chunk, _encoding, done) {
        const message = 'ENOSPC: no space left on device, write';
        done(Object.assign(new Error(message), { code: 'ENOSPC', syscall: 'write' }));
      },
    });
    const { code, stderr } = await cli.run('configure users list', { stdout });
    assert.deepEqual(
      { code, stderr },
      { code: 1, stderr: 'dynonym: ENOSPC: no space left on device, write\n' },
    );
  });
});
