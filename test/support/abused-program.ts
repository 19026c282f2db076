import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { hashSync } from '@node-rs/bcrypt';
import { userSection } from './fixtures.ts';
import { freePort } from './free-port.ts';
import { KEYS, secretText } from './name-servers/keys.ts';
import type { RunningProcess } from './run-process.ts';
import { ServedProgram } from './served-program.ts';
import { HANG } from './until.ts';

/** Octets that the program may have in memory while it is abused, code and all. */
const MEMORY = 400 * 1024 * 1024;

export const PASSWORD = 'right-password-of-alice';
export const ADMIN = 'password-of-the-operator';
const HASH = hashSync(PASSWORD, 4);
/** What the program knows and must not tell. */
export const SECRETS: readonly string[] = [PASSWORD, ADMIN, HASH, secretText(KEYS.sha256)];

/** A program that serves, before a primary that is not there, for tests that do their worst to it. */
export class AbusedProgram {
  readonly process: RunningProcess;
  /** Of its listener, and of that of the operator. */
  readonly url: string;
  readonly admin: string;
  readonly #served: ServedProgram;

  private constructor(served: ServedProgram) {
    const [url = '', admin = ''] = served.urls;
    this.#served = served;
    this.process = served.process;
    this.url = url;
    this.admin = admin;
  }

  static async start(): Promise<AbusedProgram> {
    const { name, algorithm } = KEYS.sha256;
    const configuration = `
[http]
socket = "127.0.0.1:0"
[dns]
socket = "127.0.0.1:${await freePort()}"
zones = ["example.org"]
tsig = { name = "${name}", algorithm = "${algorithm}", secret = "${secretText(KEYS.sha256)}" }
[admin]
socket = "127.0.0.1:0"
password = "${ADMIN}"
${userSection('alice', HASH, ['home.example.org'])}`;
    return new AbusedProgram(await ServedProgram.start(configuration, 2));
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  stop(): Promise<void> {
    return this.#served.stop();
  }

  /** It answers somebody else. */
  async assertServes(): Promise<void> {
    const response = await fetch(`${this.url}/ip`, {
      headers: { Connection: 'close' },
      signal: AbortSignal.timeout(HANG),
    });
    assert.equal(await response.text(), '127.0.0.1');
  }

  assertMemoryIsBounded(): void {
    const status = readFileSync(`/proc/${this.process.pid}/status`, 'utf8');
    const memory = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
    assert.ok(memory < MEMORY, `${memory} octets`);
  }
}
