import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { hashSync } from '@node-rs/bcrypt';
import { socketText } from '../../src/domain/socket-address.ts';
import type { TsigKey } from '../../src/domain/tsig-key.ts';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { startBind } from '../support/name-servers/bind.ts';
import { KEYS, secretText } from '../support/name-servers/keys.ts';
import type { NameServer } from '../support/name-servers/name-server.ts';
import type { RunningProcess } from '../support/run-process.ts';
import { runProgram, startProgram } from '../support/run-program.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

/** Names that change all the time. */
const LOAD = ['load1', 'load2', 'load3', 'load4'].map((name) => `${name}.dyn.example.test`);
const HOME = 'home.dyn.example.test';
const HASH = hashSync('s3cret', 4);

/** dynonym at work, with its configuration and a load of updates that goes on. */
class Service {
  readonly file = join(tempFolder(), 'dynonym.toml');
  readonly process: RunningProcess;
  readonly statuses = new Map<number, number>();
  readonly #agent = new Agent({ keepAlive: true });
  #port = 0;
  #loading = true;
  #load: Promise<unknown> = Promise.resolve();

  constructor(primary: NameServer) {
    const { name, algorithm } = KEYS.sha256;
    writeFileSync(
      this.file,
      `
[http]
socket = "127.0.0.1:0"
workers = 1
trusted_proxies = []
[dns]
socket = "${socketText(primary.socket)}"
zones = ["dyn.example.test"]
ttl = 60
tsig = { name = "${name}", algorithm = "${algorithm}", secret = "${secretText(KEYS.sha256)}" }
[users.alice]
pw = "${HASH}"
domains = [${[HOME, ...LOAD].map((domain) => `"${domain}"`).join(', ')}]
`,
    );
    this.process = startProgram(['serve', '-c', this.file, '-l', `${this.file}.lock`]);
  }

  async start(): Promise<void> {
    const line = await until(() => this.said('"Listening"')[0], { what: 'the server' });
    this.#port = Number(/:(\d+)"/.exec(line)?.[1]);
    this.#load = Promise.all(LOAD.map((name) => this.#updateAllTheTime(name)));
  }

  async stop(): Promise<void> {
    this.#loading = false;
    await this.#load;
    this.#agent.destroy();
    this.process.kill('SIGTERM');
    assert.equal((await this.process.end()).status, 0);
  }

  /** The lines of the log that hold this text. */
  said(text: string): string[] {
    return this.process.stderr.split('\n').filter((line) => line.includes(text));
  }

  /** As somebody with an editor does it. */
  edit(from: string | RegExp, to: string): void {
    const text = readFileSync(this.file, 'utf8');
    const next = text.replace(from, to);
    assert.notEqual(next, text);
    writeFileSync(this.file, next);
  }

  useKey({ name, algorithm, ...key }: TsigKey): void {
    const secret = secretText({ name, algorithm, ...key });
    this.edit(/tsig = .*/, `tsig = { name = "${name}", algorithm = "${algorithm}", secret = "${secret}" }`);
  }

  async get(path: string, { auth = 'alice:s3cret', headers = {} } = {}): Promise<[number, string]> {
    const sent = request({ host: '127.0.0.1', port: this.#port, path, auth, headers, agent: this.#agent });
    sent.end();
    const [response] = await once(sent, 'response');
    let body = '';
    for await (const part of response.setEncoding('utf8')) body += part;
    return [response.statusCode, body];
  }

  async update(name: string, ipv4: string, auth?: string): Promise<number> {
    const [status] = await this.get(`/dns/update?domain=${name}&ipv4=${ipv4}`, auth ? { auth } : {});
    return status;
  }

  /** Waits until so many more updates of the load were answered, all with success. */
  async carryOn(updates = 50): Promise<void> {
    const count = () => this.statuses.get(200) ?? 0;
    const end = count() + updates;
    await until(() => count() >= end || this.statuses.size > 1, { what: 'the load' });
    assert.deepEqual([...this.statuses.keys()], [200], this.process.stderr.slice(-2_000));
  }

  async #updateAllTheTime(name: string): Promise<void> {
    for (let turn = 0; this.#loading; turn = (turn + 1) % 250) {
      const status = await this.update(name, `192.0.2.${turn}`);
      this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
    }
  }
}

describeWithTools('a configuration that changes under load', ['named', 'dig'], () => {
  let old: NameServer;
  let next: NameServer;
  let service: Service;

  before(async () => {
    [old, next] = await Promise.all([startBind(), startBind({ updateKeys: [KEYS.sha512] })]);
    service = new Service(old);
    await service.start();
    await service.carryOn();
  });
  after(async () => {
    await service.stop();
    await Promise.all([old.stop(), next.stop()]);
  });

  it('a user who is added by a command works soon after', async () => {
    const run = (...args: string[]) =>
      runProgram(['configure', 'users', ...args, '-c', service.file], { stdin: 'hunter2!\n' });
    const added = await run('add', 'bob');
    assert.equal(added.status, 0, added.stderr);
    const granted = await run('auth', 'bob', HOME);
    assert.deepEqual([granted.status, granted.stderr], [0, '']);
    const works = async () => (await service.update(HOME, '198.51.100.1', 'bob:hunter2!')) === 200;
    await until(works, { what: 'the new user' });
    await until(() => service.said('"Users or hosts have changed"').length > 0, {
      what: 'the line about it',
    });
    await service.carryOn();
  });

  it('another time to live is that of the next records', async () => {
    service.edit('ttl = 60', 'ttl = 77');
    let turn = 0;
    const ttl = async () => {
      turn += 1;
      assert.equal(await service.update(HOME, `198.51.100.${turn}`), 200);
      return (await old.query(HOME, 'A')).answers[0]?.ttl;
    };
    await until(async () => (await ttl()) === 77, { what: 'the new time to live' });
    await service.carryOn();
  });

  it('a proxy that becomes trusted is believed', async () => {
    const headers = { 'X-Forwarded-For': '203.0.113.9' };
    const seen = async () => {
      const answers = await Promise.all(Array.from({ length: 8 }, () => service.get('/ip', { headers })));
      return answers.map(([, body]) => body.trim());
    };
    assert.deepEqual(new Set(await seen()), new Set(['127.0.0.1']));
    service.edit('trusted_proxies = []', 'trusted_proxies = ["127.0.0.1"]');
    const believed = async () => (await seen()).every((address) => address === '203.0.113.9');
    await until(believed, { what: 'the proxy to be believed' });
    await service.carryOn();
  });

  it('a broken file is reported once with all problems, and what it said before goes on', async () => {
    const good = readFileSync(service.file, 'utf8');
    writeFileSync(service.file, good.replace('ttl = 77', 'ttl = -1').replace('workers =', 'wrokers ='));
    const event = 'has problems; the settings before them stay in force';
    const [line = ''] = await until(() => service.said(event).length > 0 && service.said(event), {
      what: 'the report',
    });
    assert.deepEqual(
      JSON.parse(line).problems.map((problem: string) => problem.split(': ').slice(0, 2).join(': ')),
      [`${service.file}:4: http.wrokers`, `${service.file}:9: dns.ttl`],
    );
    await service.carryOn(200);
    service.process.kill('SIGHUP');
    await service.carryOn();
    assert.equal(service.said(event).length, 1);
    writeFileSync(service.file, good);
    await until(() => service.said('The configuration can be used again').length > 0, {
      what: 'the end of the trouble',
    });
  });

  it('another primary with another key is updated from then on, and no request fails', async () => {
    service.edit(socketText(old.socket), 'PRIMARY');
    service.useKey(KEYS.sha512);
    service.edit('PRIMARY', socketText(next.socket));
    service.process.kill('SIGHUP');
    const moved = async () => {
      assert.equal(await service.update(HOME, '203.0.113.77'), 200);
      return (await next.query(HOME, 'A')).answers.length > 0;
    };
    await until(moved, { what: 'the new primary to be updated' });
    await service.carryOn();
    const before = (await old.query(LOAD[0] ?? '', 'A')).answers;
    await service.carryOn(100);
    assert.deepEqual((await old.query(LOAD[0] ?? '', 'A')).answers, before);
  });

  it('an audit log begins, has a line for each update, and goes on in a new file after it was moved', async () => {
    const path = `${service.file}.audit`;
    writeFileSync(
      service.file,
      `${readFileSync(service.file, 'utf8')}\n[log]\nlevel = "warn"\naudit = "${path}"\n`,
    );
    const lines = (file: string) => readFileSync(file, 'utf8').trimEnd().split('\n');
    await until(() => lines(path).length > 5, { what: 'the audit log' });
    renameSync(path, `${path}.1`);
    await service.carryOn();
    for (const file of [path, `${path}.1`]) {
      const [line = ''] = lines(file);
      const { user, client, names, outcome, milliseconds } = JSON.parse(line);
      assert.deepEqual(
        [user, client, names.length, typeof milliseconds],
        ['alice', '127.0.0.1', 1, 'number'],
      );
      assert.match(String(outcome), /^(un)?changed$/);
    }
    // The level holds for the log.
    const before = service.said('An update request was answered').length;
    await service.carryOn();
    assert.equal(service.said('An update request was answered').length, before);
  });

  it('sockets and workers say that they need a restart', async () => {
    service.edit('127.0.0.1:0', '127.0.0.1:1');
    service.edit('workers = ', 'workers = 1');
    service.process.kill('SIGHUP');
    const keys = ['http.socket', 'http.workers'];
    const told = () =>
      service
        .said('some changes need a restart')
        .some((line) => keys.every((key) => line.includes(`"${key}"`)));
    await until(told, { what: 'the warning' });
    await service.carryOn();
  });

  it('nothing of it put a secret into the log', () => {
    for (const secret of [secretText(KEYS.sha256), secretText(KEYS.sha512), 's3cret', 'hunter2!', HASH]) {
      assert.ok(!service.process.stderr.includes(secret), secret);
    }
  });
});

describe('a configuration that loses its users and is opened to everybody while the server runs', () => {
  it('is warned of, once for each time', async () => {
    const file = join(tempFolder(), 'dynonym.toml');
    const rest = '[http]\nsocket = "127.0.0.1:0"\n';
    const whole = `${rest}[users.alice]\npw = "${HASH}"\n[hosts."${HOME}"]\nttl = 5\n`;
    writeFileSync(file, whole, { mode: 0o600 });
    const server = startProgram(['serve', '-c', file, '-l', `${file}.lock`]);
    const said = (text: string) => server.stderr.split('\n').filter((line) => line.includes(text));
    const saidTimes = (text: string, times: number) =>
      until(() => said(text).length === times, { what: `${text} ${times} times` });
    try {
      await saidTimes('"Listening"', 1);
      writeFileSync(file, rest);
      await saidTimes('There are no users', 1);
      const { usersRemoved, hostsRemoved } = JSON.parse(said('Users or hosts have changed')[0] ?? '');
      assert.deepEqual([usersRemoved, hostsRemoved], [1, 1]);
      chmodSync(file, 0o644);
      await saidTimes('Everybody on this machine can read a file', 1);
      writeFileSync(file, `${rest}[dns]\nttl = 5\n`);
      await saidTimes('"The configuration has changed"', 1);
      writeFileSync(file, whole);
      await saidTimes('Users or hosts have changed', 2);
      writeFileSync(file, rest);
      await saidTimes('There are no users', 2);
      assert.equal(said('Everybody on this machine can read a file').length, 1);
      assert.equal(said('Users or hosts have changed').length, 3);
    } finally {
      server.kill('SIGTERM');
      assert.equal((await server.end()).status, 0);
    }
  });
});
