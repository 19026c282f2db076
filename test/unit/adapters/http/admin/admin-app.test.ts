import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { createAdminApp } from '../../../../../src/adapters/http/admin/admin-app.ts';
import { HttpListener } from '../../../../../src/adapters/http/http-listener.ts';
import type { AdminSettings } from '../../../../../src/application/manage/settings.ts';
import type { CertificateState } from '../../../../../src/application/ports/certificate-health.ts';
import { type Logger, noLogger } from '../../../../../src/application/ports/logger.ts';
import type { StoreState } from '../../../../../src/application/ports/store-health.ts';
import { parseSocketAddress } from '../../../../../src/domain/socket-address.ts';
import { ManualClock } from '../../../../fakes/manual-clock.ts';
import { RecordingLogger } from '../../../../fakes/recording-logger.ts';
import { loginLimits } from '../../../../support/authenticate-user-on.ts';
import { valueIn } from '../../../../support/parsed.ts';
import { basic } from '../service.ts';

const ONE = valueIn(parseSocketAddress('192.0.2.53:53'));
const OTHER = valueIn(parseSocketAddress('[2001:db8::53]:853'));

const BROKEN = 'something breaks';
const NO_PRIMARY = 'no primary';

/** The operator's routes while `OTHER` has that trouble. */
async function open(
  trouble?: string,
  login?: AdminSettings['login'],
  logger: Logger = noLogger,
  https?: CertificateState,
  store?: StoreState,
) {
  const readiness = {
    execute: async () => {
      if (trouble === BROKEN) throw new Error('a secret inside');
      if (trouble === NO_PRIMARY) return [];
      return [
        { primary: ONE, trouble: undefined },
        { primary: OTHER, trouble },
      ];
    },
  };
  const metrics = { contentType: 'text/plain; version=0.0.4; charset=utf-8', text: async () => 'up 1\n' };
  const socket = valueIn(parseSocketAddress('127.0.0.1:0'));
  const clock = new ManualClock();
  const certificate = { state: async () => https };
  const stores = store === undefined ? [] : [{ state: () => store }];
  const services = {
    readiness,
    certificate,
    stores,
    metrics,
    logger,
    loginLimits: loginLimits(clock, logger),
  };
  const app = createAdminApp(services, login);
  const listener = new HttpListener(app.callback(), { key: 'admin.socket', socket }, noLogger);
  const [url] = await listener.start();
  after(() => listener.stop(AbortSignal.abort()));
  const ask = async (path: string, init?: RequestInit) => {
    const response = await fetch(`${url}${path}`, init);
    return { status: response.status, headers: response.headers, body: await response.text() };
  };
  return Object.assign(ask, { clock });
}

describe("the operator's routes", () => {
  it('say that the process is alive', async () => {
    const ask = await open('connection refused');
    const { status, body } = await ask('/healthz');
    assert.deepEqual([status, body], [200, 'alive\n']);
  });

  it('are ready when every primary is reachable', async () => {
    const { status, body, headers } = await (await open())('/readyz');
    assert.deepEqual([status, body], [200, '192.0.2.53:53 reachable\n[2001:db8::53]:853 reachable\n']);
    assert.equal(headers.get('cache-control'), 'no-store');
  });

  it('are not ready when one is not, and tell why', async () => {
    const { status, body } = await (await open('connection refused'))('/readyz');
    assert.deepEqual(
      [status, body],
      [503, '192.0.2.53:53 reachable\n[2001:db8::53]:853 connection refused\n'],
    );
  });

  it('are ready where no primary is asked, because updates go into zones that are served here', async () => {
    const { status, body } = await (await open(NO_PRIMARY))('/readyz');
    assert.deepEqual([status, body], [200, 'the built-in name server takes the updates\n']);
  });

  it('say how long the certificate is good, and are not ready when it is not', async () => {
    const end = { notAfter: Date.UTC(2027, 0, 1), renewal: undefined, failures: 0 };
    const good = { ...end, isGood: true, trouble: undefined };
    const readyz = async (https: CertificateState) => {
      const { status, body } = await (await open(NO_PRIMARY, undefined, noLogger, https))('/readyz');
      return [status, body.split('\n').at(1)];
    };
    assert.deepEqual(await readyz(good), [200, 'certificate good until 2027-01-01T00:00:00.000Z']);
    assert.deepEqual(await readyz({ ...good, trouble: 'it rejected the order' }), [
      200,
      'certificate good until 2027-01-01T00:00:00.000Z; it rejected the order',
    ]);
    assert.deepEqual(await readyz({ ...good, isGood: false }), [
      503,
      'certificate not good, ends 2027-01-01T00:00:00.000Z',
    ]);
    assert.deepEqual(await readyz({ ...good, isGood: false, notAfter: undefined }), [
      503,
      'certificate not there',
    ]);
  });

  it('say when the store is away, and are ready as long as users who are known go on', async () => {
    const readyz = async (store: StoreState) => {
      const { status, body } = await (await open(undefined, undefined, noLogger, undefined, store))(
        '/readyz',
      );
      return [status, body.split('\n').at(2)];
    };
    assert.deepEqual(await readyz({ answers: true }), [200, 'store reachable']);
    assert.deepEqual(await readyz({ answers: false, knownFor: 1_500 }), [
      200,
      'store away; users who are known go on for 2 s',
    ]);
    assert.deepEqual(await readyz({ answers: false, knownFor: 0 }), [503, 'store away']);
  });

  it('give the metrics in the type of their format', async () => {
    const { status, body, headers } = await (await open())('/metrics');
    assert.deepEqual([status, body], [200, 'up 1\n']);
    assert.equal(headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
  });

  it('tell the log what broke inside, and who asked nothing of it', async () => {
    const logger = new RecordingLogger();
    const { status, body } = await (await open(BROKEN, undefined, logger))('/readyz');
    assert.deepEqual([status, body], [500, 'Internal Server Error']);
    const errors = logger.at('error').map(({ fields }) => (fields['error'] as Error).message);
    assert.deepEqual(errors, ['a secret inside']);
  });

  it('tell the log nothing of a wrong login', async () => {
    const logger = new RecordingLogger();
    const ask = await open(undefined, { user: 'watch', password: 's3cret' }, logger);
    await ask('/metrics', { headers: { Authorization: basic('watch', 'wrong') } });
    assert.deepEqual(logger.entries, []);
  });

  it('turn away for a while who guesses the password, and tell the log once', async () => {
    const logger = new RecordingLogger();
    const ask = await open(undefined, { user: 'watch', password: 's3cret' }, logger);
    const as = (password: string) =>
      ask('/metrics', { headers: { Authorization: basic('watch', password) } });
    for (let guess = 0; guess < 20; guess += 1) assert.equal((await ask('/metrics')).status, 401);
    for (let time = 0; time < 20; time += 1) assert.equal((await as('an old one')).status, 401);
    for (let guess = 0; guess < 9; guess += 1) assert.equal((await as(`guess ${guess}`)).status, 401);
    for (const password of ['wrong', 's3cret']) {
      const { status, headers } = await as(password);
      assert.deepEqual([status, headers.get('retry-after')], [429, '60']);
    }
    assert.deepEqual(
      logger.entries.map(({ fields }) => fields),
      [{ site: '127.0.0.1', seconds: 60 }],
    );
    await ask.clock.advance(60_000);
    assert.equal((await as('s3cret')).status, 200);
  });

  it('are all that there is', async () => {
    const ask = await open();
    assert.equal((await ask('/nic/update')).status, 404);
    assert.equal((await ask('/metrics', { method: 'POST' })).status, 405);
  });

  for (const path of ['/healthz', '/readyz', '/metrics', '/nope']) {
    it(`with a password show nothing of ${path} to others`, async () => {
      const ask = await open(undefined, { user: 'watch', password: 's3cret' });
      for (const header of [
        undefined,
        basic('watch', 'wrong'),
        basic('watch', ''),
        basic('other', 's3cret'),
      ]) {
        const { status, headers } = await ask(path, { headers: header ? { Authorization: header } : {} });
        assert.equal(status, 401);
        assert.match(headers.get('www-authenticate') ?? '', /^Basic realm=/);
      }
      const { status } = await ask(path, { headers: { Authorization: basic('watch', 's3cret') } });
      assert.equal(status, path === '/nope' ? 404 : 200);
    });
  }
});
