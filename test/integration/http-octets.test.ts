import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { noMetrics } from '../../src/application/ports/metrics.ts';
import { fuzzRuns } from '../support/fuzz-runs.ts';
import { RawClient } from '../support/raw-client.ts';
import { until } from '../support/until.ts';
import { ALICE, HOME, type Service, startService } from '../unit/adapters/http/service.ts';

const A = '203.0.113.7';
const UPDATE = `/nic/update?hostname=${HOME}&myip=${A}`;
const CREDENTIALS = `Authorization: ${ALICE}\r\n`;

/** What the server says to `octets` until it closes the connection. */
async function exchange({ port }: Service, octets: string | Buffer): Promise<string> {
  const client = await RawClient.open(port);
  client.send(octets);
  return client.toTheEnd();
}

/** Status line and body of every answer. */
function answersIn(received: string): readonly (readonly [status: string, body: string])[] {
  const answers: [string, string][] = [];
  for (let rest = received; rest !== ''; ) {
    const [, head, status = '', tail = ''] =
      /^(HTTP\/1\.1 (\d+ [^\r]*)\r\n.*?\r\n\r\n)(.*)$/s.exec(rest) ?? [];
    assert.ok(head !== undefined, `an answer starts at "${rest}"`);
    assert.doesNotMatch(head, /^transfer-encoding/im);
    const length = Number(/^content-length: (\d+)\r$/im.exec(head)?.[1]);
    answers.push([status, tail.slice(0, length)]);
    rest = tail.slice(length);
  }
  return answers;
}

describe('HTTP as octets', () => {
  it('HTTP/1.0 is served whole, and the connection closed', async () => {
    const service = await startService();
    const received = await exchange(service, `GET ${UPDATE} HTTP/1.0\r\n${CREDENTIALS}\r\n`);
    assert.deepEqual(answersIn(received), [['200 OK', `good ${A}\n`]]);
  });

  it('HTTP/1.0 is closed also for those who ask to keep the connection', async () => {
    const service = await startService();
    const received = await exchange(service, 'GET /ip HTTP/1.0\r\nConnection: keep-alive\r\n\r\n');
    assert.deepEqual(answersIn(received), [['200 OK', '127.0.0.1']]);
  });

  it('HTTP/1.1 keeps the connection', async () => {
    const { port } = await startService();
    const client = await RawClient.open(port);
    client.send('GET /ip HTTP/1.1\r\nHost: x\r\n\r\n');
    await client.hears('127.0.0.1');
    client.send('GET /checkip HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    assert.deepEqual(answersIn(await client.toTheEnd()), [
      ['200 OK', '127.0.0.1'],
      ['200 OK', '127.0.0.1\n'],
    ]);
  });

  for (const [situation, head, answer] of [
    ['no Host', `GET ${UPDATE} HTTP/1.1\r\n${CREDENTIALS}`, ['200 OK', `good ${A}\n`]],
    ['a Host with a port', 'GET /ip HTTP/1.1\r\nHost: example.org:8053\r\n', ['200 OK', '127.0.0.1']],
    ['a Host that is none', 'GET /ip HTTP/1.1\r\nHost: a/b@c, [::\r\n', ['200 OK', '127.0.0.1']],
    ['two slashes', `GET /${UPDATE} HTTP/1.1\r\n${CREDENTIALS}`, ['200 OK', `good ${A}\n`]],
    [
      'the whole URL',
      `GET http://u:p@example.org${UPDATE} HTTP/1.1\r\n${CREDENTIALS}`,
      ['200 OK', `good ${A}\n`],
    ],
    ['a URL that is none', 'GET http://[::1 HTTP/1.1\r\n', ['404 Not Found', '404 Not Found\n']],
    ['a host behind a backslash', 'GET /\\a@[b# HTTP/1.1\r\n', ['404 Not Found', '404 Not Found\n']],
    ['an asterisk', 'OPTIONS * HTTP/1.1\r\n', ['404 Not Found', '404 Not Found\n']],
    ['a tunnel', 'CONNECT example.org:443 HTTP/1.1\r\n', ['400 Bad Request', '400 Bad Request\n']],
    ['an upgrade', 'GET /ip HTTP/1.1\r\nConnection: upgrade\r\nUpgrade: h2c\r\n', ['200 OK', '127.0.0.1']],
    [
      'an upgrade of an update',
      `GET ${UPDATE} HTTP/1.1\r\n${CREDENTIALS}Connection: Upgrade\r\nUpgrade: websocket\r\n`,
      ['200 OK', `good ${A}\n`],
    ],
    [
      'an expectation that nobody knows',
      `GET ${UPDATE} HTTP/1.1\r\n${CREDENTIALS}Expect: a-miracle\r\n`,
      ['200 OK', `good ${A}\n`],
    ],
    ['an expectation without a value', 'GET /ip HTTP/1.1\r\nExpect:\r\n', ['200 OK', '127.0.0.1']],
    [
      'an expectation by a method that is not allowed',
      'DELETE /ip HTTP/1.1\r\nExpect: a-miracle\r\n',
      ['405 Method Not Allowed', '405 Method Not Allowed\n'],
    ],
    ['a NUL that is escaped', 'GET /%00 HTTP/1.1\r\n', ['404 Not Found', '404 Not Found\n']],
    [
      'an escape that is none',
      `GET ${UPDATE}%zz HTTP/1.1\r\n${CREDENTIALS}`,
      ['400 Bad Request', 'badagent\n'],
    ],
    [
      'a raw space',
      `GET ${UPDATE} http://x/ HTTP/1.1\r\n${CREDENTIALS}`,
      ['400 Bad Request', '400 Bad Request\n'],
    ],
    ['a control character', 'GET /ip\x7f HTTP/1.1\r\n', ['400 Bad Request', '400 Bad Request\n']],
    ['an unknown method', 'BREW /ip HTTP/1.1\r\n', ['400 Bad Request', '400 Bad Request\n']],
    ['an unknown version', 'GET /ip HTTP/3.7\r\n', ['400 Bad Request', '400 Bad Request\n']],
    ['a field without a colon', 'GET /ip HTTP/1.1\r\nnonsense\r\n', ['400 Bad Request', '400 Bad Request\n']],
    [
      'two lengths',
      'POST /ip HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n',
      ['400 Bad Request', '400 Bad Request\n'],
    ],
    [
      'a target of 64 KB',
      `GET ${UPDATE}&x=${'y'.repeat(65536)} HTTP/1.1\r\n`,
      ['431 Request Header Fields Too Large', '431 Request Header Fields Too Large\n'],
    ],
    [
      'a field of 64 KB',
      `GET /ip HTTP/1.1\r\nX: ${'y'.repeat(65536)}\r\n`,
      ['431 Request Header Fields Too Large', '431 Request Header Fields Too Large\n'],
    ],
  ] as const) {
    it(`${situation} is answered with ${answer[0]}`, async () => {
      const service = await startService();
      const received = await exchange(service, `${head}Connection: close\r\n\r\n`);
      assert.deepEqual(answersIn(received), [answer]);
      assert.equal((await service.ask('/ip')).body, '127.0.0.1');
    });
  }

  for (const [situation, octets] of [
    ['octets that are no ASCII in the target', Buffer.from('GET /b\xfccher HTTP/1.1\r\n\r\n', 'latin1')],
    ['a greeting of TLS', Buffer.from('16030100c8010000c40303', 'hex')],
    ['a line of another protocol', Buffer.from('EHLO example.org\r\n')],
  ] as const) {
    it(`${situation} is answered with 400`, async () => {
      const received = await exchange(await startService(), octets);
      assert.deepEqual(answersIn(received), [['400 Bad Request', '400 Bad Request\n']]);
      assert.match(received, /^content-type: text\/plain; charset=utf-8\r$/im);
      assert.match(received, /^connection: close\r$/im);
    });
  }

  it('requests that were sent in one go are answered in their order', async () => {
    const service = await startService();
    const received = await exchange(
      service,
      `GET ${UPDATE} HTTP/1.1\r\n${CREDENTIALS}\r\nGET /ip HTTP/1.1\r\n\r\n` +
        `DELETE ${UPDATE} HTTP/1.1\r\n\r\nGET /nope HTTP/1.1\r\nConnection: close\r\n\r\n`,
    );
    assert.deepEqual(answersIn(received), [
      ['200 OK', `good ${A}\n`],
      ['200 OK', '127.0.0.1'],
      ['405 Method Not Allowed', 'badagent\n'],
      ['404 Not Found', '404 Not Found\n'],
    ]);
  });

  it('what cannot be read is answered after what was asked before it', async () => {
    const service = await startService();
    const { reached, resume } = service.dns.pauseNext('lookUp');
    const client = await RawClient.open(service.port);
    client.send(`GET ${UPDATE} HTTP/1.1\r\n${CREDENTIALS}\r\nGET /ip HTTP/1.1\r\n\r\nnonsense\r\n\r\n`);
    await reached;
    resume();
    assert.deepEqual(answersIn(await client.toTheEnd()), [
      ['200 OK', `good ${A}\n`],
      ['200 OK', '127.0.0.1'],
      ['400 Bad Request', '400 Bad Request\n'],
    ]);
  });

  it('a form whose chunks make no sense is answered with 400, and nothing is changed', async () => {
    const service = await startService();
    const received = await exchange(
      service,
      `POST ${UPDATE} HTTP/1.1\r\n${CREDENTIALS}Content-Type: application/x-www-form-urlencoded\r\n` +
        'Transfer-Encoding: chunked\r\n\r\nnonsense\r\n',
    );
    assert.deepEqual(answersIn(received), [['400 Bad Request', '400 Bad Request\n']]);
    assert.deepEqual(service.dns.applied, []);
  });

  it('a client that leaves in the middle of its form is no fault, and no answer is counted', async () => {
    const counted: number[] = [];
    const requestAnswered = (_route: string, status: number) => void counted.push(status);
    const service = await startService({ metrics: { ...noMetrics, requestAnswered } });
    const client = await RawClient.open(service.port);
    client.send(
      `POST ${UPDATE} HTTP/1.1\r\n${CREDENTIALS}Content-Type: application/x-www-form-urlencoded\r\n` +
        'Content-Length: 100\r\n\r\nx=1',
    );
    client.socket.destroySoon();
    await until(() => service.logger.at('debug').length === 1, { what: 'the server to see that it left' });
    assert.deepEqual(service.dns.applied, []);
    assert.deepEqual([...service.logger.at('warn'), ...service.logger.at('error')], []);
    await service.ask('/ip');
    assert.deepEqual(counted, [200]);
  });

  it('a client that leaves before its answer is no fault, and its update is done', async () => {
    const service = await startService();
    const { reached, resume } = service.dns.pauseNext('apply');
    const client = await RawClient.open(service.port);
    client.send(`GET ${UPDATE} HTTP/1.1\r\n${CREDENTIALS}\r\n`);
    await reached;
    client.socket.destroy();
    await service.ask('/ip');
    resume();
    assert.equal((await service.ask(UPDATE, { as: ALICE })).body, `nochg ${A}\n`);
    assert.deepEqual([...service.logger.at('warn'), ...service.logger.at('error')], []);
  });

  it('a client that waits to be asked for its form is asked', async () => {
    const { port } = await startService();
    const client = await RawClient.open(port);
    const form = `hostname=${HOME}&myip=${A}`;
    client.send(
      `POST /nic/update HTTP/1.1\r\n${CREDENTIALS}Content-Type: application/x-www-form-urlencoded\r\n` +
        `Content-Length: ${form.length}\r\nExpect: 100-continue\r\n\r\n`,
    );
    await client.hears('100 Continue\r\n\r\n');
    client.send(form);
    await client.hears(`good ${A}\n`);
    client.socket.destroy();
  });

  it('HTTP/1.0 is never asked for its form: it knows no such answer', async () => {
    const form = `hostname=${HOME}&myip=${A}`;
    const received = await exchange(
      await startService(),
      `POST /nic/update HTTP/1.0\r\n${CREDENTIALS}Content-Type: application/x-www-form-urlencoded\r\n` +
        `Content-Length: ${form.length}\r\nExpect: 100-continue\r\n\r\n${form}`,
    );
    assert.deepEqual(answersIn(received), [['200 OK', `good ${A}\n`]]);
  });

  it('an upgrade is not followed: the form is read, and the connection goes on as HTTP', async () => {
    const { port } = await startService();
    const client = await RawClient.open(port);
    const form = `hostname=${HOME}&myip=${A}`;
    client.send(
      `POST /nic/update HTTP/1.1\r\n${CREDENTIALS}Content-Type: application/x-www-form-urlencoded\r\n` +
        `Content-Length: ${form.length}\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n${form}`,
    );
    await client.hears(`good ${A}\n`);
    client.send('GET /ip HTTP/1.1\r\nConnection: close\r\n\r\n');
    assert.deepEqual(answersIn(await client.toTheEnd()), [
      ['200 OK', `good ${A}\n`],
      ['200 OK', '127.0.0.1'],
    ]);
  });

  it('an expectation that is ignored keeps the connection, and what was sent in one go', async () => {
    const received = await exchange(
      await startService(),
      'GET /ip HTTP/1.1\r\nExpect: a-miracle\r\n\r\nGET /checkip HTTP/1.1\r\nConnection: close\r\n\r\n',
    );
    assert.deepEqual(answersIn(received), [
      ['200 OK', '127.0.0.1'],
      ['200 OK', '127.0.0.1\n'],
    ]);
  });

  it('no octets end the server', async () => {
    const service = await startService();
    const piece = fc.oneof(
      fc.constantFrom(
        'GET ',
        'POST ',
        '/nic/update',
        '//',
        '?',
        'hostname=',
        '%',
        '&',
        ' HTTP/1.1',
        '\r\n',
        '\r\n\r\n',
        CREDENTIALS,
        'Content-Length: 3\r\n',
        'Transfer-Encoding: chunked\r\n',
        'Expect: ',
        '100-continue',
        'http://',
        '*',
        '\0',
        '\xff',
      ),
      fc.string({ maxLength: 5 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 15 }), async (pieces) => {
        const client = await RawClient.open(service.port);
        client.socket.end(Buffer.from(pieces.join(''), 'latin1'));
        answersIn(await client.toTheEnd());
      }),
      { numRuns: fuzzRuns(300) },
    );
    assert.equal((await service.ask('/ip')).body, '127.0.0.1');
    assert.deepEqual(service.logger.at('error'), []);
  });
});
