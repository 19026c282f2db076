import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Demo } from '../../../../src/adapters/cli/context.ts';
import { DynonymError } from '../../../../src/domain/errors.ts';
import { parseSocketAddress } from '../../../../src/domain/socket-address.ts';
import { CliHarness } from '../../../support/cli-harness.ts';
import { valueIn } from '../../../support/parsed.ts';

/** A demonstration that is told to stop by `signal` as soon as it is ready. */
function demonstration(cli: CliHarness, signal: string) {
  const journal: string[] = [];
  const parts: Omit<Demo, 'run'> = {
    folder: '/tmp/demonstration',
    http: valueIn(parseSocketAddress('127.0.0.1:8054')),
    dns: valueIn(parseSocketAddress('127.0.0.1:5301')),
    host: 'home.dyn.example.test',
    user: 'demo',
    password: 'pass-word_1',
    remove: async () => void journal.push('removed'),
  };
  cli.demo = async (tell) => ({
    ...parts,
    async run(ready, stop) {
      ready();
      tell('home.dyn.example.test: good');
      cli.signals.emit(signal);
      journal.push(stop.aborted ? 'stopped' : 'still running');
      return { kind: 'stopped' };
    },
  });
  return { journal, parts };
}

describe('demo', () => {
  for (const signal of ['SIGINT', 'SIGTERM']) {
    it(`${signal}: it stops, its files go, that is a success`, async () => {
      const cli = new CliHarness();
      const { journal } = demonstration(cli, signal);
      const { code, stderr } = await cli.run('demo');
      assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
      assert.deepEqual(journal, ['stopped', 'removed']);
      assert.deepEqual(cli.exits, []);
    });
  }

  it('prints the lines to paste, with the ports that it got, and then each update', async () => {
    const cli = new CliHarness();
    demonstration(cli, 'SIGINT');
    const { stdout } = await cli.run('demo');
    const url = 'http://127.0.0.1:8054/nic/update?hostname=home.dyn.example.test&myip=203.0.113.7';
    assert.ok(stdout.includes(`\n  curl -u demo:pass-word_1 '${url}'\n`), stdout);
    assert.ok(stdout.includes('\n  dig +short @127.0.0.1 -p 5301 home.dyn.example.test\n'), stdout);
    assert.match(stdout, /\n\d\d:\d\d:\d\d {2}home\.dyn\.example\.test: good\n$/);
  });

  it('cut short by a second signal: its files go before the process ends', async () => {
    const cli = new CliHarness();
    const { journal, parts } = demonstration(cli, 'SIGINT');
    cli.demo = async () => ({
      ...parts,
      remove: async () => void journal.push(`removed after ${cli.exits.length} exits`),
      run: async () => ({ kind: 'cut-short' }),
    });
    assert.equal((await cli.run('demo')).code, 1);
    assert.deepEqual([journal, cli.exits], [['removed after 0 exits'], [1]]);
  });

  it('a port that somebody took in between: one line, and its files go', async () => {
    const cli = new CliHarness();
    const { journal, parts } = demonstration(cli, 'SIGINT');
    cli.demo = async () => ({
      ...parts,
      run: () =>
        Promise.reject(new DynonymError('NAMESERVER_ADDRESS_IN_USE', 'another program listens there')),
    });
    const { code, stderr } = await cli.run('demo');
    assert.deepEqual({ code, stderr }, { code: 1, stderr: 'dynonym: another program listens there\n' });
    assert.deepEqual(journal, ['removed']);
  });
});
