import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Configure } from '../../../../src/application/manage/configure.ts';
import { DEFAULT_SETTINGS } from '../../../../src/application/manage/settings.ts';
import { ttl } from '../../../../src/domain/ttl.ts';
import { MemorySettingsStore } from '../../../fakes/memory-settings-store.ts';

describe('Configure', () => {
  it('a first configuration holds the defaults', async () => {
    const settings = new MemorySettingsStore();
    assert.equal(await new Configure(settings).createDefault({ overwrite: false }), 'created');
    assert.deepEqual(await settings.load(), DEFAULT_SETTINGS);
  });

  it('an existing configuration stays unless it is to be overwritten', async () => {
    const own = { ...DEFAULT_SETTINGS, dns: { ...DEFAULT_SETTINGS.dns, ttl: ttl(5) } };
    const settings = new MemorySettingsStore(own);
    const configure = new Configure(settings);
    assert.equal(await configure.createDefault({ overwrite: false }), 'exists');
    assert.deepEqual(await settings.load(), own);
    assert.equal(await configure.createDefault({ overwrite: true }), 'created');
    assert.deepEqual(await settings.load(), DEFAULT_SETTINGS);
  });

  it('a named setting changes, all others stay', async () => {
    const settings = new MemorySettingsStore(DEFAULT_SETTINGS);
    const configure = new Configure(settings);
    assert.equal(await configure.changeDns({ ttl: ttl(5) }), 'changed');
    assert.equal(await configure.changeHttp({ workers: 4 }), 'changed');
    assert.deepEqual(await settings.load(), {
      ...DEFAULT_SETTINGS,
      dns: { ...DEFAULT_SETTINGS.dns, ttl: ttl(5) },
      http: { ...DEFAULT_SETTINGS.http, workers: 4 },
    });
  });

  it('a change that names nothing does not even ask the store', async () => {
    // This store rejects every change: it has no configuration yet.
    const configure = new Configure(new MemorySettingsStore());
    assert.equal(await configure.changeDns({}), 'nothing-asked');
    assert.equal(await configure.changeHttp({}), 'nothing-asked');
    await assert.rejects(configure.changeHttp({ workers: 2 }), { code: 'CONFIG_MISSING' });
  });
});
