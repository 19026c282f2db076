import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Argon2PasswordHasher } from '../../src/adapters/system/argon2-password-hasher.ts';
import { freePort } from '../support/free-port.ts';
import type { RunningProcess } from '../support/run-process.ts';
import { startProgram } from '../support/run-program.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

/** Octets that the program may have in memory while it is flooded, code and all. */
const MEMORY = 400 * 1024 * 1024;
const USERS = 5;
/** Guesses under way; more than the queue of hashes takes. */
const GUESSES_AT_ONCE = 300;
/** Guesses that are answered before the flood may end. */
const GUESSES = 1_000;

const hasher = new Argon2PasswordHasher();
const nameOf = (user: number) => `user${user}`;
const passwordOf = (user: number) => `right-password-of-${user}`;
const domainOf = (user: number) => `h${user}.dyn.example.test`;

// `npm run bench -- --part flood` is the long form, with times.
describe('a flood of wrong passwords, each from an address of its own', { concurrency: false }, () => {
  const folder = tempFolder();
  const agent = new Agent({ keepAlive: true });
  const answers = new Map<string, number>();
  let sockets: { readonly http: number; readonly dns: number };
  let program: RunningProcess;
  let flooding = true;
  let flood: Promise<unknown> = Promise.resolve();

  /** Writes the configuration, with a new hash of each user's password. */
  async function configure(): Promise<void> {
    const users = await Promise.all(
      Array.from(
        { length: USERS },
        async (_, user) =>
          `[users.${nameOf(user)}]\npw = "${await hasher.hash(passwordOf(user))}"\ndomains = ["${domainOf(user)}"]\n`,
      ),
    );
    writeFileSync(
      join(folder, 'dynonym.toml'),
      `
[http]
socket = "127.0.0.1:${sockets.http}"
trusted_proxies = ["127.0.0.0/8"]
[nameserver]
sockets = ["127.0.0.1:${sockets.dns}"]
[[nameserver.zones]]
name = "dyn.example.test"
ns = ["ns1.dyn.example.test"]
glue = { "ns1.dyn.example.test" = ["192.0.2.1"] }
${users.join('')}`,
    );
  }

  async function update(user: number, password: string, client: string, address: string): Promise<string> {
    const sent = request({
      host: '127.0.0.1',
      port: sockets.http,
      path: `/nic/update?hostname=${domainOf(user)}&myip=${address}`,
      auth: `${nameOf(user)}:${password}`,
      headers: { 'X-Forwarded-For': client },
      agent,
    });
    sent.end();
    const [response] = await once(sent, 'response');
    let body = '';
    for await (const part of response.setEncoding('utf8')) body += part;
    return body;
  }

  /** Every user once, each from the address that is always theirs. */
  const allUpdate = (address: string) =>
    Promise.all(
      Array.from({ length: USERS }, (_, user) =>
        update(user, passwordOf(user), `198.51.100.${user}`, address),
      ),
    );
  const all = (answer: string): string[] => Array(USERS).fill(`${answer}\n`);
  const guessesAnswered = () => [...answers.values()].reduce((sum, count) => sum + count, 0);

  before(async () => {
    sockets = { http: await freePort(), dns: await freePort() };
    await configure();
    program = startProgram(['serve'], { cwd: folder });
    await until(() => program.stderr.includes('"addresses":["http'), { what: 'the server' });
    assert.deepEqual(await allUpdate('192.0.2.1'), all('good 192.0.2.1'));

    let guesses = 0;
    const guessAllTheTime = async () => {
      while (flooding) {
        guesses += 1;
        const from = `10.${guesses >> 16}.${(guesses >> 8) & 255}.${guesses & 255}`;
        const answer = await update(guesses % USERS, 'guess', from, '203.0.113.66');
        answers.set(answer, (answers.get(answer) ?? 0) + 1);
      }
    };
    flood = Promise.all(Array.from({ length: GUESSES_AT_ONCE }, guessAllTheTime));
    await until(() => answers.has('911\n'), { what: 'guesses to be turned away' });
  });
  after(async () => {
    flooding = false;
    await flood;
    agent.destroy();
    program.kill('SIGTERM');
    assert.equal((await program.end()).status, 0);
  });

  it('leaves every user served whose password is remembered', async () => {
    for (let round = 2; round < 6; round += 1) {
      assert.deepEqual(await allUpdate(`192.0.2.${round}`), all(`good 192.0.2.${round}`));
    }
  });

  it('leaves every user served whose password is not, at an address that is', async () => {
    await configure();
    assert.deepEqual(await allUpdate('192.0.2.100'), all('good 192.0.2.100'));
  });

  it('is judged or turned away, and takes a bounded memory', async () => {
    await until(() => guessesAnswered() >= GUESSES && (answers.get('badauth\n') ?? 0) > 0, {
      what: `${GUESSES} guesses`,
    });
    assert.deepEqual(new Set(answers.keys()), new Set(['badauth\n', '911\n']));
    const status = readFileSync(`/proc/${program.pid}/status`, 'utf8');
    const memory = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
    assert.ok(memory < MEMORY, `${memory} octets`);
  });
});
