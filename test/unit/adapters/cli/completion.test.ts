import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DEFINITIONS } from '../../../../src/adapters/cli/cli.ts';
import type { ConfiguredNames } from '../../../../src/adapters/cli/context.ts';
import { CliHarness } from '../../../support/cli-harness.ts';

const NAMES: ConfiguredNames = {
  users: new Map([
    [
      'alice',
      {
        domains: ['home.example.org', '*.lab.example.org'],
        tokens: ['camera', 'nas'],
        passkeys: ['phone'],
      },
    ],
    ['jo doe', { domains: ['jo.example.org', 'home.example.org'], tokens: [], passkeys: [] }],
  ]),
  hosts: ['nas.example.org'],
  zones: ['dyn.example.org'],
  keys: ['certbot'],
};

function harness(names: ConfiguredNames | undefined = NAMES): CliHarness {
  const cli = new CliHarness();
  cli.names = names;
  return cli;
}

/** What Tab shows behind these words, in the lines for `shell`. */
async function completed(words: string, shell = 'bash', cli = harness()): Promise<readonly string[]> {
  const { code, stdout, stderr } = await cli.run(`completion ${shell} -- ${words}`);
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  return stdout === '' ? [] : stdout.trimEnd().split('\n');
}

describe('completion', () => {
  const cases: readonly [title: string, words: string, lines: readonly string[]][] = [
    ['completes words of commands', 'configure u', ['users']],
    ['reads shortened words', 'conf u a', ['add', 'auth']],
    ['completes the command that is to be explained', 'help zone s', ['show']],
    ['completes users', "configure users rm ''", ['alice', 'jo\\ doe']],
    ['proposes no user as the name of a new one', "configure users add ''", []],
    [
      'completes every name that it knows of',
      "hosts history ''",
      ['home.example.org', '\\*.lab.example.org', 'jo.example.org', 'nas.example.org'],
    ],
    ['completes more than one domain', 'configure users auth alice jo.example.org n', ['nas.example.org']],
    [
      'takes away only what the user has',
      "configure users deauth 'jo doe' ''",
      ['jo.example.org', 'home.example.org'],
    ],
    ['completes the tokens of this user', "configure users token rm alice ''", ['camera', 'nas']],
    ['completes no tokens of others', "configure users token rm 'jo doe' ''", []],
    ['completes passkeys', 'configure users passkey rm alice p', ['phone']],
    [
      'completes zones, and nothing behind the last argument',
      'configure nameserver rm d',
      ['dyn.example.org'],
    ],
    ['ends where a command has all of its arguments', "configure nameserver rm dyn.example.org ''", []],
    ['completes what stands in a zone', 'zone show dyn.example.org n', ['nas.example.org']],
    ['completes keys', "configure nameserver key ''", ['certbot']],
    ['completes one of several words', 'configure users certificates alice o', ['on', 'off']],
    ['completes clients', 'snippet fritz', ['fritzbox']],
    ['completes options', 'configure dns --tsig-s', ['--tsig-secret-file']],
    ['completes values that the help lists', "configure dns --transport ''", ['tcp', 'udp', 'tls']],
    ['completes what bash replaces of --option=value', 'configure dns --transport=t', ['tcp', 'tls']],
    ['completes algorithms', 'configure dns --tsig-algorithm hmac-sha5', ['hmac-sha512']],
    ['leaves paths to the shell', "serve -c ''", [':files']],
    ['takes no option for an argument', 'configure users rm --config x a', ['alice']],
    ['completes no option behind --', "configure users rm -- ''", ['alice', 'jo\\ doe']],
    ['says nothing behind a word that it does not know', "configure nonsense ''", []],
    ['proposes nothing for a value of any form', "configure dns --ttl ''", []],
  ];
  for (const [title, words, lines] of cases) {
    it(title, async () => {
      // What stands behind a `--` in a case stands behind that of the script too.
      assert.deepEqual(await completed(words), lines);
    });
  }

  it('completes every word of every command', async () => {
    for (const { path } of DEFINITIONS) {
      const words = path.split(' ').slice(1);
      for (const [index, word] of words.entries()) {
        const line = [...words.slice(0, index), word].join(' ');
        assert.ok((await completed(line)).includes(word), line);
      }
    }
  });

  it('reads the file that the line names, and none where it needs no names', async () => {
    const cli = harness();
    await completed('configure users rm -c other.toml a', 'bash', cli);
    await completed('configure users --config=third.toml rm a', 'bash', cli);
    await completed('configure users', 'bash', cli);
    await completed('configure users rm a', 'bash', cli);
    assert.deepEqual(cli.opened, ['other.toml', 'third.toml', 'dynonym.toml']);
  });

  it('says nothing where the configuration cannot be read', async () => {
    const cli = harness();
    cli.names = undefined;
    assert.deepEqual(await completed('configure users rm a', 'bash', cli), []);
    assert.deepEqual(await completed('configure users r', 'bash', cli), ['rm']);
  });

  it('explains what fish and zsh show', async () => {
    assert.deepEqual(await completed('se', 'fish'), ['serve\tRun the server']);
    assert.deepEqual(await completed('se', 'zsh'), ['serve:Run the server']);
    assert.deepEqual(await completed('configure dns --transport=tl', 'fish'), ['--transport=tls']);
  });

  it('prints a script for each shell, and names the shells otherwise', async () => {
    for (const shell of ['bash', 'zsh', 'fish']) {
      assert.match((await harness().run(`completion ${shell}`)).stdout, new RegExp(`completion ${shell} --`));
    }
    for (const shell of ['tcsh', 'constructor']) {
      const { code, stderr } = await harness().run(`completion ${shell}`);
      assert.deepEqual([code, stderr], [1, `dynonym: "${shell}": the shells are bash, zsh, fish\n`]);
    }
  });
});
