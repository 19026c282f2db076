import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterEach, describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { FrameReader, frame } from '../../src/adapters/dns-wire/frame-reader.ts';
import { parseMessage } from '../../src/adapters/dns-wire/message.ts';
import { writeMessage } from '../../src/adapters/dns-wire/write-message.ts';
import { DnsListener } from '../../src/adapters/name-server/sockets/dns-listener.ts';
import { IDLE_TIME } from '../../src/adapters/name-server/sockets/tcp-connection.ts';
import { TCP_LIMITS } from '../../src/adapters/name-server/sockets/tcp-endpoint.ts';
import { DynonymError } from '../../src/domain/errors.ts';
import { parseNetwork } from '../../src/domain/network.ts';
import { parseSocketAddress, type SocketAddress } from '../../src/domain/socket-address.ts';
import { addressRecord } from '../support/dns-answers.ts';
import { freePort } from '../support/free-port.ts';
import { valueIn } from '../support/parsed.ts';
import { NameServerBench, query } from '../support/served/name-server-bench.ts';
import { EXAMPLE_ZONE } from '../support/served/zones.ts';
import { until } from '../support/until.ts';

const LARGE_ZONE = EXAMPLE_ZONE + Array.from({ length: 100_000 }, (_, at) => `h${at} A 192.0.2.1`).join('\n');

const UPDATE = writeMessage({
  id: 0x5555,
  opcode: 5,
  question: { name: 'example.org', type: 6, class: 1 },
  authorities: [addressRecord('new.example.org', '192.0.2.7')],
});

const never = new AbortController().signal;

/** What is open, to be closed when the test ends. */
const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function listen(
  sockets: readonly string[] = ['127.0.0.1:0'],
  zone = EXAMPLE_ZONE,
  limits = TCP_LIMITS,
): Promise<{ bench: NameServerBench; listener: DnsListener; addresses: readonly string[]; port: number }> {
  const networks = ['127.0.0.0/8', '::1'].map((text) => valueIn(parseNetwork(text)));
  const bench = new NameServerBench(
    { 'example.org': zone },
    {
      'example.org': {
        transfer: [{ key: undefined, networks }],
        updates: [{ key: undefined, networks, names: [], subtrees: [], types: [] }],
      },
    },
  );
  const addressesOf = sockets.map((text): SocketAddress => valueIn(parseSocketAddress(text)));
  const listener = new DnsListener(bench.server, addressesOf, bench.clock, bench.logger, limits);
  const addresses = await listener.start();
  open.push({ close: () => listener.stop(AbortSignal.abort()) });
  return { bench, listener, addresses, port: Number(/\d+$/.exec(addresses[0] ?? '')?.[0]) };
}

/** A client over TCP that reads when it is told to. */
class TcpClient {
  readonly socket: Socket;
  readonly received: Buffer[] = [];
  readonly #frames = new FrameReader();
  closed = false;

  constructor(port: number, host = '127.0.0.1', localAddress?: string) {
    this.socket = connect({ port, host, allowHalfOpen: true, ...(localAddress ? { localAddress } : {}) });
    this.socket.on('data', (chunk: Buffer) => this.received.push(...this.#frames.push(chunk)));
    this.socket.on('error', () => {});
    this.socket.on('end', () => this.socket.end());
    this.socket.on('close', () => {
      this.closed = true;
    });
    open.push({ close: () => this.socket.destroy() });
  }

  async connected(): Promise<this> {
    if (this.socket.connecting) await once(this.socket, 'connect');
    return this;
  }

  async answers(count: number): Promise<readonly Buffer[]> {
    await until(() => this.received.length >= count, { what: `${count} answers` });
    return this.received;
  }

  async ask(question: string): Promise<string> {
    this.socket.write(frame(query(question)));
    const [answer] = await this.answers(1);
    return `${parseMessage(answer ?? Buffer.alloc(0)).rcode}`;
  }

  async end(): Promise<void> {
    await until(() => this.closed, { what: 'the end of the connection' });
  }
}

async function askByUdp(port: number, octets: Buffer, host = '127.0.0.1'): Promise<Buffer> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  try {
    socket.send(octets, port, host);
    const [answer] = await once(socket, 'message');
    return answer;
  } finally {
    socket.close();
  }
}

const rcodeOf = (octets: Buffer): number => parseMessage(octets).rcode;

describe('the DNS listener', () => {
  it('serves UDP and TCP on one port, at IPv4 and IPv6 side by side', async () => {
    const port = await freePort();
    const { addresses } = await listen([`127.0.0.1:${port}`, `[::1]:${port}`]);
    assert.deepEqual(addresses, [`dns://127.0.0.1:${port}`, `dns://[::1]:${port}`]);
    for (const host of ['127.0.0.1', '::1']) {
      assert.equal(rcodeOf(await askByUdp(port, query('www.example.org A'), host)), 0);
      assert.equal(await new TcpClient(port, host).ask('www.example.org A'), '0');
    }
  });

  it('serves both families at [::], whose IPv4 clients are known by their IPv4 addresses', async () => {
    const { port, bench } = await listen(['[::]:0']);
    assert.equal(rcodeOf(await askByUdp(port, UPDATE, '127.0.0.1')), 0);
    assert.equal(rcodeOf(await askByUdp(port, query('new.example.org A'), '::1')), 0);
    assert.equal(await new TcpClient(port).ask('nothing.example.org A'), '3');
    assert.equal(bench.logger.at('debug')[0]?.fields['client'], '127.0.0.1');
  });

  it('takes updates of 60 KB over UDP', async () => {
    const { port } = await listen();
    const question = { name: 'example.org', type: 6, class: 1 };
    const txt = Buffer.concat(
      Array.from({ length: 60 }, () => Buffer.concat([Buffer.of(250), Buffer.alloc(250, 120)])),
    );
    const authorities = [{ name: 'big.example.org', type: 16, class: 1, ttl: 60, rdata: txt }];
    const small = writeMessage({ id: 1, opcode: 5, question, authorities });
    // The record four times: our own writer ends at 16 KB.
    const octets = Buffer.concat([small, ...Array.from({ length: 3 }, () => small.subarray(12 + 17))]);
    octets.writeUInt16BE(4, 8);
    assert.ok(octets.length > 60_000);
    assert.equal(rcodeOf(await askByUdp(port, octets)), 0);
    assert.equal(rcodeOf(await askByUdp(port, query('big.example.org TXT'))), 0);
  });

  it('says which address is in use, and leaves nothing open', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    open.push({ close: () => other.close() });
    const taken = (other.address() as { port: number }).port;
    const free = await freePort();
    await assert.rejects(listen([`127.0.0.1:${free}`, `127.0.0.1:${taken}`]), (error) => {
      assert.ok(error instanceof DynonymError);
      assert.equal(error.code, 'NAMESERVER_ADDRESS_IN_USE');
      assert.equal(
        error.message,
        `nameserver.sockets 127.0.0.1:${taken} (TCP): another program listens there; end it or choose another port`,
      );
      return true;
    });
    await listen([`127.0.0.1:${free}`]);
  });

  it('says when an address is taken for UDP alone', async () => {
    const port = await freePort();
    const other = createSocket('udp4').bind(port, '127.0.0.1');
    await once(other, 'listening');
    open.push({ close: () => other.close() });
    await assert.rejects(listen([`127.0.0.1:${port}`]), { code: 'NAMESERVER_ADDRESS_IN_USE' });
  });

  it('says when the machine has no such address', async () => {
    await assert.rejects(listen(['192.0.2.1:0']), { code: 'NAMESERVER_ADDRESS_UNAVAILABLE' });
  });

  it('may be stopped before it has started, and twice', async () => {
    const bench = new NameServerBench({ 'example.org': EXAMPLE_ZONE });
    const address = valueIn(parseSocketAddress('127.0.0.1:0'));
    const listener = new DnsListener(bench.server, [address], bench.clock, bench.logger);
    await listener.stop(never);
    assert.deepEqual(await listener.start(), []);
    await listener.stop(never);
  });

  it('lets what is under way finish when it stops, and takes nothing new', async () => {
    const { bench, listener, port } = await listen();
    let release = () => {};
    bench.store.hold = new Promise((resolve) => {
      release = resolve;
    });
    const client = await new TcpClient(port).connected();
    const idle = await new TcpClient(port).connected();
    client.socket.write(frame(UPDATE));
    const byUdp = askByUdp(port, UPDATE);
    await until(() => bench.store.underWay === 2, { what: 'both updates to begin' });
    const stopped = listener.stop(never);
    await idle.end();
    await assert.rejects(once(connect(port, '127.0.0.1'), 'connect'));
    release();
    assert.equal(rcodeOf(await byUdp), 0);
    assert.equal(rcodeOf((await client.answers(1))[0] ?? Buffer.alloc(0)), 0);
    await stopped;
    await client.end();
  });

  it('waits for nothing when the deadline has passed', async () => {
    const { bench, listener, port } = await listen();
    bench.store.hold = new Promise(() => {});
    const client = new TcpClient(port);
    client.socket.write(frame(UPDATE));
    await until(() => bench.store.underWay === 1, { what: 'the update to begin' });
    await listener.stop(AbortSignal.abort());
    await client.end();
    assert.equal(client.received.length, 0);
  });

  it('is harmed by no answer that comes when the deadline has passed', async () => {
    const { bench, listener, port } = await listen();
    let release = () => {};
    bench.store.hold = new Promise((resolve) => {
      release = resolve;
    });
    const client = new TcpClient(port);
    client.socket.write(frame(UPDATE));
    const byUdp = createSocket('udp4');
    open.push({ close: () => byUdp.close() });
    byUdp.send(UPDATE, port, '127.0.0.1');
    await until(() => bench.store.underWay === 2, { what: 'both updates to begin' });
    await listener.stop(AbortSignal.abort());
    release();
    await until(() => bench.store.underWay === 0, { what: 'both updates to end' });
    // A promise that is rejected, and that nobody looks at, ends the process: here, the test.
    await setImmediate();
    assert.deepEqual(bench.logger.at('error'), []);
  });
});

describe('a connection (RFC 7766)', () => {
  it('takes requests one after another without waiting for answers, and in any pieces', async () => {
    const { port } = await listen();
    const client = await new TcpClient(port).connected();
    const requests = Array.from({ length: 500 }, (_, id) => frame(query('www.example.org A', { id })));
    const stream = Buffer.concat(requests);
    for (let at = 0; at < stream.length; at += 777) client.socket.write(stream.subarray(at, at + 777));
    const ids = (await client.answers(500)).map((octets) => octets.readUInt16BE(0));
    assert.deepEqual(new Set(ids), new Set(requests.keys()));
  });

  it('answers what comes behind a slow update before it', async () => {
    const { bench, port } = await listen();
    let release = () => {};
    bench.store.hold = new Promise((resolve) => {
      release = resolve;
    });
    const client = new TcpClient(port);
    client.socket.write(Buffer.concat([frame(UPDATE), frame(query('www.example.org A', { id: 1 }))]));
    await client.answers(1);
    release();
    const ids = (await client.answers(2)).map((octets) => octets.readUInt16BE(0));
    assert.deepEqual(ids, [1, 0x5555]);
  });

  it('still gets its answers when it has closed its side, and then the end', async () => {
    const { port } = await listen();
    const client = new TcpClient(port);
    client.socket.end(frame(query('www.example.org A')));
    await client.answers(1);
    await client.end();
  });

  it('without a whole request is closed after a while, also if octets trickle in', async () => {
    const { bench, port } = await listen();
    const idle = await new TcpClient(port).connected();
    const slow = await new TcpClient(port).connected();
    await until(() => bench.clock.pending === 2, { what: 'both connections' });
    slow.socket.write(Buffer.from([0, 50]));
    await bench.clock.advance(IDLE_TIME - 1);
    slow.socket.write(Buffer.from([1]));
    assert.equal(idle.closed, false);
    await bench.clock.advance(1);
    await idle.end();
    await slow.end();
  });

  it('stays as long as requests come', async () => {
    const { bench, port } = await listen();
    const client = await new TcpClient(port).connected();
    for (let round = 1; round <= 4; round += 1) {
      client.socket.write(frame(query('www.example.org A')));
      await client.answers(round);
      await bench.clock.advance(IDLE_TIME - 1);
    }
    assert.equal(client.closed, false);
  });

  it('whose client does not read is not answered into memory, and is closed after a while', async () => {
    const { bench, port } = await listen(undefined, LARGE_ZONE);
    const client = await new TcpClient(port).connected();
    client.socket.pause();
    const before = process.memoryUsage().arrayBuffers;
    // Some 30 transfers of 2 MB each.
    for (let id = 0; id < 30; id += 1) client.socket.write(frame(query('example.org AXFR', { id })));
    await until(() => bench.logger.at('debug').length > 0, { what: 'the first transfer' });
    let transfers = 0;
    await until(
      () => {
        const stands = transfers === bench.logger.at('debug').length;
        transfers = bench.logger.at('debug').length;
        return stands;
      },
      { what: 'the server to wait for its client' },
    );
    assert.ok(transfers < 30, `${transfers} transfers were begun`);
    assert.ok(process.memoryUsage().arrayBuffers - before < 20_000_000);
    await bench.clock.advance(IDLE_TIME);
    client.socket.resume();
    await client.end();
  });

  it('gets a whole zone while others get their answers', async () => {
    const { port } = await listen(undefined, LARGE_ZONE);
    const client = new TcpClient(port);
    client.socket.write(frame(query('example.org AXFR')));
    const other = new TcpClient(port);
    assert.equal(await other.ask('h99999.example.org A'), '0');
    const records = () => client.received.reduce((sum, octets) => sum + octets.readUInt16BE(6), 0);
    await until(() => records() >= 100_000 + EXAMPLE_ZONE.trim().split('\n').length - 1, {
      what: 'the whole zone',
    });
  });

  it('is refused beyond what one client may have, and taken again when one has ended', async () => {
    const limits = { connections: 100, connectionsPerClient: 5 };
    const { port } = await listen(undefined, undefined, limits);
    const clients: TcpClient[] = [];
    for (let count = 0; count < limits.connectionsPerClient; count += 1) {
      const client = new TcpClient(port);
      assert.equal(await client.ask('www.example.org A'), '0');
      clients.push(client);
    }
    const excess = new TcpClient(port);
    excess.socket.write(frame(query('www.example.org A')));
    await excess.end();
    assert.equal(excess.received.length, 0);
    clients[0]?.socket.destroy();
    // The server may not have heard of that yet.
    await until(
      async () => {
        const next = new TcpClient(port);
        next.socket.write(frame(query('www.example.org A')));
        await until(() => next.closed || next.received.length > 0, { what: 'an answer or the end' });
        return next.received.length > 0;
      },
      { what: 'a new connection' },
    );
  });

  it('that is idle gives way when all are taken, the oldest first; one that waits for an answer does not', async () => {
    const limits = { connections: 3, connectionsPerClient: 3 };
    const { bench, port } = await listen(undefined, undefined, limits);
    bench.store.hold = new Promise(() => {});
    const busy = new TcpClient(port);
    busy.socket.write(frame(UPDATE));
    await until(() => bench.store.underWay === 1, { what: 'the update to begin' });
    const idle = [new TcpClient(port), new TcpClient(port)];
    for (const client of idle) assert.equal(await client.ask('www.example.org A'), '0');

    const other = new TcpClient(port, '127.0.0.1', '127.0.0.2');
    assert.equal(await other.ask('www.example.org A'), '0');
    assert.deepEqual(
      [busy, ...idle, other].map(({ closed }) => closed),
      [false, true, false, false],
    );
  });

  it('is not harmed by a client that goes away in the middle', async () => {
    const { bench, port } = await listen(undefined, LARGE_ZONE);
    for (let round = 0; round < 20; round += 1) {
      const client = await new TcpClient(port).connected();
      client.socket.write(frame(query('example.org AXFR')));
      client.socket.write(frame(UPDATE));
      await client.answers(1);
      client.socket.resetAndDestroy();
    }
    assert.equal(await new TcpClient(port).ask('www.example.org A'), '0');
    assert.deepEqual(bench.logger.at('error'), []);
  });
});
