import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { FirstProcess } from '../../../../src/adapters/cluster/first-process.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../../../src/application/manage/settings.ts';
import { DynonymError } from '../../../../src/domain/errors.ts';
import { type IpAddress, parseIpAddress } from '../../../../src/domain/ip-address.ts';
import { parseNetwork } from '../../../../src/domain/network.ts';
import { parseSocketAddress } from '../../../../src/domain/socket-address.ts';
import { ttl } from '../../../../src/domain/ttl.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';
import { MemoryChannel } from '../../../fakes/memory-channel.ts';
import { RecordingLogger } from '../../../fakes/recording-logger.ts';
import { KEYS } from '../../../support/name-servers/keys.ts';
import { valueIn } from '../../../support/parsed.ts';
import { firstProcess } from './pair.ts';

const MINUTE = 60_000;
const at = (text: string): IpAddress => valueIn(parseIpAddress(text));

describe('the settings of a worker', () => {
  it('are those of the first process, without the name servers, keys and passwords', async () => {
    const http = {
      socket: valueIn(parseSocketAddress('[2001:db8::1]:8053')),
      workers: 3,
      trustedProxies: ['192.0.2.0/24', '2001:db8::/32'].map((text) => valueIn(parseNetwork(text))),
      connectionsPerSite: 200,
      tls: { cert: '/etc/dynonym/cert.pem', key: '/etc/dynonym/key.pem' },
      listeners: [
        { socket: valueIn(parseSocketAddress('192.0.2.1:80')), tls: false, routes: ['/nic/update'] },
        { socket: valueIn(parseSocketAddress('192.0.2.2:443')), tls: true, routes: undefined },
      ],
    };
    const dns = { ...DEFAULT_SETTINGS.dns, ttl: ttl(300), tsig: KEYS.sha256 };
    const { socket } = http;
    const admin = { socket, login: { user: 'admin', password: 'the-secret-of-the-operator' } };
    const settings: Settings = { ...DEFAULT_SETTINGS, http, dns, servers: [dns], admin };
    const { worker } = firstProcess(settings);
    const { settings: received, here } = await worker();
    assert.deepEqual(received.value, {
      ...DEFAULT_SETTINGS,
      http,
      dns: { ...DEFAULT_SETTINGS.dns, ttl: ttl(300) },
      admin: { socket, login: undefined },
    });
    assert.doesNotMatch(JSON.stringify(here.sent), /tsig|secret/);
  });

  it('change with those of the first process, and only they travel that a worker needs', async () => {
    const { current, worker } = firstProcess();
    const workers = [await worker(), await worker()];
    const [trusted] = ['192.0.2.0/24'].map((text) => valueIn(parseNetwork(text)));
    if (trusted === undefined) throw new TypeError();
    const { http, dns } = DEFAULT_SETTINGS;
    current.replace({
      ...DEFAULT_SETTINGS,
      http: { ...http, trustedProxies: [trusted] },
      dns: { ...dns, ttl: ttl(77), tsig: KEYS.sha256 },
    });
    await setImmediate();
    for (const { settings, here } of workers) {
      assert.equal(settings.value.dns.ttl, 77);
      assert.deepEqual(settings.value.http.trustedProxies, [trusted]);
      assert.doesNotMatch(JSON.stringify(here.sent), /tsig|secret/);
    }
    const { settings: ofLater } = await worker();
    assert.equal(ofLater.value.dns.ttl, 77);
  });

  it('do not come where the first process is gone', async () => {
    const [here, there] = MemoryChannel.pair();
    const joining = new FirstProcess(there, new ManualClock(), new RecordingLogger()).join();
    here.close();
    await assert.rejects(joining, (error) => error instanceof DynonymError && error.code === 'WORKER_ALONE');
  });

  it('do not come in words of another version', async () => {
    const [here, there] = MemoryChannel.pair();
    here.listen({ heard: () => here.send({ kind: 'welcome', http: {} }), closed() {} });
    const joining = new FirstProcess(there, new ManualClock(), new RecordingLogger()).join();
    await assert.rejects(
      joining,
      (error) => error instanceof DynonymError && error.code === 'WORKER_MESSAGE',
    );
  });
});

describe('logins that fail', () => {
  it('count together in all workers, and the pause holds in all of them, also in one that comes later', async () => {
    const { clock, logger, worker } = firstProcess();
    const [one, other] = [await worker(), await worker()];
    const home = at('2001:db8:1:2::7');
    for (let time = 0; time < 5; time += 1) {
      one.first.loginLimits.failed(home);
      other.first.loginLimits.failed(at(`2001:db8:1:2::${time}`));
      if (time < 4) await setImmediate();
    }
    assert.equal(one.first.loginLimits.pauseOf(home), undefined);
    await setImmediate();
    assert.equal(one.first.loginLimits.pauseOf(home), MINUTE);
    assert.equal(other.first.loginLimits.pauseOf(at('2001:db8:1:2:ffff::')), MINUTE);
    assert.equal(other.first.loginLimits.pauseOf(at('2001:db8:1:3::7')), undefined);
    assert.deepEqual(
      logger.at('warn').map(({ fields }) => fields),
      [{ site: '2001:db8:1:2::/64', seconds: MINUTE / 1000 }],
    );

    await clock.advance(MINUTE / 2);
    const third = await worker();
    await setImmediate();
    assert.equal(third.first.loginLimits.pauseOf(home), MINUTE / 2);
    await clock.advance(MINUTE / 2);
    for (const { first } of [one, other, third]) assert.equal(first.loginLimits.pauseOf(home), undefined);
  });

  it('that were judged before the pause was known everywhere make it no longer', async () => {
    const { worker } = firstProcess();
    const [one, other] = [await worker(), await worker()];
    const from = at('192.0.2.7');
    for (let time = 0; time < 50; time += 1) {
      one.first.loginLimits.failed(from);
      other.first.loginLimits.failed(from);
    }
    await setImmediate();
    for (const { first } of [one, other]) assert.equal(first.loginLimits.pauseOf(from), MINUTE);
  });

  it('bring longer pauses each time, in all workers', async () => {
    const { clock, worker } = firstProcess();
    const [one, other] = [await worker(), await worker()];
    const fail = async () => {
      for (let time = 0; time < 10; time += 1) one.first.loginLimits.failed(at('192.0.2.7'));
      await setImmediate();
      return other.first.loginLimits.pauseOf(at('192.0.2.7'));
    };
    assert.equal(await fail(), MINUTE);
    await clock.advance(MINUTE);
    assert.equal(await fail(), 2 * MINUTE);
  });
});

describe('a message that is not understood', () => {
  it('is logged by the first process, and the next one is served', async () => {
    const { logger, worker } = firstProcess();
    const { first, here } = await worker();
    here.hear({ kind: 'reconcile', id: 1, wanted: 'everything' });
    assert.match(logger.text, /WORKER_MESSAGE/);
    assert.deepEqual(await first.reconciler.execute([], 10_000), []);
  });

  it('is logged by the worker, and the next one is heard', async () => {
    const { logger, worker } = firstProcess();
    const { first, there } = await worker();
    there.hear({ kind: 'stop it' });
    assert.match(logger.text, /WORKER_MESSAGE/);
    assert.equal(first.stop.aborted, false);
    there.hear({ kind: 'stop' });
    assert.equal(first.stop.aborted, true);
  });
});
