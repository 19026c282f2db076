import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DynonymError } from '../../../../src/domain/errors.ts';
import { CliHarness } from '../../../support/cli-harness.ts';

/** A server that runs until it is told to stop, and stops properly if it is given the time. */
function running(cli: CliHarness) {
  const told: string[] = [];
  let started: () => void;
  const start = new Promise<void>((resolve) => {
    started = resolve;
  });
  cli.serve = (stop, hurry) =>
    new Promise((resolve) => {
      stop.addEventListener('abort', () => told.push('stop'));
      hurry?.addEventListener('abort', () => {
        told.push('hurry');
        resolve({ kind: 'cut-short' });
      });
      started();
    });
  return { told, start };
}

describe('serve', () => {
  for (const signal of ['SIGINT', 'SIGTERM']) {
    it(`${signal}: the server is stopped, that is a success`, async () => {
      const cli = new CliHarness();
      cli.serve = (stop) =>
        new Promise((resolve) => {
          stop.addEventListener('abort', () => resolve({ kind: 'stopped' }));
          cli.signals.emit(signal);
        });
      assert.deepEqual(await cli.run('serve'), { code: 0, stdout: '', stderr: '' });
      assert.deepEqual(cli.exits, []);
    });
  }

  it('a second signal: the server hurries, and the process ends', async () => {
    const cli = new CliHarness();
    const { told, start } = running(cli);
    const result = cli.run('serve');
    await start;
    cli.signals.emit('SIGINT');
    assert.deepEqual(told, ['stop']);
    cli.signals.emit('SIGTERM');
    assert.equal((await result).code, 1);
    assert.deepEqual(told, ['stop', 'hurry']);
    assert.deepEqual(cli.exits, [1]);
  });

  it('a signal before the server runs: it begins stopped', async () => {
    const cli = new CliHarness();
    cli.opening = () => {
      cli.signals.emit('SIGTERM');
    };
    let stopped: boolean | undefined;
    cli.serve = async (stop) => {
      stopped = stop.aborted;
      return { kind: 'stopped' };
    };
    assert.equal((await cli.run('serve')).code, 0);
    assert.equal(stopped, true);
  });

  it('SIGHUP: the server looks at its configuration, and goes on', async () => {
    const cli = new CliHarness();
    const { told, start } = running(cli);
    cli.reload = async () => {
      told.push('reload');
    };
    const result = cli.run('serve');
    await start;
    cli.signals.emit('SIGHUP');
    assert.deepEqual(told, ['reload']);
    cli.signals.emit('SIGTERM');
    cli.signals.emit('SIGTERM');
    await result;
  });

  it('SIGHUP is heeded from the moment when the command begins', async () => {
    const cli = new CliHarness();
    const result = cli.run('serve');
    assert.equal(cli.signals.listenerCount('SIGHUP'), 1);
    await result;
  });

  it('SIGHUP before the server runs: it starts all the same', async () => {
    const cli = new CliHarness();
    cli.opening = () => {
      cli.signals.emit('SIGHUP');
    };
    assert.equal((await cli.run('serve')).code, 0);
  });

  it('when it has ended nobody listens for signals any more', async () => {
    const cli = new CliHarness();
    await cli.run('serve');
    assert.deepEqual(cli.signals.eventNames(), []);
  });

  it('without options: the files in the working directory', async () => {
    const cli = new CliHarness();
    await cli.run('serve');
    assert.deepEqual(cli.opened, [{ configFile: 'dynonym.toml', lockFile: 'dynonym.lock' }]);
  });

  for (const line of [
    'serve -c a.toml -l b.lock',
    'se --lock=b.lock --conf a.toml',
    '-c a.toml serve -l b.lock',
  ]) {
    it(`${line}: these files`, async () => {
      const cli = new CliHarness();
      await cli.run(line);
      assert.deepEqual(cli.opened, [{ configFile: 'a.toml', lockFile: 'b.lock' }]);
    });
  }

  it('another server runs: refused with its process and the lock', async () => {
    const cli = new CliHarness();
    cli.serve = async () => ({ kind: 'locked', place: '/run/dynonym.lock', by: 4711 });
    assert.deepEqual(await cli.run('serve'), {
      code: 1,
      stdout: '',
      stderr:
        'dynonym: a server runs already, as process 4711 (lock file "/run/dynonym.lock"); ' +
        'stop it, or choose another lock file with --lock\n',
    });
  });

  it('a server that cannot start: the reason, and nobody listens for signals any more', async () => {
    const cli = new CliHarness();
    cli.serve = async () => {
      throw new DynonymError('HTTP_LISTEN', 'http.socket: 127.0.0.1:80 is taken');
    };
    const { code, stderr } = await cli.run('serve');
    assert.deepEqual({ code, stderr }, { code: 1, stderr: 'dynonym: http.socket: 127.0.0.1:80 is taken\n' });
    assert.deepEqual(cli.signals.eventNames(), []);
  });
});
