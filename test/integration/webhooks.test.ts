import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { WebhookSender } from '../../src/adapters/notices/webhook-sender.ts';
import type { NoticeOutcome } from '../../src/application/ports/notice-sender.ts';
import { parseNetwork } from '../../src/domain/network.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { createAuthority, issue } from '../support/certificates.ts';
import { inTime } from '../support/in-time.ts';
import { noticeNamed, SIGNING_SECRET, targetAt } from '../support/notices.ts';
import { valueIn } from '../support/parsed.ts';
import { REPOSITORY } from '../support/run-program.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { webhookReceiver } from '../support/webhook-receiver.ts';

const LOOPBACK = [valueIn(parseNetwork('127.0.0.0/8'))];
const NOTICE = noticeNamed('n-1');

type Send = {
  readonly allow?: typeof LOOPBACK;
  readonly clock?: ManualClock;
  /** The answers of the DNS, one after the other. */
  readonly answers?: readonly (readonly string[])[];
};

function send(url: string, { allow = LOOPBACK, clock = new ManualClock(), answers = [] }: Send = {}) {
  const left = [...answers];
  const sender = new WebhookSender(clock, async (host) => {
    const addresses = left.shift();
    if (addresses === undefined) throw new Error(`the DNS has no address of ${host}`);
    return addresses;
  });
  return inTime(sender.send(targetAt(url, { allow }), url, NOTICE), { what: 'the outcome' });
}

const reasonOf = (outcome: NoticeOutcome): string => (outcome.kind === 'failed' ? outcome.reason : 'taken');

describe('a webhook', () => {
  it('is posted once, to the path and the query, under the name of the host', async () => {
    const { received, port } = await webhookReceiver();
    const url = `http://user:pass%20word@hooks.example.org:${port}/a/path?with=query`;
    assert.deepEqual(await send(url, { answers: [['127.0.0.1']] }), { kind: 'taken' });
    const [{ head, body } = assert.fail(), ...others] = received;
    assert.deepEqual(others, []);
    assert.deepEqual([head.method, head.url], ['POST', '/a/path?with=query']);
    assert.equal(head.headers.host, `hooks.example.org:${port}`);
    assert.equal(head.headers.authorization, `Basic ${Buffer.from('user:pass word').toString('base64')}`);
    assert.equal(JSON.parse(body).data.text, NOTICE.text);
    assert.equal(head.headers['content-length'], String(Buffer.byteLength(body)));
  });

  for (const host of ['127.0.0.1', '127.1', '2130706433', '0x7f000001', '0177.0.0.1', 'localhost']) {
    it(`is never posted to ${host}, in whatever spelling`, async () => {
      const { received, port } = await webhookReceiver();
      const sender = new WebhookSender(new ManualClock());
      const url = `http://${host}:${port}/`;
      const outcome = await sender.send(targetAt(url), url, NOTICE);
      assert.match(reasonOf(outcome), /^it is at 127\.0\.0\.1, which is not public/);
      assert.deepEqual(received, []);
    });
  }

  for (const address of ['127.0.0.1', '169.254.169.254', '::1', '::ffff:127.0.0.1', '64:ff9b::7f00:1']) {
    it(`is never posted to a name with the address ${address}`, async () => {
      const { received, port } = await webhookReceiver();
      const url = `http://hooks.example.org:${port}/`;
      const outcome = await send(url, { allow: [], answers: [[address]] });
      assert.match(reasonOf(outcome), /which is not public/);
      const mixed = await send(url, { allow: [], answers: [['9.9.9.9', address]] });
      assert.match(reasonOf(mixed), /which is not public/, 'beside a public one too');
      assert.deepEqual(received, []);
    });
  }

  for (const host of [
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[64:ff9b::127.0.0.1]',
    '[2002:7f00:1::]',
  ]) {
    it(`is never posted to http://${host}/`, async () => {
      assert.match(reasonOf(await send(`http://${host}/`, { allow: [] })), /which is not public/);
    });
  }

  it('is looked up once, so that an answer that changes leads nowhere else', async () => {
    const { received, port } = await webhookReceiver();
    const elsewhere = createTcpServer().listen(port, '127.0.0.2');
    await once(elsewhere, 'listening');
    after(() => elsewhere.close());
    const connections: string[] = [];
    elsewhere.on('connection', (socket) => {
      connections.push(socket.localAddress ?? '');
      socket.destroy();
    });
    const allow = [valueIn(parseNetwork('127.0.0.1'))];
    const url = `http://hooks.example.org:${port}/`;
    const outcome = await send(url, { allow, answers: [['127.0.0.1'], ['127.0.0.2']] });
    assert.deepEqual([outcome.kind, received.length, connections], ['taken', 1, []]);
    assert.match(
      reasonOf(await send(url, { allow, answers: [['127.0.0.2']] })),
      /127\.0\.0\.2, which is not/,
    );
    assert.deepEqual(connections, []);
  });

  for (const status of [301, 302, 303, 307, 308]) {
    it(`that is redirected (${status}) fails, and goes nowhere else`, async () => {
      const other = await webhookReceiver();
      const first = await webhookReceiver((_request, response) => {
        response.writeHead(status, { Location: `http://127.0.0.1:${other.port}/` }).end();
      });
      const outcome = await send(`http://127.0.0.1:${first.port}/`);
      assert.deepEqual(outcome, {
        kind: 'failed',
        reason: `it redirects (${status}), which is not followed`,
        refused: false,
        retryAfter: undefined,
      });
      assert.deepEqual([first.received.length, other.received.length], [1, 0]);
    });
  }

  for (const [status, refused] of [
    [500, false],
    [503, false],
    [401, false],
    [404, false],
    [429, false],
    [400, true],
    [413, true],
    [422, true],
  ] as const) {
    it(`that is answered ${status} fails, and ${refused ? 'was' : 'was not'} refused for what it says`, async () => {
      const { port } = await webhookReceiver(
        (_request, response) => void response.writeHead(status).end('no'),
      );
      const outcome = await send(`http://127.0.0.1:${port}/`);
      assert.deepEqual(outcome, {
        kind: 'failed',
        reason: `it answers ${status}`,
        refused,
        retryAfter: undefined,
      });
    });
  }

  it('is sent again when the receiver says, in seconds or at a date', async () => {
    const clock = new ManualClock();
    const dates = ['120', new Date(clock.now() + 90_000).toUTCString(), new Date(0).toUTCString(), 'soon'];
    const pauses: (number | undefined)[] = [];
    for (const date of dates) {
      const { port } = await webhookReceiver((_request, response) => {
        response.writeHead(429, { 'Retry-After': date }).end();
      });
      const outcome = await send(`http://127.0.0.1:${port}/`, { clock });
      pauses.push(outcome.kind === 'failed' ? outcome.retryAfter : 0);
    }
    assert.deepEqual(pauses, [120_000, 90_000, undefined, undefined]);
  });

  it('is taken by the head of the answer, and an endless body is not read', async () => {
    let isClosed: Promise<unknown> = Promise.resolve();
    const { port } = await webhookReceiver((request, response) => {
      isClosed = new Promise((resolve) => request.socket.on('close', resolve));
      response.writeHead(200);
      const more = () => void (response.destroyed || response.write('x'.repeat(65_536), more));
      more();
    });
    assert.deepEqual(await send(`http://127.0.0.1:${port}/`), { kind: 'taken' });
    await inTime(isClosed, { what: 'the end of the connection' });
  });

  it('ends ten seconds later, where nothing answers', async () => {
    const clock = new ManualClock();
    const { port, received } = await webhookReceiver(() => {
      void clock.advance(10_000);
    });
    const outcome = await send(`http://127.0.0.1:${port}/`, { clock });
    assert.equal(reasonOf(outcome), 'there is no answer in ten seconds');
    assert.equal(received.length, 1);
    assert.equal(clock.pending, 0);
  });

  it('ends ten seconds later, where the DNS does not answer', async () => {
    const clock = new ManualClock();
    const sender = new WebhookSender(clock, () => new Promise(() => {}));
    const url = 'https://hooks.example.org/';
    const sending = sender.send(targetAt(url), url, NOTICE);
    await clock.advance(10_000);
    assert.equal(reasonOf(await sending), 'there is no answer in ten seconds');
  });

  it('fails with the reason in words, where nobody listens or the answer is nonsense', async () => {
    const { server, port } = await webhookReceiver();
    server.close();
    await once(server, 'close');
    const refused = reasonOf(await send(`http://127.0.0.1:${port}/`));
    assert.equal(refused, 'connection refused (ECONNREFUSED)');
    const nonsense = createTcpServer((socket) => void socket.end('HELLO\r\n\r\n')).listen(0, '127.0.0.1');
    await once(nonsense, 'listening');
    after(() => nonsense.close());
    const outcome = await send(`http://127.0.0.1:${(nonsense.address() as AddressInfo).port}/`);
    assert.match(reasonOf(outcome), /HTTP/);
  });

  it('goes by HTTPS only to a receiver whose certificate is trusted', async () => {
    const authority = await createAuthority('an authority that nobody knows');
    const { pem: cert, keyFile } = await issue(authority, 'DNS:hooks.example.org');
    const received: string[] = [];
    const server = createTlsServer({ cert, key: readFileSync(keyFile) }, (request, response) => {
      received.push(request.url ?? '');
      response.end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    after(() => server.close());
    const url = `https://hooks.example.org:${(server.address() as AddressInfo).port}/`;
    assert.match(reasonOf(await send(url, { answers: [['127.0.0.1']] })), /certificate/);
    assert.deepEqual(received, []);
  });

  it('is genuine to the example of docs/notices.md, as it is printed, and to nobody else', async () => {
    const docs = readFileSync(join(REPOSITORY, 'docs/notices.md'), 'utf8');
    const [, example = ''] = /^```js\n([\s\S]*?)^```$/m.exec(docs) ?? [];
    const file = join(tempFolder(), 'verify.mjs');
    writeFileSync(file, example);
    const { isGenuine } = await import(pathToFileURL(file).href);
    const { received, port } = await webhookReceiver();
    await send(`http://127.0.0.1:${port}/`, { clock: new ManualClock(Date.now()) });
    await send(`http://127.0.0.1:${port}/`, { clock: new ManualClock(Date.now() - 600_000) });
    const [now, old] = received.map(({ head, body }) => [head.headers, body] as const);
    assert.ok(now && old);
    assert.equal(isGenuine(...now, SIGNING_SECRET), true);
    assert.equal(isGenuine(...old, SIGNING_SECRET), false, 'it is ten minutes old');
    assert.equal(isGenuine(now[0], now[1].replace('home', 'cam'), SIGNING_SECRET), false);
    assert.equal(isGenuine(...now, SIGNING_SECRET.replace('M', 'N')), false);
    for (const header of ['webhook-id', 'webhook-timestamp', 'webhook-signature']) {
      assert.equal(isGenuine({ ...now[0], [header]: undefined }, now[1], SIGNING_SECRET), false, header);
    }
  });
});
