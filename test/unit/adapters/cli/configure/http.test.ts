import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DEFAULT_SETTINGS, ONE_PROCESS } from '../../../../../src/application/manage/settings.ts';
import { CliHarness } from '../../../../support/cli-harness.ts';

describe('configure http', () => {
  it('an option: it changes, the others stay', async () => {
    const cli = new CliHarness();
    assert.deepEqual(await cli.run('configure http --workers 1'), {
      code: 0,
      stdout: 'Changed workers of [http] in "dynonym.toml".\n',
      stderr: '',
    });
    assert.deepEqual(await cli.settings.load(), DEFAULT_SETTINGS);
  });

  it('several workers: they are kept, and a line says what to do instead', async () => {
    const cli = new CliHarness();
    assert.deepEqual(await cli.run('configure http --workers 4'), {
      code: 0,
      stdout: 'Changed workers of [http] in "dynonym.toml".\n',
      stderr: `${ONE_PROCESS}.\n`,
    });
    assert.deepEqual(await cli.settings.load(), {
      ...DEFAULT_SETTINGS,
      http: { ...DEFAULT_SETTINGS.http, workers: 4 },
    });
  });

  it('a socket: changed', async () => {
    const cli = new CliHarness();
    await cli.run('configure http --socket [::]:8053');
    const { http } = await cli.settings.load();
    assert.deepEqual(http.socket, { address: { family: 'ipv6', text: '::' }, port: 8053 });
  });

  for (const [line, reason] of [
    ['', /nothing to change; dynonym configure http --help/],
    ['--socket 8053', /--socket "8053": a socket is an address and a port, like/],
    ['--socket localhost:8053', /names are not taken here/],
    ['--workers 0', /--workers "0": /],
    ['--workers 1.5', /--workers "1\.5": /],
    ['--workers 04', /--workers "04": /],
    ['--workers 1025', /--workers "1025": the number of workers is a whole number from 1 to 1024/],
    ['--workers 99999', /--workers "99999": the number of workers is a whole number from 1 to 1024/],
    ['--workers many', /--workers "many": /],
  ] as const) {
    it(`${line || 'no option'}: one line, nothing changes`, async () => {
      const cli = new CliHarness();
      const { code, stdout, stderr } = await cli.run(`configure http ${line}`);
      assert.deepEqual({ code, stdout }, { code: 1, stdout: '' });
      assert.match(stderr, reason);
      assert.match(stderr, /^dynonym: [^\n]+\n$/);
      assert.deepEqual(await cli.settings.load(), DEFAULT_SETTINGS);
    });
  }
});
