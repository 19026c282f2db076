import assert from 'node:assert/strict';
import { once } from 'node:events';
import { copyFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { Agent, type RequestOptions, request } from 'node:https';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { connect, type TLSSocket } from 'node:tls';
import { Certificate } from '../../src/adapters/http/certificate.ts';
import { HttpListener } from '../../src/adapters/http/http-listener.ts';
import { selfSigned } from '../../src/adapters/http/self-signed.ts';
import { DynonymError } from '../../src/domain/errors.ts';
import { parseSocketAddress } from '../../src/domain/socket-address.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';
import { createAuthority, type Certificate as Issued, issue } from '../support/certificates.ts';
import { valueIn } from '../support/parsed.ts';
import { RawClient } from '../support/raw-client.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const socket = valueIn(parseSocketAddress('127.0.0.1:0'));
/** Between two looks at the files. */
const INTERVAL = 2_000;

let authority: Issued;
let first: Issued;
let second: Issued;

before(async () => {
  authority = await createAuthority('authority of the tests');
  [first, second] = await Promise.all([issue(authority, 'IP:127.0.0.1'), issue(authority, 'IP:127.0.0.1')]);
});

/** A certificate in files of their own, which can be renewed as certbot does it. */
function installed({ certificateFile, keyFile }: Issued) {
  const folder = tempFolder();
  const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  const put = (from: string, to: string) => {
    copyFileSync(from, `${to}.new`);
    renameSync(`${to}.new`, to);
  };
  put(certificateFile, files.cert);
  put(keyFile, files.key);
  return { files, put };
}

async function start(certificate: Issued = first) {
  const { files, put } = installed(certificate);
  const clock = new ManualClock();
  const logger = new RecordingLogger();
  const listener = new HttpListener(
    (_request, response) => void response.end('hello'),
    { key: 'http.socket', socket, certificate: new Certificate(files, clock, logger) },
    logger,
  );
  const [url = ''] = await listener.start();
  after(() => listener.stop(AbortSignal.abort()));
  return { files, put, clock, logger, listener, url, port: Number(new URL(url).port) };
}

/** Resolves to the body and to the number of the certificate that was shown. */
async function get(port: number, options: RequestOptions = {}) {
  const sent = request({ host: '127.0.0.1', port, ca: authority.pem, agent: false, ...options });
  sent.end();
  const [response] = await once(sent, 'response');
  const serial = (response.socket as TLSSocket).getPeerCertificate().serialNumber;
  let body = '';
  for await (const chunk of response) body += chunk;
  return { body, serial };
}

/** Both looks that it takes to see that the files have come to rest. */
async function look(clock: ManualClock, logger: RecordingLogger, event: string): Promise<void> {
  await until(
    async () => {
      await clock.advance(INTERVAL);
      return [...logger.at('info'), ...logger.at('error')].some((entry) => entry.event.includes(event));
    },
    { what: event },
  );
}

describe('HTTPS', () => {
  it('is spoken where there is a certificate', async () => {
    const { url, port } = await start();
    assert.match(url, /^https:\/\/127\.0\.0\.1:\d+$/);
    assert.equal((await get(port)).body, 'hello');
  });

  for (const version of ['TLSv1', 'TLSv1.1'] as const) {
    it(`is not spoken in ${version}`, async () => {
      const { port } = await start();
      const options = { minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' } as const;
      await assert.rejects(get(port, options), /protocol version|EPROTO|ECONNRESET|unsupported protocol/i);
    });
  }

  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    it(`is spoken in ${version}`, async () => {
      const { port } = await start();
      assert.equal((await get(port, { minVersion: version, maxVersion: version })).body, 'hello');
    });
  }

  it('closes the connection of a client that speaks plain HTTP, and serves others', async () => {
    const { port } = await start();
    const client = await RawClient.open(port);
    client.send('GET /nic/update HTTP/1.1\r\nHost: x\r\n\r\n');
    assert.doesNotMatch(await client.toTheEnd(), /HTTP\/1/);
    assert.equal((await get(port)).body, 'hello');
  });

  it('begins with a self-signed certificate where an authority has given none yet, and takes up the first one', async () => {
    const folder = tempFolder();
    const file = join(folder, 'certificate.pem');
    const clock = new ManualClock();
    const logger = new RecordingLogger();
    const standIn = () => selfSigned(['ddns.example.org', '*.ddns.example.org'], clock);
    const certificate = new Certificate({ cert: file, key: file }, clock, logger, standIn);
    const listener = new HttpListener(
      (_request, response) => void response.end('hello'),
      { key: 'http.socket', socket, certificate },
      logger,
    );
    const [url = ''] = await listener.start();
    after(() => listener.stop(AbortSignal.abort()));
    const port = Number(new URL(url).port);
    assert.equal((await get(port, { rejectUnauthorized: false })).body, 'hello');
    await assert.rejects(get(port), /self-signed/);
    // The key and the chain stand in one file.
    const pair = [first.keyFile, first.certificateFile].map((part) => readFileSync(part, 'utf8')).join('');
    writeFileSync(file, pair);
    await look(clock, logger, 'A new certificate is used');
    assert.equal((await get(port)).body, 'hello');
    assert.deepEqual(logger.at('error'), []);
  });

  it('stops at once where nothing is under way, also in the middle of a handshake', async () => {
    const { listener, port } = await start();
    const agent = new Agent({ keepAlive: true });
    await get(port, { agent });
    const raw = await RawClient.open(port);
    raw.send(Buffer.from([0x16, 0x03, 0x01]));
    await listener.stop(new AbortController().signal);
    await raw.toTheEnd();
    agent.destroy();
  });

  it('lets a request that is under way finish when it stops', async () => {
    const { files } = installed(first);
    const logger = new RecordingLogger();
    let answer = () => {};
    const listener = new HttpListener(
      (_request, response) => {
        answer = () => void response.end('late');
      },
      { key: 'http.socket', socket, certificate: new Certificate(files, new ManualClock(), logger) },
      logger,
    );
    const [url = ''] = await listener.start();
    const nothing = answer;
    const asking = get(Number(new URL(url).port));
    await until(() => answer !== nothing, { what: 'the request' });
    const stopping = listener.stop(new AbortController().signal);
    answer();
    assert.equal((await asking).body, 'late');
    await stopping;
  });
});

describe('a certificate that cannot be used', () => {
  for (const [situation, spoil, words] of [
    ['is not there', ({ cert }) => renameSync(cert, `${cert}.gone`), 'no such file'],
    ['is empty', ({ cert }) => writeFileSync(cert, ''), 'cert.pem is empty'],
    ['has an empty key', ({ key }) => writeFileSync(key, ''), 'key.pem is empty'],
    ['stands in place of the key', ({ cert, key }) => copyFileSync(cert, key), 'key.pem'],
    ['stands where the key does', ({ cert, key }) => copyFileSync(key, cert), 'cert.pem'],
    ['has the key of another', ({ key }) => copyFileSync(second.keyFile, key), 'key values mismatch'],
  ] as const satisfies readonly (readonly [
    string,
    (files: { cert: string; key: string }) => void,
    string,
  ])[]) {
    it(`because it ${situation} is told at the start, in one line`, async () => {
      const { files } = installed(first);
      spoil(files);
      const certificate = new Certificate(files, new ManualClock(), new RecordingLogger());
      const listener = new HttpListener(
        () => {},
        { key: 'http.socket', socket, certificate },
        new RecordingLogger(),
      );
      await assert.rejects(listener.start(), (fault) => {
        assert.ok(fault instanceof DynonymError);
        assert.equal(fault.code, 'HTTP_CERTIFICATE_UNUSABLE');
        assert.ok(fault.message.startsWith('http.tls: ') && fault.message.endsWith(words), fault.message);
        return !fault.message.includes('\n');
      });
      await listener.stop(AbortSignal.abort());
    });
  }
});

describe('a certificate that is renewed', () => {
  it('under load costs no request, and connections that there are go on', async () => {
    const { files, put, clock, logger, port } = await start();
    const kept = connect({ host: '127.0.0.1', port, ca: authority.pem });
    await once(kept, 'secureConnect');
    const serials: string[] = [];
    let loaded = true;
    const agent = new Agent({ keepAlive: true, ca: authority.pem });
    const load = Array.from({ length: 8 }, async (_, index) => {
      while (loaded) {
        const { body, serial } = await get(port, index % 2 === 0 ? { agent } : {});
        assert.equal(body, 'hello');
        if (index % 2 === 1) serials.push(serial);
      }
    });
    await until(() => serials.length > 20, { what: 'some requests' });
    put(second.certificateFile, files.cert);
    await clock.advance(INTERVAL);
    put(second.keyFile, files.key);
    await look(clock, logger, 'A new certificate is used');
    const before = serials.length;
    await until(() => serials.length > before + 20, { what: 'more requests' });
    loaded = false;
    await Promise.all(load);
    agent.destroy();
    assert.deepEqual(logger.at('error'), []);
    assert.equal(new Set(serials).size, 2);
    assert.equal(new Set(serials.slice(-8)).size, 1);
    assert.notEqual(serials[0], serials.at(-1));
    kept.setEncoding('latin1').write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    let answer = '';
    for await (const chunk of kept) answer += chunk;
    assert.match(answer, /hello$/);
  });

  it('and is broken is told once, the old one goes on, and a good one is taken up after it', async () => {
    const { files, put, clock, logger, port } = await start();
    const { serial: old } = await get(port);
    writeFileSync(files.cert, 'not a certificate');
    await look(clock, logger, 'cannot be used');
    for (let time = 0; time < 5; time += 1) await clock.advance(INTERVAL);
    assert.equal(logger.at('error').length, 1);
    assert.equal((await get(port)).serial, old);

    put(second.certificateFile, files.cert);
    put(second.keyFile, files.key);
    await look(clock, logger, 'A new certificate is used');
    assert.notEqual((await get(port)).serial, old);
  });

  it('is no longer looked after when the listener has stopped', async () => {
    const { clock, listener } = await start();
    await listener.stop(AbortSignal.abort());
    assert.equal(clock.pending, 0);
  });
});
