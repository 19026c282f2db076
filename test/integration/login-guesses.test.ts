import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, before, beforeEach, describe, it } from 'node:test';
import { hashSync } from '@node-rs/bcrypt';
import { userSection } from '../support/fixtures.ts';
import { freePort } from '../support/free-port.ts';
import { RawClient } from '../support/raw-client.ts';
import type { RunningProcess } from '../support/run-process.ts';
import { startProgram } from '../support/run-program.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const CONNECTIONS = 20;
const basic = (user: string, password: string) =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
/** Where the guesses come from. */
const THERE = '192.0.2.66';

const section = (user: string, domain: string) =>
  userSection(user, hashSync(`right-password-of-${user}`, 4), [`${domain}.dyn.example.test`]);

describe('guesses that are sent all at once', { concurrency: false }, () => {
  const folder = tempFolder();
  let program: RunningProcess;
  let port = 0;

  before(async () => {
    port = await freePort();
    writeFileSync(
      join(folder, 'dynonym.toml'),
      `
[http]
socket = "127.0.0.1:${port}"
trusted_proxies = ["127.0.0.0/8"]
[nameserver]
sockets = ["127.0.0.1:${await freePort()}"]
[[nameserver.zones]]
name = "dyn.example.test"
ns = ["ns1.dyn.example.test"]
glue = { "ns1.dyn.example.test" = ["192.0.2.1"] }
${section('alice', 'a')}${section('bob', 'b')}`,
    );
  });
  // Each test has a program that has counted nothing yet.
  beforeEach(async () => {
    program = startProgram(['serve'], { cwd: folder });
    await until(() => program.stderr.includes('"addresses":["http'), { what: 'the server' });
  });
  afterEach(async () => {
    program.kill('SIGTERM');
    assert.equal((await program.end()).status, 0);
  });

  /** How often each status came, for requests with these credentials that are pipelined on some connections. */
  async function statusesOf(credentials: readonly string[]): Promise<Readonly<Record<string, number>>> {
    const connections = await Promise.all(Array.from({ length: CONNECTIONS }, () => RawClient.open(port)));
    for (const [index, authorization] of credentials.entries()) {
      const isLast = index >= credentials.length - CONNECTIONS;
      connections[index % CONNECTIONS]?.send(
        `GET /nic/update?hostname=a.dyn.example.test HTTP/1.1\r\nHost: dyn\r\nX-Forwarded-For: ${THERE}\r\n` +
          `Authorization: ${authorization}\r\n${isLast ? 'Connection: close\r\n' : ''}\r\n`,
      );
    }
    const received = await Promise.all(connections.map((connection) => connection.toTheEnd()));
    const statuses: Record<string, number> = {};
    for (const [, status = ''] of received.join('').matchAll(/HTTP\/1\.1 (\d+)/g)) {
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
    return statuses;
  }

  /** What an update with the right password hears. */
  async function wordFor(user: 'alice' | 'bob', from: string): Promise<string> {
    const response = await fetch(`http://127.0.0.1:${port}/nic/update?hostname=${user[0]}.dyn.example.test`, {
      headers: { Authorization: basic(user, `right-password-of-${user}`), 'X-Forwarded-For': from },
    });
    return `${response.status} ${(await response.text()).split(/\s/)[0]}`;
  }

  it('get fifty of a thousand tokens judged, and the site is told to come back', async () => {
    const statuses = await statusesOf(Array.from({ length: 1_000 }, (_, guess) => `Bearer guess-${guess}`));
    assert.deepEqual(statuses, { 401: 50, 503: 950 });
    assert.equal(await wordFor('bob', THERE), '503 911');
    assert.match(await wordFor('bob', '192.0.2.67'), /^200 /);
  });

  it('get ten of two hundred passwords of a user judged, and pause that user there alone', async () => {
    const statuses = await statusesOf(
      Array.from({ length: 200 }, (_, guess) => basic('alice', `guess-${guess}`)),
    );
    // Of those that did not fit into the queue some hear that the server is busy.
    assert.equal(statuses['401'], 10);
    assert.equal(statuses['200'], undefined);
    assert.equal(await wordFor('alice', THERE), '429 abuse');
    assert.match(await wordFor('bob', THERE), /^200 /);
    assert.match(await wordFor('alice', '192.0.2.67'), /^200 /);
  });

  it('that are an old password of a device do no harm', async () => {
    for (let time = 0; time < 5; time += 1) {
      const statuses = await statusesOf(Array(CONNECTIONS).fill(basic('alice', 'an old password')));
      assert.deepEqual(statuses, { 401: CONNECTIONS });
    }
    assert.match(await wordFor('alice', THERE), /^200 /);
  });
});
