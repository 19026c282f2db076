import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Opcode, RrClass, RrType } from '../../src/adapters/dns-wire/constants.ts';
import { FrameReader, frame } from '../../src/adapters/dns-wire/frame-reader.ts';
import { type Message, parseMessage } from '../../src/adapters/dns-wire/message.ts';
import { HEADER_SIZE } from '../../src/adapters/dns-wire/octets.ts';
import { writeMessage } from '../../src/adapters/dns-wire/write-message.ts';
import { NameServer } from '../../src/adapters/name-server/name-server.ts';
import { ServerCookies } from '../../src/adapters/name-server/server-cookies.ts';
import { DnsListener } from '../../src/adapters/name-server/sockets/dns-listener.ts';
import { loadZone } from '../../src/adapters/name-server/zone-files.ts';
import { SystemClock } from '../../src/adapters/system/system-clock.ts';
import { fieldsOf, type LogDetails, type Logger, noLogger } from '../../src/application/ports/logger.ts';
import { parseNetwork } from '../../src/domain/network.ts';
import { fuzzRuns } from '../support/fuzz-runs.ts';
import { KEYS } from '../support/name-servers/keys.ts';
import { openZoneStore } from '../support/open-zone-store.ts';
import { valueIn } from '../support/parsed.ts';
import { Random } from '../support/random.ts';
import { servedZone, type Transport } from '../support/served/name-server-bench.ts';
import { CHILD_ZONE, EXAMPLE_ZONE } from '../support/served/zones.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { textOf } from '../support/zone-of.ts';
import { ClientMessages } from './client-messages.ts';

const ADDRESS = '127.0.0.1';
const ZONE = 'example.org';
const MB = 2 ** 20;
/** Messages under way at the same time: their updates become durable together. */
const BATCH = 100;
/** Octets. Little, so that the zone file is often written anew. */
const MIN_COMPACTION = 64 * 1024;

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

/** A server with its zones on the disk, and the messages that it gets. */
async function newScene(seed: number) {
  const networks = [valueIn(parseNetwork('127.0.0.0/8'))];
  const grant = { key: undefined, networks, names: [], subtrees: [], types: [] };
  const rights = {
    updates: [grant, { ...grant, key: KEYS.sha256 }],
    transfer: [{ key: undefined, networks }],
  };
  const folder = tempFolder();
  const files = { [ZONE]: EXAMPLE_ZONE, 'child.example.org': CHILD_ZONE };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, `${name}.zone`), text);
  const logger = new ErrorsOnly();
  const store = await openZoneStore(folder, Object.keys(files), logger, MIN_COMPACTION);
  const [zone] = store.zones;
  assert.ok(zone);
  const served = store.zones.map(({ name }) => servedZone(name, name === ZONE ? rights : {}));
  const clock = new SystemClock();
  const server = new NameServer(store, served, new ServerCookies(Buffer.alloc(16, 1)), clock, logger);
  const random = new Random(seed);
  const messages = new ClientMessages(random, () => zone.serial);
  const next = (count: number) => Array.from({ length: count }, () => messages.next());
  return { folder, logger, store, zone, server, clock, random, next };
}

type Scene = Awaited<ReturnType<typeof newScene>>;

/** What was acknowledged is what another process reads, if this one ends now. */
async function assertDurable({ folder, logger, zone }: Scene): Promise<void> {
  assert.deepEqual(logger.errors, []);
  const loaded = await loadZone(folder, ZONE);
  assert.ok(loaded !== undefined);
  assert.equal(textOf(loaded.zone), textOf(zone));
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
  if (message === undefined) assert.equal(octets.length, HEADER_SIZE, shown());
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

/** The only reasons to say nothing. */
const deservesAnswer = (request: Buffer): boolean =>
  request.length >= HEADER_SIZE && ((request[2] ?? 0) & 0x80) === 0;

/** Gives the number of answers. */
async function handleOne(server: NameServer, request: Buffer, transport: Transport): Promise<number> {
  const reply = await server.handle(request, { transport, address: ADDRESS });
  if (reply === undefined) {
    assert.ok(!deservesAnswer(request), request.toString('hex'));
    return 0;
  }
  if (Buffer.isBuffer(reply)) {
    assertAnswers(reply, request, transport);
    return 1;
  }
  assert.equal(transport, 'tcp');
  for (const octets of reply) parseMessage(octets);
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
/** docs/security.md has these numbers. */
const runs = fuzzRuns(20_000, 100_000);
const batches = Math.ceil(runs / 2 / BATCH);

describe(`the name server, of ${runs} random and mutated messages`, () => {
  it('answers one half as the RFCs allow, keeps what it acknowledges, and does not grow', async (test) => {
    test.diagnostic(`FUZZ_SEED=${seed} repeats this run`);
    const scene = await newScene(seed);
    const { server, random, next, store, zone } = scene;
    let answers = 0;
    let warm = 0;
    for (let batch = 0; batch < batches; batch += 1) {
      if (batch === Math.floor(batches / 2)) warm = memoryInUse();
      const transport = random.pick(['udp', 'tcp'] as const);
      const counts = next(BATCH).map((request) => handleOne(server, request, transport));
      answers += (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
      if (batch % 100 === 0) await assertDurable(scene);
    }
    const growth = memoryInUse() - warm;
    assert.ok(answers > (batches * BATCH) / 2, `${answers} answers`);
    await store.close();
    await assertDurable(scene);
    assert.ok(growth < 48 * MB, `grew by ${Math.round(growth / MB)} MB`);
    test.diagnostic(
      `${answers} answers, ${[...zone.names()].length} names, serial ${zone.serial}, ${growth} octets more`,
    );
  });

  it('answers the other half by UDP and TCP', async (test) => {
    test.diagnostic(`FUZZ_SEED=${seed} repeats this run`);
    const scene = await newScene(seed + 1);
    const { server, next, store, clock, logger } = scene;
    const address = { family: 'ipv4', text: ADDRESS } as const;
    const listener = new DnsListener(server, [{ address, port: 0 }], clock, logger);
    const port = Number(/\d+$/.exec((await listener.start())[0] ?? '')?.[0]);
    try {
      for (let batch = 0; batch < batches; batch += 1) {
        await Promise.all([sendByUdp(port, next(BATCH / 2)), sendByTcp(port, next(BATCH / 2))]);
        if (batch % 100 === 0) await assertDurable(scene);
      }
    } finally {
      await listener.stop(AbortSignal.timeout(1_000));
      await store.close();
    }
    await assertDurable(scene);
  });
});

/** An update that changes nothing: its answer comes behind those of all updates before it. */
const LAST = writeMessage({
  id: 0xfeed,
  opcode: Opcode.UPDATE,
  question: { name: ZONE, type: RrType.SOA, class: RrClass.IN },
});

async function sendByUdp(port: number, requests: readonly Buffer[]): Promise<void> {
  const sent = requests.map((request) => request.subarray(0, 60_000));
  const replies: Buffer[] = [];
  const socket = createSocket('udp4');
  try {
    socket.connect(port, ADDRESS);
    await once(socket, 'connect');
    const answered = new Promise<void>((resolve) => {
      socket.on('message', (reply) => {
        replies.push(reply);
        if (reply.readUInt16BE(0) === 0xfeed) resolve();
      });
    });
    for (const request of sent) socket.send(request);
    // A full buffer of the kernel may lose one.
    const again = setInterval(() => socket.send(LAST), 50);
    socket.send(LAST);
    await answered;
    clearInterval(again);
  } finally {
    socket.close();
  }
  assertReplies(replies, [...sent, LAST], 'udp');
}

/** Closes its side behind the last request, and hears the server to the end. */
async function sendByTcp(port: number, requests: readonly Buffer[]): Promise<void> {
  const socket = connect({ port, host: ADDRESS, allowHalfOpen: true });
  const frames = new FrameReader();
  const replies: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => replies.push(...frames.push(chunk)));
  for (const request of requests) socket.write(frame(request));
  socket.end();
  await once(socket, 'close');
  assertReplies(replies, requests, 'tcp');
  for (const request of requests.filter(deservesAnswer)) {
    const id = request.readUInt16BE(0);
    assert.ok(
      replies.some((reply) => reply.readUInt16BE(0) === id),
      `no answer to ${request.toString('hex')}`,
    );
  }
}

/** Each answer is right for a request that had its id. */
function assertReplies(replies: readonly Buffer[], requests: readonly Buffer[], transport: Transport): void {
  const byId = new Map<number, Buffer[]>();
  for (const request of requests.filter(deservesAnswer)) {
    const id = request.readUInt16BE(0);
    byId.set(id, [...(byId.get(id) ?? []), request]);
  }
  for (const reply of replies) {
    const asked = byId.get(reply.readUInt16BE(0)) ?? [];
    // Of the messages of a transfer only the first has the question, and all may be large.
    if (transport === 'tcp' && asked.some(isTransfer)) {
      assert.ok(parseMessage(reply).response);
      continue;
    }
    const [first = assert.fail(`nobody asked for ${reply.toString('hex')}`), ...others] = asked;
    if (!others.some((request) => isAnswer(reply, request, transport)))
      assertAnswers(reply, first, transport);
  }
}

function isTransfer(request: Buffer): boolean {
  const type = readable(request)?.questions[0]?.type;
  return type === RrType.AXFR || type === RrType.IXFR;
}

function isAnswer(reply: Buffer, request: Buffer, transport: Transport): boolean {
  try {
    assertAnswers(reply, request, transport);
    return true;
  } catch {
    return false;
  }
}
