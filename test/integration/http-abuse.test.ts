import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { hashSync } from '@node-rs/bcrypt';
import { freePort } from '../support/free-port.ts';
import { fuzzRuns } from '../support/fuzz-runs.ts';
import { KEYS, secretText } from '../support/name-servers/keys.ts';
import { Random } from '../support/random.ts';
import type { RunningProcess } from '../support/run-process.ts';
import { startProgram } from '../support/run-program.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

/** Octets that the program may have in memory while it is abused, code and all. */
const MEMORY = 400 * 1024 * 1024;
/** Milliseconds in which the head of a request has to come. */
const HEADERS_TIME = 10_000;
const SLOW = 300;
const IDLE = 10_000;
/** What the clients need, and the program; either has other files open too. */
const OPEN_FILES = IDLE + 500;
/** `npm run test:abuse` is the long form, with 100,000. */
const REQUESTS = fuzzRuns(3_000);

const PASSWORD = 'right-password-of-alice';
const WRONG = 'wrong-password-of-alice';
const ADMIN = 'password-of-the-operator';
const HASH = hashSync(PASSWORD, { cost: 4 });
const SECRETS = [PASSWORD, WRONG, ADMIN, HASH, secretText(KEYS.sha256)];
const basic = (user: string, password: string) =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

/** Node raises its limit of open files as far as the hard one lets it: that of the tests, and that of the program. */
const limit = Number(/^Max open files +\d+ +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]);
const TOO_FEW_FILES =
  limit < OPEN_FILES &&
  `the hard limit of open files is ${limit}, and ${OPEN_FILES} are needed: ulimit -Hn ${OPEN_FILES}`;

describe('a program that is abused', { concurrency: false }, () => {
  let program: RunningProcess;
  let port = 0;
  let url = '';
  let admin = '';
  const open = new Set<Socket>();

  before(async () => {
    const folder = tempFolder();
    const { name, algorithm } = KEYS.sha256;
    writeFileSync(
      join(folder, 'dynonym.toml'),
      `
[http]
socket = "127.0.0.1:0"
[dns]
socket = "127.0.0.1:${await freePort()}"
zones = ["example.org"]
tsig = { name = "${name}", algorithm = "${algorithm}", secret = "${secretText(KEYS.sha256)}" }
[admin]
socket = "127.0.0.1:0"
password = "${ADMIN}"
[users.alice]
pw = "${HASH}"
domains = ["home.example.org"]
`,
    );
    program = startProgram(['serve'], { cwd: folder });
    [url = '', admin = ''] = await until(
      () => {
        const found = [...program.stderr.matchAll(/"addresses":\["([^"]+)"/g)].map(([, one = '']) => one);
        return found.length === 2 && found;
      },
      { what: 'both sockets', within: 30_000 },
    );
    port = Number(new URL(url).port);
  });
  after(async () => {
    for (const socket of open) socket.destroy();
    program.kill('SIGTERM');
    assert.equal((await program.end()).status, 0);
  });

  /** A connection on which nothing was sent yet, and what the server says there. */
  async function connection(): Promise<{ socket: Socket; heard: () => string }> {
    const socket = connect({ host: '127.0.0.1', port });
    let heard = '';
    open.add(socket);
    socket.on('error', () => {});
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      heard += text;
    });
    socket.on('close', () => open.delete(socket));
    await once(socket, 'connect');
    return { socket, heard: () => heard };
  }

  async function serves(): Promise<void> {
    const response = await fetch(`${url}/ip`, {
      headers: { Connection: 'close' },
      signal: AbortSignal.timeout(30_000),
    });
    assert.equal(await response.text(), '127.0.0.1');
  }

  function memory(): number {
    const status = readFileSync(`/proc/${program.pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
  }

  it(`serves others while ${SLOW} clients send an octet now and then, and closes these connections`, async () => {
    const slow = await Promise.all(Array.from({ length: SLOW }, connection));
    const head = 'GET /ip HTTP/1.1\r\nX-Slow: ';
    let at = 0;
    await until(
      async () => {
        for (const { socket } of slow) if (!socket.closed) socket.write(head[at] ?? 'x');
        at += 1;
        await serves();
        return slow.every(({ socket }) => socket.closed);
      },
      { what: 'the slow connections to be closed', within: 6 * HEADERS_TIME },
    );
    // It is their slowness that ended them, and nothing else.
    for (const { heard } of slow) assert.match(heard(), /^HTTP\/1\.1 408 /);
    assert.ok(memory() < MEMORY, `${memory()} octets`);
  });

  it(`serves others beside ${IDLE} idle connections`, {
    skip: !process.env['CI'] && TOO_FEW_FILES,
  }, async () => {
    // On a machine that judges changes, fewer connections must not look like a test that passed.
    assert.equal(TOO_FEW_FILES, false);
    let most = 0;
    // Each is closed after a while, so that a busy machine needs more of them to have as many at once.
    for (let opened = 0; opened < IDLE || (most <= IDLE / 2 && opened < 5 * IDLE); opened += 200) {
      await Promise.all(Array.from({ length: Math.min(200, IDLE - open.size) }, connection));
      most = Math.max(most, open.size);
      if (opened % 2_000 === 0) await serves();
    }
    await serves();
    assert.ok(most > IDLE / 4, `only ${most} at once`);
    assert.ok(memory() < MEMORY, `${memory()} octets`);
    await until(() => open.size === 0, {
      what: 'the idle connections to be closed',
      within: 6 * HEADERS_TIME,
    });
    await serves();
  });

  it(`survives ${REQUESTS} random requests`, async () => {
    const random = new Random(20_260_101);
    const before = memory();
    const statuses = new Map<string, number>();
    /** Whatever comes back until the connection ends, which `Connection: close` or garbage brings about. */
    const send = (octets: Buffer) =>
      new Promise<void>((resolve) => {
        const socket = connect({
          host: '127.0.0.1',
          port,
          localAddress: `127.0.${random.below(250)}.${1 + random.below(250)}`,
        });
        let received = '';
        socket.setEncoding('latin1');
        socket.on('data', (text: string) => {
          received += text;
        });
        socket.on('error', () => {});
        socket.on('close', () => {
          const status = /^HTTP\/1\.1 (\d{3})/.exec(received)?.[1] ?? 'none';
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
          resolve();
        });
        socket.end(octets);
      });
    for (let sent = 0; sent < REQUESTS; sent += 50) {
      await Promise.all(
        Array.from({ length: Math.min(50, REQUESTS - sent) }, () => send(randomRequest(random))),
      );
      if (sent % 1_000 === 0) await serves();
    }
    await serves();
    assert.ok(memory() < MEMORY, `${before} octets before, ${memory()} after`);
    assert.ok(
      (statuses.get('400') ?? 0) > 0 && (statuses.get('401') ?? 0) > 0,
      JSON.stringify([...statuses]),
    );
    const broken = program.stderr.split('\n').filter((line) => line.includes('could not be answered'));
    assert.deepEqual(broken, []);
  });

  it('has told no secret in its log or metrics', async () => {
    const { status } = await fetch(`${url}/nic/update?hostname=home.example.org`, {
      headers: { Authorization: basic('alice', PASSWORD) },
    });
    assert.equal(status, 503);
    const metrics = await fetch(`${admin}/metrics`, { headers: { Authorization: basic('admin', ADMIN) } });
    assert.equal(metrics.status, 200);
    const shown = program.stdout + program.stderr + (await metrics.text());
    assert.match(shown, /"outcome":"?\[?"?badauth/);
    for (const secret of SECRETS) {
      for (const form of [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')]) {
        assert.ok(!shown.includes(form), form);
      }
      assert.ok(!shown.includes(basic('alice', secret).slice(6)));
    }
  });
});

const METHODS = [
  'GET',
  'POST',
  'PUT',
  'HEAD',
  'DELETE',
  'OPTIONS',
  'CONNECT',
  'TRACE',
  'BREW',
  'get',
  '',
] as const;
const PATHS = [
  ...[
    '/nic/update',
    '/v3/update',
    '/update',
    '/dns/update',
    '/',
    '/ip',
    '/checkip',
    '//nic/update',
    '*',
    '%',
  ],
  ...['http://example.org/nic/update', '/nic/update%20http://x/nic/update', '/../etc/passwd', '/\0', ''],
  // What URL parsers take for a host, and refuse.
  ...['/\\a@[b#', '/\\[', 'ftp:\\\\[b', 'http:/\\[b/ip', '/nic/update\\'],
] as const;
const NAMES = [
  'hostname',
  'myip',
  'myipv6',
  'domain',
  'ipv4',
  'username',
  'password',
  'offline',
  'x',
] as const;
const VALUES = [
  ...['home.example.org', 'a.example.org,b.example.org', '192.0.2.1', '2001:db8::1', '2001:db8::/56', 'YES'],
  ...['alice', WRONG, '<ip6addr>', '%', '%00', '..', 'x'.repeat(300), '', ','.repeat(100), '🦉'],
] as const;
const FIELDS = [
  `Authorization: ${basic('alice', WRONG)}`,
  `Authorization: Bearer ${WRONG}`,
  'Authorization: Basic !!!',
  'X-Forwarded-For: 203.0.113.9, 127.0.0.1',
  'Forwarded: for="[2001:db8::9]:1"',
  'Accept: application/json',
  'Content-Length: 5',
  'Content-Length: -1',
  'Transfer-Encoding: chunked',
  'Content-Type: application/x-www-form-urlencoded',
  'Expect: 100-continue',
  'Expect: a-miracle',
  'Upgrade: websocket',
  ': nothing',
  'X: \x01',
] as const;

/** Mostly a request, sometimes one that was cut or changed, sometimes mere octets. */
function randomRequest(random: Random): Buffer {
  const kind = random.below(10);
  if (kind === 0) return random.octets(random.below(400));
  const parameters = Array.from(
    { length: random.below(6) },
    () => `${random.pick(NAMES)}=${random.pick(VALUES)}`,
  );
  const fields = Array.from({ length: random.below(4) }, () => random.pick(FIELDS));
  const head = [
    `${random.pick(METHODS)} ${random.pick(PATHS)}?${parameters.join('&')} HTTP/1.${random.below(3)}`,
    'Connection: close',
    ...fields,
  ];
  const request = Buffer.from(
    `${head.join('\r\n')}\r\n\r\n${random.pick(['', 'x=1', '5\r\nhello\r\n0\r\n\r\n'])}`,
  );
  if (kind === 1) return request.subarray(0, random.below(request.length));
  if (kind === 2) request[random.below(request.length)] = random.below(256);
  return request;
}
