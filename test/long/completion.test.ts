import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { runProcess } from '../support/run-process.ts';
import { PROGRAM, runProgram } from '../support/run-program.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { Terminal } from '../support/terminal.ts';

/** A folder with the configuration, the script, and a dynonym that completes, and shows any other line. */
async function folderWith(shell: string, script: string): Promise<string> {
  const folder = tempFolder();
  mkdirSync(join(folder, 'bin'));
  const program = PROGRAM.map((word) => `'${word}'`).join(' ');
  const dynonym = join(folder, 'bin', 'dynonym');
  writeFileSync(
    dynonym,
    `#!/bin/sh\ncase $1 in completion) exec ${program} "$@" ;; esac\nprintf '<%s>' "$@"\necho\n`,
  );
  chmodSync(dynonym, 0o755);
  writeFileSync(
    join(folder, 'dynonym.toml'),
    '[users.alice]\n[users."jo doe"]\ndomains = ["*.lab.example.org"]\n[[nameserver.zones]]\nname = "dyn.example.org"\n',
  );
  const { status, stdout, stderr } = await runProgram(['completion', shell]);
  assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
  writeFileSync(join(folder, script), stdout);
  return folder;
}

const inFolder = (folder: string, command: string) => `cd '${folder}' && PATH="$PWD/bin:$PATH" ${command}`;

/** Lines with a Tab in them, and how the shell understands what it has made of them. */
const LINES: readonly [typed: string, understood: string][] = [
  ['dynonym conf\tus\trm al\t', '<configure><users><rm><alice>'],
  ['dynonym configure users rm j\t', '<configure><users><rm><jo doe>'],
  ['dynonym configure users deauth jo\\ doe \t', '<configure><users><deauth><jo doe><*.lab.example.org>'],
  ['dynonym configure dns --socket 127.0.0.1:53 --transport=tl\t', '<--transport=tls>'],
  ['dynonym zone show d\t', '<zone><show><dyn.example.org>'],
  ['dynonym serve --config dynonym.t\t', '<serve><--config><dynonym.toml>'],
  ['dynonym serve --config=dynonym.t\t', '<serve><--config=dynonym.toml>'],
];

async function typeLines(terminal: Terminal): Promise<void> {
  await terminal.shows('ready>');
  for (const [typed, understood] of LINES) {
    terminal.type(`${typed}\r`);
    await terminal.shows(understood);
  }
  terminal.type('exit\r');
  await terminal.end();
}

describeWithTools('completion in bash', ['bash'], () => {
  it('completes on a terminal what the configuration has', async () => {
    const folder = await folderWith('bash', 'script');
    writeFileSync(join(folder, 'rc'), '. ./script\nPS1="ready> "\n');
    await typeLines(new Terminal(inFolder(folder, 'bash --noprofile --rcfile rc -i')));
  });
});

describeWithTools('completion in zsh', ['zsh'], () => {
  it('completes on a terminal what the configuration has', async () => {
    const folder = await folderWith('zsh', '_dynonym');
    writeFileSync(
      join(folder, '.zshrc'),
      'fpath=("$PWD" $fpath)\nautoload -Uz compinit\ncompinit -u -D\nPS1="ready> "\nunset RPS1\n',
    );
    await typeLines(new Terminal(inFolder(folder, 'ZDOTDIR="$PWD" zsh -d -i')));
  });
});

describeWithTools('completion in fish', ['fish'], () => {
  it('completes what the configuration has, and says what commands do', async () => {
    const folder = await folderWith('fish', 'script.fish');
    const completed = async (line: string) => {
      const { status, stdout, stderr } = await runProcess(
        'fish',
        ['--no-config', '--command', `source script.fish; complete --do-complete "${line}"`],
        { cwd: folder, env: { PATH: `${folder}/bin:${process.env['PATH']}`, HOME: folder } },
      );
      assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
      return stdout.trimEnd().split('\n');
    };
    assert.deepEqual(await completed('dynonym se'), ['serve\tRun the server']);
    assert.deepEqual(await completed('dynonym configure users rm '), ['alice', 'jo doe']);
    assert.deepEqual(await completed('dynonym configure users deauth jo\\\\ doe '), ['*.lab.example.org']);
    assert.deepEqual(await completed('dynonym configure dns --transport=tl'), ['--transport=tls']);
    assert.deepEqual(await completed('dynonym serve --config=dynonym.t'), ['--config=dynonym.toml']);
    assert.deepEqual(await completed('dynonym serve --config dynonym.t'), ['dynonym.toml']);
  });
});
