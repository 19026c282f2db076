import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { hashSync } from '@node-rs/bcrypt';
import { socketText } from '../../src/domain/socket-address.ts';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { startBind } from '../support/name-servers/bind.ts';
import { KEYS, secretText } from '../support/name-servers/keys.ts';
import type { NameServer } from '../support/name-servers/name-server.ts';
import { RecordingProxy } from '../support/recording-proxy.ts';
import type { RunningProcess } from '../support/run-process.ts';
import { runProgram, startProgram } from '../support/run-program.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const WORKERS = 3;
const HOME = 'home.dyn.example.test';

/** dynonym with several workers, in a folder of its own. */
class Service {
  readonly folder = tempFolder();
  #process: RunningProcess | undefined;
  #port = 0;

  constructor(primary: string, socket = '127.0.0.1:0') {
    const { name, algorithm } = KEYS.sha256;
    writeFileSync(
      this.#file('dynonym.toml'),
      `
[http]
socket = "${socket}"
workers = ${WORKERS}
[dns]
socket = "${primary}"
zones = ["dyn.example.test"]
tsig = { name = "${name}", algorithm = "${algorithm}", secret = "${secretText(KEYS.sha256)}" }
[users.alice]
pw = "${hashSync('s3cret', { cost: 4 })}"
domains = ["${HOME}"]
`,
    );
  }

  #file(name: string): string {
    return join(this.folder, name);
  }

  get process(): RunningProcess {
    if (this.#process === undefined) throw new Error('the service was not started');
    return this.#process;
  }

  get isLocked(): boolean {
    return existsSync(this.#file('dynonym.lock'));
  }

  begin(): void {
    this.#process = startProgram(['serve'], { cwd: this.folder });
  }

  /** Starts it and waits until it serves. */
  async start(): Promise<void> {
    this.begin();
    const [line] = await until(() => this.log('Listening'), {
      what: 'the workers to listen',
      within: 30_000,
    });
    this.#port = Number(/:(\d+)"/.exec(String(line))?.[1]);
    await until(() => this.workers().length === WORKERS, { what: 'all workers' });
  }

  /** The lines of the log that hold `text`, once there is one. */
  log(text: string): readonly string[] | undefined {
    const lines = this.process.stderr.split('\n').filter((line) => line.includes(text));
    return lines.length > 0 ? lines : undefined;
  }

  /** The process ids of the workers that live. */
  workers(): readonly number[] {
    const { pid } = this.process;
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      .split(' ')
      .filter((text) => text !== '')
      .map(Number)
      .filter(lives);
  }

  /** The workers that answered updates. */
  answering(): ReadonlySet<number> {
    const lines = this.log('an update request was answered') ?? [];
    return new Set(lines.map((line) => JSON.parse(line).pid));
  }

  /** Sends one update over a connection of its own; resolves to the status. */
  async update(ipv4: string, { password = 's3cret', from = '127.0.0.1' } = {}): Promise<number> {
    const sent = request({
      host: '127.0.0.1',
      port: this.#port,
      path: `/dns/update?domain=${HOME}&ipv4=${ipv4}`,
      auth: `alice:${password}`,
      localAddress: from,
      agent: false,
      timeout: 20_000,
    });
    sent.on('timeout', () => sent.destroy(new Error(`no answer about ${ipv4}`)));
    sent.end();
    const [response] = await once(sent, 'response');
    response.resume();
    await once(response, 'end');
    return response.statusCode;
  }

  /** As Ctrl-C does it: to every process of the group. */
  interrupt(): void {
    for (const worker of this.workers()) process.kill(worker, 'SIGINT');
    this.process.kill('SIGINT');
  }
}

/** False also for a process that has ended and whose parent has not looked after it yet. */
function lives(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}

const addresses = (count: number) => Array.from({ length: count }, (_, index) => `192.0.2.${index + 1}`);

describeWithTools(`${WORKERS} workers`, ['named', 'dig', 'nsupdate'], () => {
  let bind: NameServer;
  let proxy: RecordingProxy;
  let service: Service;

  before(async () => {
    bind = await startBind();
    proxy = await RecordingProxy.start(bind.socket);
    service = new Service(socketText(proxy.socket));
    await service.start();
  });
  after(async () => {
    service.process.kill('SIGTERM');
    await service.process.end();
    await proxy.stop();
    await bind.stop();
  });

  const recorded = async () => (await bind.query(HOME, 'A')).answers.map(({ data }) => data);

  /** An update that the primary has been asked about and does not answer, and the promise of its status. */
  async function updateUnderWay(address: string) {
    await bind.pause();
    proxy.passed.length = 0;
    const status = service.update(address);
    await until(() => proxy.passed.length > 0, { what: 'the primary to be asked' });
    return { status };
  }

  it('all serve, and the update that came last is the one that stays', async () => {
    for (const address of addresses(2 * WORKERS)) {
      assert.equal(await service.update(address), 200);
      assert.deepEqual(await recorded(), [address]);
    }
    assert.deepEqual(service.answering(), new Set(service.workers()));
  });

  it('leave a name with the one address of some request when all of them change it at once', async () => {
    const statuses = new Map<string, number>();
    await Promise.all(
      addresses(60).map(async (address) => statuses.set(address, await service.update(address))),
    );
    // On a machine that is slow, some that waited long are superseded.
    for (const status of statuses.values()) assert.ok(status === 200 || status === 500, String(status));
    const [left = '', ...others] = await recorded();
    assert.deepEqual(others, []);
    assert.equal(statuses.get(left), 200);
  });

  it('turn away who guesses, whichever worker the guesses went to', async () => {
    const from = '127.0.0.66';
    for (let guess = 0; guess < 10; guess += 1) {
      assert.equal(await service.update('192.0.2.1', { password: `guess-${guess}`, from }), 401);
    }
    // The tenth failure travels to all of them.
    await until(async () => (await service.update('192.0.2.1', { from })) === 429, { what: 'the pause' });
    for (let time = 0; time < 2 * WORKERS; time += 1) {
      assert.equal(await service.update('192.0.2.1', { from }), 429);
      assert.equal(await service.update('192.0.2.1'), 200);
    }
  });

  it('heed a changed password, a revoked right and a removed user from the next request on', async () => {
    const change = (args: readonly string[], stdin = '') =>
      runProgram(['configure', 'users', ...args], { cwd: service.folder, stdin });
    const statuses = async (password: string, from: string) => {
      const all: number[] = [];
      for (let time = 0; time < WORKERS; time += 1) {
        all.push(await service.update('192.0.2.1', { password, from }));
      }
      return new Set(all);
    };
    assert.equal((await change(['pw', 'alice'], 'changed\n')).status, 0);
    assert.deepEqual(await statuses('s3cret', '127.0.0.67'), new Set([401]));
    assert.deepEqual(await statuses('changed', '127.0.0.68'), new Set([200]));
    assert.equal((await change(['deauth', 'alice', HOME])).status, 0);
    assert.deepEqual(await statuses('changed', '127.0.0.68'), new Set([403]));
    assert.equal((await change(['auth', 'alice', HOME])).status, 0);
    assert.equal((await change(['pw', 'alice'], 's3cret\n')).status, 0);
    assert.deepEqual(await statuses('s3cret', '127.0.0.69'), new Set([200]));
    assert.equal((await change(['rm', 'alice'])).status, 0);
    assert.deepEqual(await statuses('s3cret', '127.0.0.70'), new Set([401]));
    assert.equal((await change(['add', 'alice'], 's3cret\n')).status, 0);
    assert.equal((await change(['auth', 'alice', HOME])).status, 0);
    assert.deepEqual(await statuses('s3cret', '127.0.0.71'), new Set([200]));
  });

  it('are replaced when they are killed, and the others serve meanwhile', async () => {
    const before = service.workers();
    const [victim = 0, ...others] = before;
    process.kill(victim, 'SIGKILL');
    await until(() => service.log('A worker process ended'), { what: 'its death to be noticed' });
    for (const address of addresses(2 * WORKERS)) assert.equal(await service.update(address), 200);
    await until(() => service.log('serves again'), { what: 'another worker', within: 30_000 });
    const now = service.workers();
    assert.equal(now.length, WORKERS);
    assert.deepEqual(
      others.filter((pid) => now.includes(pid)),
      others,
    );
    const newcomer = now.find((pid) => !before.includes(pid)) ?? 0;
    for (const address of addresses(2 * WORKERS)) assert.equal(await service.update(address), 200);
    assert.ok(service.answering().has(newcomer));
    assert.ok(service.isLocked);
  });

  it('finish what is under way when Ctrl-C reaches all of them, and leave nothing behind', async () => {
    const workers = service.workers();
    const { status } = await updateUnderWay('192.0.2.77');
    service.interrupt();
    await until(() => service.log('Stopping'), { what: 'the service to stop' });
    bind.resume();
    assert.equal(await status, 200);
    assert.deepEqual(await recorded(), ['192.0.2.77']);
    assert.equal((await service.process.end()).status, 0);
    assert.deepEqual(workers.filter(lives), []);
    assert.equal(service.isLocked, false);
    await service.start();
  });

  it('do not outlive a first process that is killed, and tell their clients to come back', async () => {
    const workers = service.workers();
    const { status } = await updateUnderWay('192.0.2.78');
    service.process.kill('SIGKILL');
    assert.equal(await status, 500);
    await until(() => workers.filter(lives).length === 0, { what: 'the workers to end' });
    bind.resume();
    assert.ok(service.isLocked);

    await service.start();
    assert.ok(service.log('Took over the lock'));
    assert.equal(await service.update('192.0.2.79'), 200);
    assert.deepEqual(await recorded(), ['192.0.2.79']);
  });

  it('end with the first process also while they start', async () => {
    service.process.kill('SIGTERM');
    await service.process.end();
    service.begin();
    await until(() => service.workers().length === WORKERS, { what: 'the workers', within: 30_000 });
    const workers = service.workers();
    service.process.kill('SIGKILL');
    await service.process.end();
    await until(() => workers.filter(lives).length === 0, { what: 'the workers to end', within: 30_000 });

    service.begin();
    await until(() => service.workers().length === WORKERS, { what: 'the workers', within: 30_000 });
    service.interrupt();
    const { status, stderr } = await service.process.end();
    assert.equal(status, 0, stderr);
    assert.doesNotMatch(stderr, /dynonym:/);
    assert.equal(service.isLocked, false);
    await service.start();
  });

  it('that cannot listen end the program with one line that says why', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const taken = new Service(socketText(proxy.socket), `127.0.0.1:${port}`);
    taken.begin();
    const { status, stderr } = await taken.process.end();
    other.close();
    assert.equal(status, 1);
    const said = stderr.split('\n').filter((line) => line !== '' && !line.startsWith('{'));
    assert.equal(said.length, 1, stderr);
    assert.match(
      said[0] ?? '',
      new RegExp(`^dynonym: http\\.socket 127\\.0\\.0\\.1:${port}: another program`),
    );
    assert.equal(taken.isLocked, false);
  });
});
