import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { after, describe, it } from 'node:test';
import { ConnectionsPerSite } from '../../src/adapters/http/connections-per-site.ts';
import { HTTP_LIMITS, type HttpLimits, HttpListener } from '../../src/adapters/http/http-listener.ts';
import { DEFAULT_SETTINGS } from '../../src/application/manage/settings.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';
import { RawClient } from '../support/raw-client.ts';
import { until } from '../support/until.ts';
import { ALICE, HOME, startService, user } from '../unit/adapters/http/service.ts';

const GET = 'GET /ip HTTP/1.1\r\n\r\n';
const PLACE = {
  key: 'http.socket',
  socket: { address: { family: 'ipv4', text: '127.0.0.1' }, port: 0 },
} as const;

/** A listener whose clients are all at the site `site`, if one is given. */
async function start(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
  { site, ...limits }: Partial<HttpLimits> & { site?: string } = {},
): Promise<{ port: number; logger: RecordingLogger }> {
  const logger = new RecordingLogger();
  const sites = new ConnectionsPerSite(() => DEFAULT_SETTINGS.http);
  const elsewhere = { admit: (address: string | undefined) => sites.admit(site ?? address) };
  const listener = new HttpListener(handle, PLACE, logger, { ...HTTP_LIMITS, ...limits }, elsewhere);
  const [url = ''] = await listener.start();
  after(() => listener.stop(AbortSignal.abort()));
  return { port: Number(new URL(url).port), logger };
}

const hello = (_request: IncomingMessage, response: ServerResponse) => void response.end('hello');

const warnings = ({ logger }: { logger: RecordingLogger }) => logger.at('warn').map(({ event }) => event);

describe('the requests of one connection', () => {
  it('are served one after another', async () => {
    const held: ServerResponse[] = [];
    const { port } = await start((_request, response) => void held.push(response));
    const client = await RawClient.open(port);
    client.send(GET.repeat(3));
    for (const turn of [1, 2, 3]) {
      await until(() => held.length >= turn, { what: `request ${turn} to have its turn` });
      assert.equal(held.length, turn);
      held[turn - 1]?.end(`answer ${turn}`);
      await client.hears(`answer ${turn}`);
    }
  });

  it('are all answered, also where the client closes its side after the last one', async () => {
    for (const requests of [1, 20]) {
      const { port } = await start((_request, response) => void setImmediate(() => response.end('hello')));
      const client = await RawClient.open(port);
      client.send(GET.repeat(requests));
      client.socket.end();
      assert.equal((await client.toTheEnd()).split('hello').length - 1, requests);
    }
  });

  it('end with the connection of a client that closes its side in the middle of one, or without any', async () => {
    for (const sent of ['', 'GET /ip HT']) {
      const { port } = await start(hello);
      const client = await RawClient.open(port);
      if (sent !== '') client.send(sent);
      client.socket.end();
      assert.doesNotMatch(await client.toTheEnd(), /hello/);
    }
  });

  it('take effect in their order, also where the first has a password that has to be judged', async () => {
    const token = 'Zm9v-YmFy_MTIz';
    const users = [user('alice', 's3cret', [HOME], { tokens: { [token]: undefined } })];
    const { port, dns, passwords } = await startService({ users, hosts: [] });
    let resume = () => {};
    const resumed = new Promise<void>((resolve) => {
      resume = resolve;
    });
    const verify = passwords.verify.bind(passwords);
    passwords.verify = async (hash, password) => {
      const verdict = await verify(hash, password);
      await resumed;
      return verdict;
    };
    const client = await RawClient.open(port);
    const update = (address: string, as: string) =>
      `GET /nic/update?hostname=${HOME}&myip=${address} HTTP/1.1\r\nAuthorization: ${as}\r\n\r\n`;
    client.send(update('203.0.113.1', ALICE) + update('203.0.113.2', `Bearer ${token}`));
    await until(() => passwords.calls.length === 1, { what: 'the password to be judged' });
    resume();
    await client.hears('good 203.0.113.2');
    assert.match(client.received, /good 203\.0\.113\.1\n.*good 203\.0\.113\.2\n$/s);
    assert.deepEqual(dns.addressesOf(HOME), ['203.0.113.2']);
  });

  it('are not read, beyond a piece, before those in front of them are answered', async () => {
    const many = 5_000;
    const parsed: unknown[] = [];
    const count = (message: unknown) => void parsed.push(message);
    subscribe('http.server.request.start', count);
    after(() => unsubscribe('http.server.request.start', count));
    const held: ServerResponse[] = [];
    const service = await start((_request, response) => void held.push(response));
    const client = await RawClient.open(service.port);
    client.send(GET.repeat(many));
    await until(() => held.length === 1, { what: 'the first to be served' });
    // Another connection has its turn in the meantime.
    const other = await RawClient.open(service.port);
    other.send(GET);
    await until(() => held.length === 2, { what: 'the other to be served' });
    assert.ok(parsed.length < 100, `${parsed.length} requests`);
    for (let answered = 0; answered < many + 1; answered += 1) {
      await until(() => held.length > answered, { what: 'the next to be served' });
      held[answered]?.end(answered === many ? 'last' : '');
    }
    await client.hears('last');
    assert.deepEqual(warnings(service), []);
  });

  it('of 2.5 MB on 40 connections do not keep others from being served', async () => {
    let served = 0;
    const { port } = await start((request, response) => {
      if (request.url === '/ip') served += 1;
      hello(request, response);
    });
    const floods = await Promise.all(Array.from({ length: 40 }, () => RawClient.open(port)));
    for (const flood of floods) flood.send(GET.repeat(2_500_000 / 40 / GET.length));
    await until(() => served > floods.length, { what: 'the floods to have begun' });
    const other = await RawClient.open(port);
    const before = served;
    for (let request = 1; request <= 10; request += 1) {
      other.send('GET /other HTTP/1.1\r\n\r\n');
      await until(() => other.received.split('hello').length > request, { what: 'the other to be served' });
    }
    // Ten requests of the other take few rounds of the event loop, and each round serves one of those that wait.
    assert.ok(served - before < 10_000, `${served - before} requests were served before those of the other`);
    for (const { socket } of floods) socket.destroy();
  });
});

describe('a client that does not read its answers', () => {
  it('is closed, and told to the log once; others are served', async () => {
    const answer = 'x'.repeat(4 * 1024 * 1024);
    const served = new Set<Socket>();
    const service = await start(
      ({ url, socket }, response) => {
        if (url === '/large') served.add(socket);
        response.end(url === '/large' ? answer : 'hello');
      },
      { takingTimeout: 100 },
    );
    const deaf = await Promise.all(Array.from({ length: 20 }, () => RawClient.open(service.port)));
    for (const { socket } of deaf) {
      socket.pause();
      socket.write('GET /large HTTP/1.1\r\n\r\n'.repeat(5));
    }
    await until(() => warnings(service).length > 0, { what: 'the first to be closed' });
    const other = await RawClient.open(service.port);
    other.send(GET);
    await other.hears('hello');
    // Each has its own time, so whoever reads again before that is no example.
    await until(() => served.size === deaf.length && [...served].every(({ destroyed }) => destroyed), {
      what: 'all of them to be closed',
    });
    // What the system had taken is still there; then the connection ends, and not with all answers.
    for (const { socket } of deaf) socket.resume();
    for (const client of deaf) assert.ok((await client.toTheEnd()).length < 5 * answer.length);
    assert.deepEqual(warnings(service), ['Connections are closed: a client does not read its answers']);
  });
});

describe('the connections of one site', () => {
  it('are bounded: of 1,500 idle ones 128 are kept, others are served, and the log hears of it once', async () => {
    const service = await start(hello, { site: '203.0.113.7' });
    const idle: RawClient[] = [];
    for (let opened = 0; opened < 1_500; opened += 100) {
      idle.push(...(await Promise.all(Array.from({ length: 100 }, () => RawClient.open(service.port)))));
    }
    await until(() => idle.filter(({ closed }) => closed).length >= 1_500 - 128, {
      what: 'all beyond the limit to be closed',
    });
    const open = idle.filter(({ closed }) => !closed);
    assert.ok(open.length <= 128);
    assert.deepEqual(warnings(service), [
      'Connections are closed: a site has as many as it may have (http.connections_per_site)',
    ]);
    for (const { socket } of idle) socket.destroy();
    await until(
      async () => {
        const next = await RawClient.open(service.port);
        next.send(GET);
        await until(() => next.received !== '' || next.closed, { what: 'an answer or none' });
        return next.received.endsWith('hello');
      },
      { what: 'the site to be served again' },
    );
  });

  it('are unbounded from the machine itself', async () => {
    const { port, logger } = await start(hello);
    const clients = await Promise.all(Array.from({ length: 200 }, () => RawClient.open(port)));
    for (const client of clients) client.send(GET);
    for (const client of clients) await client.hears('hello');
    assert.deepEqual(logger.entries, []);
  });

  it('that are beyond the limit of all are told once', async () => {
    const service = await start(hello, { maxConnections: 1 });
    await RawClient.open(service.port);
    for (const _ of [1, 2]) await (await RawClient.open(service.port)).toTheEnd();
    assert.deepEqual(warnings(service), [
      'Connections are closed: there are as many as there may be (see ulimit -n)',
    ]);
  });
});

describe('header fields', () => {
  const { maxFields } = HTTP_LIMITS;
  const head = (fields: number, last: string) =>
    `GET /ip HTTP/1.1\r\n${'B:\r\n'.repeat(fields - 2)}Connection: close\r\n${last}\r\n\r\n`;

  it('beyond those that are read are refused, so that none can hide who the client is', async () => {
    const { port } = await startService({ trustedProxies: ['127.0.0.0/8'] });
    for (const fields of [maxFields + 1, 2 * maxFields, 4_000]) {
      const client = await RawClient.open(port);
      client.send(head(fields, 'X-Forwarded-For: 203.0.113.7'));
      assert.match(
        await client.toTheEnd(),
        /^HTTP\/1\.1 431 Request Header Fields Too Large\r\n.*\r\n\r\n431 Request Header Fields Too Large\n$/s,
      );
    }
  });

  it('that are as many as are read are read', async () => {
    const { port } = await startService({ trustedProxies: ['127.0.0.0/8'] });
    const client = await RawClient.open(port);
    client.send(head(maxFields, 'X-Forwarded-For: 203.0.113.7'));
    assert.match(await client.toTheEnd(), /^HTTP\/1\.1 200 OK\r\n.*203\.0\.113\.7$/s);
  });
});
