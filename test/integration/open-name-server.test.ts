import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { openNameServer } from '../../src/adapters/name-server/open-name-server.ts';
import { SystemClock } from '../../src/adapters/system/system-clock.ts';
import type { ServedZone, UpdateGrant } from '../../src/application/manage/settings.ts';
import { domainName } from '../../src/domain/domain-name.ts';
import { parseNetwork } from '../../src/domain/network.ts';
import type { SocketAddress } from '../../src/domain/socket-address.ts';
import { ttl } from '../../src/domain/ttl.ts';
import { MemoryLockPlace, MemoryProcessLock } from '../fakes/memory-process-lock.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';
import { replacing } from '../support/changes.ts';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { freePort } from '../support/free-port.ts';
import { dig } from '../support/name-servers/dig.ts';
import { valueIn } from '../support/parsed.ts';
import { servedZone } from '../support/served/name-server-bench.ts';
import { startAt } from '../support/served/start-served.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { HANG } from '../support/until.ts';

const NAME = domainName('home.dyn.example.org');
const ZONE: ServedZone = servedZone('dyn.example.org', {
  servers: [{ name: domainName('ns1.dyn.example.org'), addresses: [{ family: 'ipv4', text: '192.0.2.53' }] }],
  negativeTtl: ttl(30),
});
const later = () => performance.now() + HANG;

const newSocket = async (): Promise<SocketAddress> => ({
  address: { family: 'ipv4', text: '127.0.0.1' },
  port: await freePort(),
});

describeWithTools('a name server that has nothing yet', ['dig'], () => {
  it('begins with what the settings say, and has after a restart all that was acknowledged', async () => {
    const data = join(tempFolder(), 'zones');
    const socket = await newSocket();
    const first = await startAt(socket, data, [ZONE]);
    assert.equal(statSync(data).mode & 0o777, 0o700);
    assert.deepEqual(
      (await dig(socket, 'dyn.example.org', 'NS')).answers.map((one) => one.data),
      ['ns1.dyn.example.org.'],
    );
    assert.deepEqual(
      (await dig(socket, 'ns1.dyn.example.org', 'A')).answers.map((one) => one.data),
      ['192.0.2.53'],
    );
    const change = replacing(NAME, {
      type: 'A' as const,
      ttl: ttl(60),
      values: [{ family: 'ipv4' as const, text: '192.0.2.7' }],
    });
    const results = await first.updater.apply(domainName('dyn.example.org'), [change], later());
    assert.deepEqual(results, [{ ok: true, value: undefined }]);
    const serial = first.store.zone('dyn.example.org')?.serial ?? 0;
    await first.stop();

    const second = await startAt(socket, data, [ZONE]);
    assert.deepEqual(
      (await dig(socket, NAME, 'A')).answers.map((one) => one.data),
      ['192.0.2.7'],
    );
    assert.ok((second.store.zone('dyn.example.org')?.serial ?? 0) >= serial);
    await second.stop();
  });
});

describe('the folder of the zones', () => {
  const ports = (place: MemoryLockPlace, process: number) => ({
    lock: new MemoryProcessLock(place, process),
    clock: new SystemClock(),
    logger: new RecordingLogger(),
  });

  it('is for one process at a time', async () => {
    const place = new MemoryLockPlace(1, 2);
    const settings = { sockets: [await newSocket()], data: tempFolder(), zones: [ZONE] };
    const first = await openNameServer(settings, ports(place, 1));
    await assert.rejects(openNameServer(settings, ports(place, 2)), { code: 'ZONE_LOCKED' });
    await first.close();
    const second = await openNameServer(settings, ports(place, 2));
    await second.close();
  });

  it('that cannot be made is a fault that names it', async () => {
    const data = '/dev/null/zones';
    const settings = { sockets: [await newSocket()], data, zones: [ZONE] };
    await assert.rejects(openNameServer(settings, ports(new MemoryLockPlace(1), 1)), {
      code: 'ZONE_UNWRITABLE',
      message: /"\/dev\/null\/zones"/,
    });
  });
});

it('what is allowed to addresses that anybody can forge is told at the start', async () => {
  const grant = (...networks: readonly string[]): UpdateGrant => ({
    key: undefined,
    networks: networks.map((text) => valueIn(parseNetwork(text))),
    names: [],
    subtrees: [],
    types: [],
  });
  const key = { name: domainName('key'), algorithm: 'hmac-sha256', secret: Buffer.alloc(32) } as const;
  const zones = [
    servedZone('open.test', { updates: [grant('192.0.2.0/24', '127.0.0.1'), grant('2001:db8::/32')] }),
    servedZone('wide.test', { updates: [grant('127.0.0.0/7')] }),
    servedZone('here.test', { updates: [grant('127.0.0.0/8', '::1')] }),
    servedZone('keyed.test', { updates: [{ ...grant('192.0.2.0/24'), key }] }),
    servedZone('read.test', { transfer: [grant('192.0.2.0/24')] }),
  ].map((zone) => ({ ...zone, servers: [{ name: domainName('ns.example.net'), addresses: [] }] }));
  const logger = new RecordingLogger();
  const opened = await openNameServer(
    { sockets: [await newSocket()], data: tempFolder(), zones },
    { lock: new MemoryProcessLock(new MemoryLockPlace(1), 1), clock: new SystemClock(), logger },
  );
  await opened.close();
  assert.deepEqual(
    logger.at('warn').map(({ fields }) => fields),
    [
      { zone: 'open.test', networks: '192.0.2.0/24, 2001:db8::/32' },
      { zone: 'wide.test', networks: '127.0.0.0/7' },
    ],
  );
});

it('a listener that was stopped before it started tells no secondary anything', async () => {
  const notify = [{ socket: await newSocket(), key: undefined }];
  const settings = { sockets: [await newSocket()], data: tempFolder(), zones: [{ ...ZONE, notify }] };
  const logger = new RecordingLogger();
  const opened = await openNameServer(settings, {
    lock: new MemoryProcessLock(new MemoryLockPlace(1), 1),
    clock: new SystemClock(),
    logger,
  });
  await opened.listener.stop(AbortSignal.abort());
  assert.deepEqual(await opened.listener.start(), []);
  await opened.close();
});
