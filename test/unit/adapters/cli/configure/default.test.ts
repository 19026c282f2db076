import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DEFAULT_SETTINGS } from '../../../../../src/application/manage/settings.ts';
import { ttl } from '../../../../../src/domain/ttl.ts';
import { MemorySettingsStore } from '../../../../fakes/memory-settings-store.ts';
import { CliHarness } from '../../../../support/cli-harness.ts';

const OWN = { ...DEFAULT_SETTINGS, dns: { ...DEFAULT_SETTINGS.dns, ttl: ttl(5) } };

describe('configure default', () => {
  it('no file yet: written', async () => {
    const cli = new CliHarness(new MemorySettingsStore());
    assert.deepEqual(await cli.run('configure default'), {
      code: 0,
      stdout: 'Wrote "dynonym.toml". Next: dynonym configure dns, or dynonym configure nameserver add\n',
      stderr: '',
    });
    assert.deepEqual(await cli.settings.load(), DEFAULT_SETTINGS);
  });

  it('a file elsewhere: the next command names it', async () => {
    const { stdout } = await new CliHarness(new MemorySettingsStore()).run('configure default -c own.toml');
    assert.equal(
      stdout,
      'Wrote "own.toml". Next: dynonym configure -c own.toml dns, or dynonym configure -c own.toml nameserver add\n',
    );
  });

  it('a file that exists: left as it is, and how to overwrite it', async () => {
    const cli = new CliHarness(new MemorySettingsStore(OWN));
    const { code, stdout, stderr } = await cli.run('configure default -c own.toml');
    assert.deepEqual({ code, stdout }, { code: 1, stdout: '' });
    assert.match(stderr, /^dynonym: "own\.toml" exists.*--force.*\n$/);
    assert.deepEqual(await cli.settings.load(), OWN);
  });

  it('--force: overwritten', async () => {
    const cli = new CliHarness(new MemorySettingsStore(OWN));
    assert.equal((await cli.run('configure default --force')).code, 0);
    assert.deepEqual(await cli.settings.load(), DEFAULT_SETTINGS);
  });
});
