import { once } from 'node:events';
import { spawnGuarded } from './run-process.ts';
import { until } from './until.ts';

/** A command of the shell on a terminal of its own (script of util-linux, which every Debian has). */
export class Terminal {
  readonly #child;
  #screen = '';

  constructor(command: string) {
    // Without NODE_TEST_CONTEXT: what runs there is no test of its own.
    const env = { ...process.env, NODE_TEST_CONTEXT: undefined, SHELL: '/bin/sh' };
    const options = ['--quiet', '--return', '--echo', 'always', '--command', command, '/dev/null'];
    this.#child = spawnGuarded('script', options, { env, stdio: 'pipe' });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#screen += text;
    });
  }

  /** All that was ever shown. */
  get screen(): string {
    return this.#screen;
  }

  /** Waits until the screen shows `text`, the given number of times. */
  async shows(text: string, times = 1): Promise<void> {
    await until(() => this.#screen.split(text).length > times, {
      what: `the screen to show ${JSON.stringify(text)}; it shows ${JSON.stringify(this.#screen)}`,
    });
  }

  type(keys: string): void {
    this.#child.stdin?.write(keys);
  }

  async end(): Promise<void> {
    if (this.#child.exitCode === null) await once(this.#child, 'close');
  }
}
