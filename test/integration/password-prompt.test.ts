import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { tempFolder } from '../support/temp-folder.ts';
import { Terminal } from '../support/terminal.ts';

const PROGRAM = fileURLToPath(new URL('../support/ask-password.ts', import.meta.url));
const TSX = import.meta.resolve('tsx');

const QUESTION = 'New password for alice: ';
const QUESTION_AGAIN = 'The same again: ';
const ENTER = '\r';
const BACKSPACE = '\u007f';
const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const CTRL_U = '\u0015';

/** A terminal on which somebody is asked for a password, and which tells its mode afterwards. */
class Prompt {
  readonly terminal: Terminal;
  readonly #file = join(tempFolder(), 'password');

  constructor() {
    this.terminal = new Terminal(
      `stty -a; ${process.execPath} --import ${TSX} ${PROGRAM} ${this.#file}; stty -a`,
    );
  }

  async answer(...answers: string[]): Promise<void> {
    for (const [index, keys] of answers.entries()) {
      await this.terminal.shows(index === 0 ? QUESTION : QUESTION_AGAIN);
      this.terminal.type(keys);
    }
    await this.end();
  }

  /** Waits for the end, and sees that the terminal is as it was. */
  async end(): Promise<void> {
    await this.terminal.end();
    const [before, after, ...others] = this.terminal.screen.match(/^speed [\s\S]*?-extproc/gm) ?? [];
    assert.equal(others.length, 0);
    assert.match(before ?? '', / echo /);
    assert.equal(after, before);
  }

  get password(): unknown {
    return JSON.parse(readFileSync(this.#file, 'utf8'));
  }

  /** Exactly what was shown while the password was asked for. */
  get shown(): string {
    return this.terminal.screen.split('-extproc')[1]?.split('speed ')[0]?.trimStart() ?? '';
  }

  kill(signal: NodeJS.Signals): void {
    process.kill(Number(readFileSync(`${this.#file}.pid`, 'utf8')), signal);
  }
}

describe('a password on a terminal', { skip: process.platform === 'linux' ? false : 'needs Linux' }, () => {
  it('typed twice: taken, and nothing of it is shown', async () => {
    const prompt = new Prompt();
    await prompt.answer(`open sesame${ENTER}`, `open sesame${ENTER}`);
    assert.deepEqual(prompt.password, { ok: true, value: 'open sesame' });
    assert.equal(prompt.shown, `${QUESTION}\r\n${QUESTION_AGAIN}\r\n`);
  });

  it('pasted twice at once: taken, and nothing of it is shown', async () => {
    const prompt = new Prompt();
    await prompt.answer(`pässwörd 🔑${ENTER}pässwörd 🔑${ENTER}`);
    assert.deepEqual(prompt.password, { ok: true, value: 'pässwörd 🔑' });
    assert.equal(prompt.shown, `${QUESTION}\r\n${QUESTION_AGAIN}\r\n`);
  });

  it('mended with backspace and Ctrl-U: what is left is the password', async () => {
    const prompt = new Prompt();
    await prompt.answer(`sesxü${BACKSPACE}${BACKSPACE}ame${ENTER}`, `wrong${CTRL_U}sesame${ENTER}`);
    assert.deepEqual(prompt.password, { ok: true, value: 'sesame' });
    assert.equal(prompt.shown, `${QUESTION}\r\n${QUESTION_AGAIN}\r\n`);
  });

  it('the second one differs: refused', async () => {
    const prompt = new Prompt();
    await prompt.answer(`sesame${ENTER}`, `sesamf${ENTER}`);
    assert.deepEqual(prompt.password, { ok: false, reason: 'the two passwords differ' });
  });

  it('an empty one: refused without asking again', async () => {
    const prompt = new Prompt();
    await prompt.answer(ENTER);
    assert.deepEqual(prompt.password, { ok: false, reason: 'an empty password is no password' });
    assert.equal(prompt.shown, `${QUESTION}\r\n`);
  });

  for (const [key, keys] of [
    ['Ctrl-C', `ses${CTRL_C}`],
    ['Ctrl-D', CTRL_D],
  ] as const) {
    it(`${key} in the first: cancelled`, async () => {
      const prompt = new Prompt();
      await prompt.answer(keys);
      assert.deepEqual(prompt.password, { ok: false, reason: 'cancelled' });
      assert.equal(prompt.shown, `${QUESTION}\r\n`);
    });

    it(`${key} in the second: cancelled`, async () => {
      const prompt = new Prompt();
      await prompt.answer(`sesame${ENTER}`, keys);
      assert.deepEqual(prompt.password, { ok: false, reason: 'cancelled' });
    });
  }

  it('ended by a signal while it asks: the terminal is as it was', async () => {
    const prompt = new Prompt();
    await prompt.terminal.shows(QUESTION);
    prompt.kill('SIGTERM');
    await prompt.end();
  });
});
