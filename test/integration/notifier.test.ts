import assert from 'node:assert/strict';
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, it } from 'node:test';
import { Opcode, Rcode, RrClass, RrType } from '../../src/adapters/dns-wire/constants.ts';
import { type Message, parseMessage } from '../../src/adapters/dns-wire/message.ts';
import { verifyRequest } from '../../src/adapters/dns-wire/tsig-server.ts';
import { notifySecondaries } from '../../src/adapters/name-server/secondaries/notifier.ts';
import { domainName } from '../../src/domain/domain-name.ts';
import type { SocketAddress } from '../../src/domain/socket-address.ts';
import type { TsigKey } from '../../src/domain/tsig-key.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { MemoryZoneStore } from '../fakes/memory-zone-store.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';
import { addressRecord, answerTo, sign } from '../support/dns-answers.ts';
import { recordText, servedZone } from '../support/served/name-server-bench.ts';
import { EXAMPLE_ZONE } from '../support/served/zones.ts';
import { until } from '../support/until.ts';

const KEY: TsigKey = { name: domainName('xfr'), algorithm: 'hmac-sha256', secret: Buffer.alloc(32, 1) };

type Received = { readonly message: Message; readonly from: RemoteInfo };

/** What a secondary hears; it answers when the test says so. */
class FakeSecondary {
  readonly received: Received[] = [];
  readonly #socket: Socket = createSocket('udp4');

  async start(): Promise<SocketAddress> {
    this.#socket.on('message', (octets, from) => this.received.push({ message: parseMessage(octets), from }));
    this.#socket.bind(0, '127.0.0.1');
    await once(this.#socket, 'listening');
    return { address: { family: 'ipv4', text: '127.0.0.1' }, port: this.#socket.address().port };
  }

  async next(count: number): Promise<Received> {
    await until(() => this.received.length >= count, { what: `NOTIFY number ${count}` });
    const received = this.received[count - 1];
    assert.ok(received);
    return received;
  }

  answer({ message, from }: Received, parts: Parameters<typeof answerTo>[1] = {}, key?: TsigKey): void {
    const reply = answerTo(message, parts);
    this.#socket.send(key === undefined ? reply : sign(reply, message, key), from.port, from.address);
  }

  close(): void {
    this.#socket.close();
  }
}

describe('a secondary', () => {
  let secondary = new FakeSecondary();
  const clock = new ManualClock();
  let logger = new RecordingLogger();
  let store = new MemoryZoneStore({ 'example.org': EXAMPLE_ZONE });
  let stopNotifying = () => {};

  async function start(key?: TsigKey): Promise<FakeSecondary> {
    secondary = new FakeSecondary();
    logger = new RecordingLogger();
    store = new MemoryZoneStore({ 'example.org': EXAMPLE_ZONE });
    const socket = await secondary.start();
    const served = servedZone('example.org', { notify: [{ socket, key }] });
    stopNotifying = notifySecondaries(store, [served], [], { clock, logger });
    return secondary;
  }

  async function change(address: string): Promise<void> {
    const [zone] = store.zones;
    assert.ok(zone);
    await store.update(zone, { prerequisites: [], updates: [addressRecord('new.example.org', address)] });
  }

  afterEach(() => {
    stopNotifying();
    secondary.close();
    assert.equal(clock.pending, 0, 'nothing is left behind');
  });

  it('is told of the zone at the start, with its SOA', async () => {
    const { message } = await (await start()).next(1);
    assert.equal(message.opcode, Opcode.NOTIFY);
    assert.equal(message.aa, true);
    assert.equal(message.response, false);
    assert.deepEqual(message.questions, [{ name: 'example.org', type: RrType.SOA, class: RrClass.IN }]);
    assert.deepEqual(
      message.answers.map((record) => recordText(message, record)),
      ['example.org 300 SOA ns1.example.org. hostmaster.example.org. 1000 3600 600 86400 60'],
    );
  });

  it('that answered is told of the next change, once for all in a short while', async () => {
    const fake = await start();
    fake.answer(await fake.next(1));
    await until(() => logger.at('debug').length === 1, { what: 'the answer to be taken' });
    for (let index = 0; index < 50; index += 1) await change(`192.0.2.${index}`);
    assert.equal(fake.received.length, 1);
    await clock.advance(200);
    const { message } = await fake.next(2);
    assert.match(message.answers.map((record) => recordText(message, record)).join(), / 1050 3600 /);
    assert.equal(fake.received.length, 2);
  });

  it('that does not answer is told again, less and less often, and then the log says so', async () => {
    const fake = await start();
    await fake.next(1);
    for (const [index, seconds] of [1, 2, 4, 8, 16, 32].entries()) {
      await clock.advance(seconds * 1000 - 1);
      assert.equal(fake.received.length, index + 1);
      await clock.advance(1);
      await fake.next(index + 2);
    }
    assert.equal(logger.at('warn').length, 0);
    await clock.advance(64_000);
    await until(() => logger.at('warn').length === 1, { what: 'the warning' });
    const ids = new Set(fake.received.map(({ message }) => message.id));
    assert.ok(ids.size > 1, 'each message has an id of its own');
  });

  it('that does not answer is told of the next change at once, and then again as of the first', async () => {
    const fake = await start();
    await fake.next(1);
    for (const [index, seconds] of [1, 2, 4].entries()) {
      await clock.advance(seconds * 1000);
      await fake.next(index + 2);
    }
    await clock.advance(1000);
    for (let index = 0; index < 50; index += 1) await change(`192.0.2.${index}`);
    await clock.advance(200);
    const { message } = await fake.next(5);
    assert.match(message.answers.map((record) => recordText(message, record)).join(), / 1050 3600 /);
    await clock.advance(1000);
    await fake.next(6);
    await clock.advance(2000);
    await fake.next(7);
  });

  it('that may still answer is not told of a change before its second is over', async () => {
    const fake = await start();
    const first = await fake.next(1);
    await clock.advance(900);
    await change('192.0.2.1');
    assert.equal(clock.pending, 1);
    await clock.advance(99);
    fake.answer(first);
    await until(() => logger.at('debug').length === 1, { what: 'the answer to be taken' });
    await clock.advance(200);
    fake.answer(await fake.next(2));
    await until(() => logger.at('debug').length === 2, { what: 'the second answer to be taken' });
  });

  it('that does not answer while changes never end is told of in the log all the same', async () => {
    const fake = await start();
    for (let count = 1; logger.at('warn').length === 0; count += 1) {
      await fake.next(count);
      assert.ok(count <= 120, 'within the time of a whole series');
      await change(`192.0.2.${count}`);
      await clock.advance(1200);
    }
    assert.ok(fake.received.length > 100);
  });

  it('that refuses is not asked again, and the log says why', async () => {
    const fake = await start();
    fake.answer(await fake.next(1), { rcode: Rcode.REFUSED });
    await until(() => logger.at('warn').length === 1, { what: 'the warning' });
    assert.equal(logger.at('warn')[0]?.fields['rcode'], 'REFUSED');
  });

  it('is believed by the id of its answer only', async () => {
    const fake = await start();
    const received = await fake.next(1);
    fake.answer(received, { id: received.message.id ^ 1 });
    fake.answer(received, { opcode: Opcode.QUERY });
    fake.answer(received, { response: false });
    await clock.advance(1000);
    await fake.next(2);
  });

  it('with a key gets signed messages, and is believed by a signature only', async () => {
    const fake = await start(KEY);
    const first = await fake.next(1);
    const verdict = verifyRequest(first.message, () => KEY, Math.floor(clock.now() / 1000));
    assert.equal(verdict.kind, 'verified');
    fake.answer(first);
    fake.answer(first, {}, { ...KEY, secret: Buffer.alloc(32, 2) });
    await clock.advance(1000);
    fake.answer(await fake.next(2), { rcode: Rcode.REFUSED }, KEY);
    await until(() => logger.at('warn').length === 1, { what: 'the answer to be believed' });
  });
});
