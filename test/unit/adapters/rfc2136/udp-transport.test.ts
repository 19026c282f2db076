import assert from 'node:assert/strict';
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { after, describe, it } from 'node:test';
import { UdpTransport } from '../../../../src/adapters/rfc2136/udp-transport.ts';
import { parseSocketAddress } from '../../../../src/domain/socket-address.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';
import { freePort } from '../../../support/free-port.ts';
import { valueIn } from '../../../support/parsed.ts';
import { idOf, TextExchange, textOf, withId } from '../../../support/text-exchange.ts';
import { until } from '../../../support/until.ts';

const PATIENCE = { answerTime: 1_000, deadline: 60_000 };

const open = new Set<Socket>();
after(() => {
  for (const socket of open) socket.close();
});

async function listen(address = '127.0.0.1'): Promise<Socket> {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  open.add(socket);
  socket.bind(0, address);
  await once(socket, 'listening');
  return socket;
}

type Received = { readonly octets: Buffer; readonly from: RemoteInfo };

/** A transport to a server that answers a message with what `answers` gives. */
async function setUp(answers: (received: Received) => readonly Buffer[], address = '127.0.0.1') {
  const server = await listen(address);
  const received: Received[] = [];
  server.on('message', (octets, from) => {
    received.push({ octets, from });
    for (const answer of answers({ octets, from })) server.send(answer, from.port, from.address);
  });
  const { port } = server.address();
  const host = address.includes(':') ? `[${address}]` : address;
  const clock = new ManualClock();
  const transport = new UdpTransport(valueIn(parseSocketAddress(`${host}:${port}`)), clock);
  return { transport, clock, received };
}

describe('a question by UDP', () => {
  it('to a host name goes to its address; to one that has none, nothing is sent', async () => {
    const server = await listen();
    server.on('message', (octets, from) => server.send(octets, from.port, from.address));
    const { port } = server.address();
    const ask = (host: string) =>
      new UdpTransport({ host, port }, new ManualClock()).exchange(new TextExchange('hello'), PATIENCE);
    assert.equal((await ask('localhost')).kind, 'answered');
    assert.equal((await ask('no-such-host.invalid')).kind, 'unreachable');
  });

  for (const address of ['127.0.0.1', '::1']) {
    it(`to ${address} gets its answer, past what is not for it`, async () => {
      const { transport, clock } = await setUp(
        ({ octets }) => [
          withId(idOf(octets) ^ 1, 'of somebody else'),
          withId(idOf(octets), 'not yours'),
          withId(idOf(octets), `${textOf(octets)}!`),
          withId(idOf(octets), 'too late'),
        ],
        address,
      );
      const delivery = await transport.exchange(new TextExchange('hello'), PATIENCE);
      assert.deepEqual(delivery, { kind: 'answered', reply: 'hello!' });
      assert.equal(clock.pending, 0);
    });
  }

  it('is not answered by a datagram without its id, even by one that is no DNS message', async () => {
    const { transport } = await setUp(({ octets }) => [
      Buffer.alloc(0),
      octets.subarray(0, 1),
      withId(idOf(octets) ^ 1, 'no DNS message'),
      withId(idOf(octets), 'the answer'),
    ]);
    const exchange = new TextExchange('hello');
    const delivery = await transport.exchange<string>(
      { message: (id) => exchange.message(id), judge: textOf },
      PATIENCE,
    );
    assert.deepEqual(delivery, { kind: 'answered', reply: 'the answer' });
  });

  it('has a port and an id of its own', async () => {
    const { transport, received } = await setUp(({ octets }) => [octets]);
    await Promise.all(Array.from({ length: 20 }, () => transport.exchange(new TextExchange('x'), PATIENCE)));
    assert.equal(new Set(received.map(({ from }) => from.port)).size, 20);
    // Of 20 ids, drawn at random, two may be the same once in a lifetime of tests.
    assert.ok(new Set(received.map(({ octets }) => idOf(octets))).size >= 19);
  });

  it('hears nobody but the server', async () => {
    const stranger = await listen();
    let heard = 0;
    const { transport, clock, received } = await setUp(() => []);
    const exchange = new TextExchange('x');
    const delivery = transport.exchange<string>(
      {
        message: (id) => exchange.message(id),
        judge: (octets) => {
          heard += 1;
          return exchange.judge(octets);
        },
      },
      PATIENCE,
    );
    const [{ octets, from }] = await until(() => received.length > 0 && (received as [Received]), {
      what: 'the question',
    });
    await new Promise((resolve) =>
      stranger.send(withId(idOf(octets), 'forged'), from.port, from.address, resolve),
    );
    await clock.advance(PATIENCE.answerTime);
    assert.deepEqual(await delivery, { kind: 'silent' });
    assert.equal(heard, 0);
  });

  it('that nobody answers is silent after the time for an answer, or at the deadline if that is earlier', async () => {
    const { transport, clock } = await setUp(() => []);
    const times: number[] = [];
    const ask = async (patience: typeof PATIENCE) => {
      const delivery = await transport.exchange(new TextExchange('x'), patience);
      times.push(clock.monotonic());
      return delivery;
    };
    const both = Promise.all([ask(PATIENCE), ask({ ...PATIENCE, deadline: 300 })]);
    await clock.advance(5_000);
    assert.deepEqual(await both, [{ kind: 'silent' }, { kind: 'silent' }]);
    assert.deepEqual(times, [300, 1_000]);
  });

  it('to a port where nobody listens is unreachable at once', async () => {
    const socket = valueIn(parseSocketAddress(`127.0.0.1:${await freePort()}`));
    const delivery = await new UdpTransport(socket, new ManualClock()).exchange(
      new TextExchange('x'),
      PATIENCE,
    );
    assert.ok(delivery.kind === 'unreachable');
    assert.match(delivery.cause.message, /ECONNREFUSED/);
  });

  it('to an address to which no way leads is unreachable', async () => {
    // The kernel refuses to send to a broadcast address, as it does without a route.
    const socket = valueIn(parseSocketAddress('255.255.255.255:53'));
    const delivery = await new UdpTransport(socket, new ManualClock()).exchange(
      new TextExchange('x'),
      PATIENCE,
    );
    assert.ok(delivery.kind === 'unreachable');
    assert.match(delivery.cause.message, /EACCES|ENETUNREACH/);
  });

  it('that is too large for a datagram is unreachable', async () => {
    const { transport } = await setUp(() => []);
    const exchange = { message: () => Buffer.alloc(70_000), judge: () => undefined };
    const delivery = await transport.exchange(exchange, PATIENCE);
    assert.ok(delivery.kind === 'unreachable');
    assert.match(delivery.cause.message, /EMSGSIZE/);
  });

  it('ends when the transport is closed, and no other begins', async () => {
    const { transport, clock, received } = await setUp(() => []);
    const before = transport.exchange(new TextExchange('x'), PATIENCE);
    await until(() => received.length === 1, { what: 'the question' });
    transport.close();
    assert.deepEqual(await before, { kind: 'closed' });
    assert.deepEqual(await transport.exchange(new TextExchange('y'), PATIENCE), { kind: 'closed' });
    assert.equal(clock.pending, 0);
    assert.equal(received.length, 1);
  });
});
