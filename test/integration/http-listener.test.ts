import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { after, describe, it } from 'node:test';
import { HTTP_LIMITS, type HttpLimits, HttpListener } from '../../src/adapters/http/http-listener.ts';
import { noLogger } from '../../src/application/ports/logger.ts';
import type { SocketAddress } from '../../src/domain/socket-address.ts';
import { RawClient } from '../support/raw-client.ts';
import { until } from '../support/until.ts';
import { startService } from '../unit/adapters/http/service.ts';

const LOOPBACK: SocketAddress = { address: { family: 'ipv4', text: '127.0.0.1' }, port: 0 };
const NEVER = new AbortController().signal;
const GET = 'GET / HTTP/1.1\r\n\r\n';
const FORM = 'POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\n';

const at = (socket: SocketAddress) => ({ key: 'http.socket', socket });

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

type Started = { readonly listener: HttpListener; readonly port: number; readonly urls: readonly string[] };

async function start(
  handle: Handler,
  { address = LOOPBACK, ...limits }: Partial<HttpLimits> & { readonly address?: SocketAddress } = {},
): Promise<Started> {
  const listener = new HttpListener(handle, at(address), noLogger, { ...HTTP_LIMITS, ...limits });
  const urls = await listener.start();
  after(() => listener.stop(AbortSignal.abort()));
  return { listener, urls, port: Number(/\d+$/.exec(urls[0] ?? '')) };
}

const hello: Handler = (_request, response) => void response.end('hello');

/** Holds every request until the test answers it. */
function holding(): { readonly held: ServerResponse[]; readonly handle: Handler } {
  const held: ServerResponse[] = [];
  return { held, handle: (_request, response) => void held.push(response) };
}

/** A client whose request is being held. */
async function heldClient(port: number, held: readonly ServerResponse[]): Promise<RawClient> {
  const before = held.length;
  const client = await RawClient.open(port);
  client.send(GET);
  await until(() => held.length > before, { what: 'the request to arrive' });
  return client;
}

describe('an HttpListener that starts', () => {
  it('tells where it listens', async () => {
    const { urls, port } = await start(hello);
    assert.deepEqual(urls, [`http://127.0.0.1:${port}`]);
    const client = await RawClient.open(port);
    client.send(GET);
    await client.hears('hello');
  });

  it('listens on IPv6', async () => {
    const { urls, port } = await start(hello, {
      address: { address: { family: 'ipv6', text: '::1' }, port: 0 },
    });
    assert.deepEqual(urls, [`http://[::1]:${port}`]);
    const client = await RawClient.open(port, '::1');
    client.send(GET);
    await client.hears('hello');
  });

  for (const [code, text] of [
    ['HTTP_ADDRESS_IN_USE', '127.0.0.1'],
    ['HTTP_ADDRESS_UNAVAILABLE', '192.0.2.1'],
  ] as const) {
    it(`fails with ${code} where it cannot listen, and can be stopped`, async () => {
      const { port } = await start(hello);
      const listener = new HttpListener(hello, at({ address: { family: 'ipv4', text }, port }), noLogger);
      await assert.rejects(listener.start(), { name: 'DynonymError', code });
      await listener.stop(NEVER);
    });
  }
});

describe('an HttpListener that stops', () => {
  it('may be stopped before it was started', async () => {
    await new HttpListener(hello, at(LOOPBACK), noLogger).stop(NEVER);
  });

  it('may be stopped while it starts', async () => {
    const listener = new HttpListener(hello, at(LOOPBACK), noLogger);
    const starting = listener.start();
    const stopping = listener.stop(NEVER);
    const [url = ''] = await starting;
    await stopping;
    await assert.rejects(RawClient.open(Number(new URL(url).port)), { code: 'ECONNREFUSED' });
  });

  it('closes idle connections at once and accepts no new ones', async () => {
    const { listener, port } = await start(hello);
    const client = await RawClient.open(port);
    client.send(GET);
    await client.hears('hello');
    const silent = await RawClient.open(port);
    await listener.stop(NEVER);
    await client.toTheEnd();
    await silent.toTheEnd();
    await assert.rejects(RawClient.open(port), { code: 'ECONNREFUSED' });
  });

  it('lets a request that is under way finish, and tells its client not to come again', async () => {
    const { held, handle } = holding();
    const { listener, port } = await start(handle);
    const client = await heldClient(port, held);
    let stopped = false;
    const stopping = listener.stop(NEVER).then(() => {
      stopped = true;
    });
    await assert.rejects(RawClient.open(port), { code: 'ECONNREFUSED' });
    assert.equal(stopped, false);
    held[0]?.end('hello');
    const received = await client.toTheEnd();
    assert.match(received, /^connection: close\r$/im);
    assert.match(received, /hello$/);
    await stopping;
  });

  it('finishes what was sent in one go', async () => {
    const { held, handle } = holding();
    const { listener, port } = await start(handle);
    const client = await RawClient.open(port);
    client.send(GET + GET);
    await until(() => held.length === 1, { what: 'the first request to arrive' });
    const stopping = listener.stop(NEVER);
    await assert.rejects(RawClient.open(port), { code: 'ECONNREFUSED' });
    held[0]?.end('hello');
    await until(() => held.length === 2, { what: 'the second request to have its turn' });
    held[1]?.end('hello');
    assert.match(await client.toTheEnd(), /hello.*hello$/s);
    await stopping;
  });

  it('cuts off what is still running at the deadline', async () => {
    const { held, handle } = holding();
    const { listener, port } = await start(handle);
    const client = await heldClient(port, held);
    const deadline = new AbortController();
    const stopping = listener.stop(deadline.signal);
    deadline.abort();
    await stopping;
    assert.equal(await client.toTheEnd(), '');
  });

  it('cuts off at once when the deadline has passed', async () => {
    const { held, handle } = holding();
    const { listener, port } = await start(handle);
    const client = await heldClient(port, held);
    await listener.stop(AbortSignal.abort());
    assert.equal(await client.toTheEnd(), '');
  });

  it('may be stopped twice', async () => {
    const { listener } = await start(hello);
    await Promise.all([listener.stop(NEVER), listener.stop(NEVER)]);
    await listener.stop(NEVER);
  });
});

describe('the limits of an HttpListener', () => {
  const impatient = {
    headersTimeout: 50,
    requestTimeout: 100,
    keepAliveTimeout: 50,
    connectionsCheckingInterval: 10,
  };

  for (const [situation, octets] of [
    ['a client that says nothing', ''],
    ['a head that does not end', 'GET / HTTP/1.1\r\nX: y'],
    ['a body that does not come', FORM],
  ] as const) {
    it(`${situation} is told that its time is over`, async () => {
      const { handle } = holding();
      const { port } = await start(handle, impatient);
      const client = await RawClient.open(port);
      client.send(octets);
      assert.match(
        await client.toTheEnd(),
        /^HTTP\/1\.1 408 Request Timeout\r\n.*\r\n\r\n408 Request Timeout\n$/s,
      );
    });
  }

  it('a head that comes octet by octet is cut off all the same', async () => {
    const { port } = await start(hello, impatient);
    const client = await RawClient.open(port);
    client.send('GET / HTTP/1.1\r\n');
    await until(
      () => {
        client.send('X: y\r\n');
        return client.closed;
      },
      { what: 'the slow client to be cut off' },
    );
    assert.match(client.received, /^HTTP\/1\.1 408 /);
  });

  it('a connection that is kept without use is closed', async () => {
    const { keepAliveTimeout, connectionsCheckingInterval } = impatient;
    const { port } = await start(hello, { keepAliveTimeout, connectionsCheckingInterval });
    const client = await RawClient.open(port);
    client.send(GET);
    assert.match(await client.toTheEnd(), /hello$/);
  });

  it('an answer that takes its time is waited for', async () => {
    const { held, handle } = holding();
    // Long enough for the head of the request to come, however busy the machine is.
    const { port } = await start(handle, { ...impatient, headersTimeout: 3_000, requestTimeout: 3_000 });
    const client = await heldClient(port, held);
    // The patience with another client ends meanwhile.
    const other = await RawClient.open(port);
    await other.toTheEnd();
    held[0]?.end('hello');
    await client.hears('hello');
  });

  it('connections beyond the limit are closed, and accepted again when there is room', async () => {
    const { port } = await start(hello, { maxConnections: 2 });
    const [first] = await Promise.all([RawClient.open(port), RawClient.open(port)]);
    const third = await RawClient.open(port);
    assert.equal(await third.toTheEnd(), '');
    first?.socket.destroy();
    await until(
      async () => {
        const next = await RawClient.open(port);
        next.send(GET);
        await until(() => next.received !== '' || next.closed, { what: 'an answer or none' });
        return next.received.endsWith('hello');
      },
      { what: 'a connection to be accepted again' },
    );
  });
});

describe('the families of a socket', () => {
  it('an IPv4 client of an IPv6 socket is shown as IPv4', async () => {
    // What `[::]` does for the clients of all interfaces, on the loopback interface alone.
    const mapped = { address: { family: 'ipv6', text: '::ffff:127.0.0.1' }, port: 0 } as const;
    const { ask } = await startService({ address: mapped });
    assert.equal((await ask('/ip')).body, '127.0.0.1');
    assert.match((await ask('/socket')).body, /^127\.0\.0\.1:\d+$/);
  });

  it('an IPv6 client is shown as IPv6', async () => {
    const { port } = await startService({ address: { address: { family: 'ipv6', text: '::1' }, port: 0 } });
    for (const [path, expected] of [
      ['/ip', /::1$/],
      ['/socket', /\r\n\[::1\]:\d+$/],
    ] as const) {
      const client = await RawClient.open(port, '::1');
      client.send(`GET ${path} HTTP/1.0\r\n\r\n`);
      assert.match(await client.toTheEnd(), expected);
    }
  });
});
