import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Opcode, RrClass, RrType } from '../../src/adapters/dns-wire/constants.ts';
import { FrameReader, frame } from '../../src/adapters/dns-wire/frame-reader.ts';
import { type Message, parseMessage } from '../../src/adapters/dns-wire/message.ts';
import { signMessage } from '../../src/adapters/dns-wire/tsig.ts';
import { type OutgoingRecord, writeMessage } from '../../src/adapters/dns-wire/write-message.ts';
import { NameServer } from '../../src/adapters/name-server/name-server.ts';
import { MessageStream } from '../../src/adapters/name-server/secondaries/transfer-responder.ts';
import { ServerCookies } from '../../src/adapters/name-server/server-cookies.ts';
import { DnsListener } from '../../src/adapters/name-server/sockets/dns-listener.ts';
import { SystemClock } from '../../src/adapters/system/system-clock.ts';
import { fieldsOf, type LogDetails, type Logger, noLogger } from '../../src/application/ports/logger.ts';
import { parseNetwork } from '../../src/domain/network.ts';
import { MemoryZoneStore } from '../fakes/memory-zone-store.ts';
import { fuzzRuns } from '../support/fuzz-runs.ts';
import { KEYS } from '../support/name-servers/keys.ts';
import { valueIn } from '../support/parsed.ts';
import { Random } from '../support/random.ts';
import { EDNS, query, servedZone, type Transport } from '../support/served/name-server-bench.ts';
import { CHILD_ZONE, EXAMPLE_ZONE } from '../support/served/zones.ts';
import { hostileMessage } from './hostile-messages.ts';

const ADDRESS = '127.0.0.1';
const MB = 2 ** 20;

const labels = ['www', 'alias', 'loop1', 'a.wild', 'x.sub', 'h.old', 'deep.er.empty', 'nothing', 'WWW', '*'];
const types = [
  'A',
  'AAAA',
  'NS',
  'SOA',
  'MX',
  'TXT',
  'CNAME',
  'ANY',
  'DS',
  'TYPE65280',
  'AXFR',
  'IXFR',
  'OPT',
];

/** Messages that a client could send, of all kinds. Whoever sends them may do everything in the zone. */
function goodMessage(random: Random): Buffer {
  const name = `${random.pick(labels)}.${random.pick(['', '', 'child.'])}example.org`;
  const id = random.below(0x10000);
  const opt = random.below(2) === 0 ? {} : { opt: { ...EDNS, options: options(random) } };
  switch (random.below(8)) {
    case 0:
    case 1:
      return update(random, id);
    case 2: {
      const soa = record('example.org', RrType.SOA, Buffer.alloc(22));
      return query(`example.org ${random.pick(['AXFR', 'IXFR'])}`, { id, authorities: [soa] });
    }
    case 3: {
      const message = random.below(2) === 0 ? update(random, id) : query(`${name} A`, { id });
      const key = random.pick([KEYS.sha256, KEYS.md5, KEYS.powerless]);
      return signMessage(message, key, { time: Math.floor(Date.now() / 1000) + random.below(400) }).octets;
    }
    case 4:
      return query('example.org SOA', { id, opcode: random.below(16), rd: true });
    default:
      return query(`${name} ${random.pick(types)} ${random.pick(['IN', 'IN', 'IN', 'CH', 'ANY'])}`, {
        id,
        ...opt,
      });
  }
}

function options(random: Random): { code: number; data: Buffer }[] {
  return Array.from({ length: random.below(3) }, () => ({
    code: random.pick([10, 10, 3, 8, random.below(65536)]),
    data: random.octets(random.pick([0, 7, 8, 24, 40, random.below(50)])),
  }));
}

const record = (name: string, type: number, rdata: Buffer, rrClass: number = RrClass.IN): OutgoingRecord => ({
  name,
  type,
  class: rrClass,
  ttl: 0,
  rdata,
});

function update(random: Random, id: number): Buffer {
  const anyRecord = (classes: readonly number[]) => {
    const name = `u${random.below(300)}.${random.pick(['', 'sub.', 'wild.'])}example.org`;
    const type = random.pick([
      RrType.A,
      RrType.AAAA,
      RrType.TXT,
      RrType.CNAME,
      RrType.NS,
      RrType.DNAME,
      255,
      65280,
    ]);
    const rdata = random.pick([
      Buffer.alloc(0),
      random.octets(4),
      random.octets(16),
      Buffer.from([0]),
      Buffer.from([1, 65]),
    ]);
    return record(name, type, rdata, random.pick(classes));
  };
  return writeMessage({
    id,
    opcode: Opcode.UPDATE,
    question: { name: 'example.org', type: RrType.SOA, class: RrClass.IN },
    answers: Array.from({ length: random.below(2) }, () =>
      anyRecord([RrClass.IN, RrClass.ANY, RrClass.NONE]),
    ),
    authorities: Array.from({ length: random.below(4) }, () =>
      anyRecord([RrClass.IN, RrClass.ANY, RrClass.NONE]),
    ),
  });
}

/** What was logged as an error: nothing that comes from outside may be one. */
class ErrorsOnly implements Logger {
  readonly errors: string[] = [];
  debug = noLogger.debug;
  info = noLogger.info;
  warn = noLogger.warn;

  error(event: string, details?: LogDetails): void {
    const { error } = fieldsOf(details);
    this.errors.push(`${event}: ${error instanceof Error ? error.stack : ''}`);
  }
}

function newServer(): { server: NameServer; logger: ErrorsOnly } {
  const networks = [valueIn(parseNetwork('127.0.0.0/8'))];
  const store = new MemoryZoneStore({ 'example.org': EXAMPLE_ZONE, 'child.example.org': CHILD_ZONE });
  const grant = { key: undefined, networks, names: [], subtrees: [], types: [] };
  const rights = {
    updates: [grant, { ...grant, key: KEYS.sha256 }],
    transfer: [{ key: undefined, networks }],
  };
  const served = store.zones.map(({ name }) => servedZone(name, name === 'example.org' ? rights : {}));
  const logger = new ErrorsOnly();
  const clock = new SystemClock();
  return {
    server: new NameServer(store, served, new ServerCookies(Buffer.alloc(16, 1)), clock, logger),
    logger,
  };
}

/** What has to be true of every answer. */
function assertAnswers(octets: Buffer, request: Buffer, transport: Transport): void {
  const shown = () => `${request.toString('hex').slice(0, 400)} → ${octets.toString('hex').slice(0, 400)}`;
  const reply = parseMessage(octets);
  assert.ok(reply.response, shown());
  assert.equal(reply.id, request.readUInt16BE(0), shown());
  assert.equal(reply.opcode, ((request[2] ?? 0) >> 3) & 0xf, shown());
  assert.equal(reply.rd, ((request[2] ?? 0) & 1) === 1, shown());
  assert.equal(reply.ra, false, shown());
  const message = readable(request);
  if (message === undefined) assert.equal(octets.length, 12, shown());
  else if (reply.questions.length > 0) assert.deepEqual(reply.questions, message.questions, shown());
  if (transport === 'udp') {
    assert.ok(octets.length <= 1232 + 200, shown());
    // Nobody in these tests has a cookie of this server; only a good signature proves anything.
    if (reply.tsig === undefined) assert.ok(octets.length + 28 <= 3 * (request.length + 28), shown());
  }
}

function readable(request: Buffer): Message | undefined {
  try {
    return parseMessage(request);
  } catch {
    return undefined;
  }
}

/** Gives the number of answers. */
async function handleOne(server: NameServer, request: Buffer, transport: Transport): Promise<number> {
  const reply = await server.handle(request, { transport, address: ADDRESS });
  if (reply === undefined) {
    // The only reasons to say nothing.
    assert.ok(request.length < 12 || ((request[2] ?? 0) & 0x80) !== 0, request.toString('hex'));
    return 0;
  }
  if (!(reply instanceof MessageStream)) {
    assertAnswers(reply, request, transport);
    return 1;
  }
  assert.equal(transport, 'tcp');
  for (let next = reply.next(); next !== undefined; next = reply.next()) parseMessage(next);
  return 1;
}

/** Octets in use when all that nobody needs is gone. */
function memoryInUse(): number {
  setFlagsFromString('--expose-gc');
  const gc: () => void = runInNewContext('gc');
  gc();
  gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const seed = Number(process.env['FUZZ_SEED'] ?? randomInt(2 ** 32));
const runs = fuzzRuns(60_000);

function nextMessage(random: Random): Buffer {
  const good = Array.from({ length: 3 }, () => goodMessage(random));
  return random.below(4) === 0 ? (good[0] ?? assert.fail()) : hostileMessage(random, good);
}

describe('the name server', () => {
  it(`answers ${runs} random and mutated messages as the RFCs allow, and does not grow`, async (test) => {
    test.diagnostic(`FUZZ_SEED=${seed} repeats this run`);
    const random = new Random(seed);
    const { server, logger } = newServer();
    let answers = 0;
    let warm = 0;
    for (let run = 0; run < runs; run += 1) {
      if (run === Math.floor(runs / 2)) warm = memoryInUse();
      answers += await handleOne(server, nextMessage(random), random.pick(['udp', 'tcp']));
    }
    assert.ok(answers > runs / 2, `${answers} answers`);
    assert.deepEqual(logger.errors, []);
    const growth = memoryInUse() - warm;
    assert.ok(growth < 48 * MB, `grew by ${Math.round(growth / MB)} MB`);
  });

  const overSockets = Math.ceil(runs / 20);

  it(`stands ${overSockets} of them over real sockets, UDP and TCP`, async (test) => {
    test.diagnostic(`FUZZ_SEED=${seed} repeats this run`);
    const random = new Random(seed + 1);
    const { server, logger } = newServer();
    const clock = new SystemClock();
    const address = { family: 'ipv4', text: ADDRESS } as const;
    const listener = new DnsListener(server, [{ address, port: 0 }], clock, logger);
    const port = Number(/\d+$/.exec((await listener.start())[0] ?? '')?.[0]);
    try {
      for (let sent = 0; sent < overSockets; sent += 100) {
        await batchByUdp(
          port,
          Array.from({ length: 50 }, () => nextMessage(random)),
        );
        await batchByTcp(
          port,
          Array.from({ length: 50 }, () => nextMessage(random)),
        );
      }
    } finally {
      await listener.stop(AbortSignal.timeout(1_000));
    }
    assert.deepEqual(logger.errors, []);
  });
});

const SENTINEL = query('www.example.org AAAA', { id: 0xfeed });

/** Behind all that, a good question has its answer; which one, depends on what the updates before have done. */
const isSentinel = (reply: Buffer): boolean => parseMessage(reply).id === 0xfeed;

async function batchByUdp(port: number, messages: readonly Buffer[]): Promise<void> {
  const socket = createSocket('udp4');
  try {
    socket.connect(port, ADDRESS);
    await once(socket, 'connect');
    const answered = new Promise<void>((resolve) => {
      socket.on('message', (reply) => {
        if (isSentinel(reply)) resolve();
      });
    });
    for (const message of messages) socket.send(message.subarray(0, 60_000));
    // A full buffer of the kernel may lose one.
    const again = setInterval(() => socket.send(SENTINEL), 50);
    socket.send(SENTINEL);
    await answered;
    clearInterval(again);
  } finally {
    socket.close();
  }
}

async function batchByTcp(port: number, messages: readonly Buffer[]): Promise<void> {
  const socket = connect(port, ADDRESS);
  const frames = new FrameReader();
  const answered = new Promise<void>((resolve, reject) => {
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('the connection has ended')));
    socket.on('data', (chunk: Buffer) => {
      for (const reply of frames.push(chunk)) if (isSentinel(reply)) resolve();
    });
  });
  for (const message of messages) socket.write(frame(message));
  socket.write(frame(SENTINEL));
  await answered;
  socket.destroy();
}
