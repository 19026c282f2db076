import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { systemdEnvironment } from '../../../../src/adapters/systemd/environment.ts';
import { ServiceManager } from '../../../../src/adapters/systemd/service-manager.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';
import { RecordingLogger } from '../../../fakes/recording-logger.ts';

/** A service as systemd hears of it. */
function heard(watchdog?: number) {
  const told: string[] = [];
  const clock = new ManualClock();
  const logger = new RecordingLogger();
  const notify = async (variables: readonly string[]) => void told.push(...variables);
  return { told, clock, logger, manager: new ServiceManager(notify, watchdog, clock, logger) };
}

describe('systemd', () => {
  it('hears that the service is ready, and that it stops', async () => {
    const { told, manager } = heard();
    assert.deepEqual(await manager.start(), []);
    assert.deepEqual(told, ['READY=1']);
    await manager.stop();
    assert.deepEqual(told, ['READY=1', 'STOPPING=1']);
  });

  it('hears twice in the time of the watchdog that the event loop is alive, until the service stops', async () => {
    const { told, clock, manager } = heard(60_000);
    await manager.start();
    await clock.advance(120_000);
    assert.deepEqual(told, ['READY=1', ...Array(4).fill('WATCHDOG=1')]);
    await manager.stop();
    await clock.advance(120_000);
    assert.equal(told.at(-1), 'STOPPING=1');
    assert.equal(clock.pending, 0);
  });

  it('hears nothing of the kind without a watchdog', async () => {
    const { told, clock, manager } = heard();
    await manager.start();
    await clock.advance(120_000);
    assert.deepEqual(told, ['READY=1']);
  });

  it('hears when a reload begins and ends', async () => {
    const { told, manager } = heard();
    await manager.reloading(async () => void told.push('(reload)'));
    assert.match(told.join(' '), /^RELOADING=1 MONOTONIC_USEC=\d+ \(reload\) READY=1$/);
  });

  it('that cannot be told anything is a warning, and the service goes on', async () => {
    const logger = new RecordingLogger();
    const notify = async () => {
      throw new Error('no systemd-notify here');
    };
    const manager = new ServiceManager(notify, undefined, new ManualClock(), logger);
    assert.deepEqual(await manager.start(), []);
    assert.match(logger.text, /no systemd-notify here/);
  });
});

describe('what systemd says in the environment', () => {
  for (const [situation, env, expected] of [
    ['nothing', {}, { listens: false, watchdog: undefined }],
    ['a socket', { NOTIFY_SOCKET: '@notify' }, { listens: true, watchdog: undefined }],
    ['a watchdog', { NOTIFY_SOCKET: '/run/x', WATCHDOG_USEC: '3000000' }, { listens: true, watchdog: 3000 }],
    [
      'a watchdog for us',
      { NOTIFY_SOCKET: '/run/x', WATCHDOG_USEC: '3000000', WATCHDOG_PID: '7' },
      { listens: true, watchdog: 3000 },
    ],
    [
      'a watchdog for another process',
      { NOTIFY_SOCKET: '/run/x', WATCHDOG_USEC: '3000000', WATCHDOG_PID: '8' },
      { listens: true, watchdog: undefined },
    ],
  ] as const) {
    it(`${situation}: ${JSON.stringify(expected)}`, () => {
      assert.deepEqual(systemdEnvironment(env, 7), expected);
    });
  }
});
