import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Configure } from '../../../../src/application/manage/configure.ts';
import { Deeds } from '../../../../src/application/manage/deeds.ts';
import { DEFAULT_SETTINGS } from '../../../../src/application/manage/settings.ts';
import type { Events } from '../../../../src/application/ports/events.ts';
import { ttl } from '../../../../src/domain/ttl.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';
import { MemorySettingsStore } from '../../../fakes/memory-settings-store.ts';
import { RecordingEvents } from '../../../fakes/recording-events.ts';
import { noEvents } from '../../../support/events.ts';
import { OPERATOR } from '../../../support/fixtures.ts';

function configureOn(settings: MemorySettingsStore, events: Events = noEvents): Configure {
  return new Configure(settings, new Deeds(events, new ManualClock(), OPERATOR));
}

describe('Configure', () => {
  it('a first configuration holds the defaults', async () => {
    const settings = new MemorySettingsStore();
    assert.equal(await configureOn(settings).createDefault({ overwrite: false }), 'created');
    assert.deepEqual(await settings.load(), DEFAULT_SETTINGS);
  });

  it('an existing configuration stays unless it is to be overwritten', async () => {
    const own = { ...DEFAULT_SETTINGS, dns: { ...DEFAULT_SETTINGS.dns, ttl: ttl(5) } };
    const settings = new MemorySettingsStore(own);
    const configure = configureOn(settings);
    assert.equal(await configure.createDefault({ overwrite: false }), 'exists');
    assert.deepEqual(await settings.load(), own);
    assert.equal(await configure.createDefault({ overwrite: true }), 'created');
    assert.deepEqual(await settings.load(), DEFAULT_SETTINGS);
  });

  it('a named setting changes, all others stay', async () => {
    const settings = new MemorySettingsStore(DEFAULT_SETTINGS);
    const configure = configureOn(settings);
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
    const configure = configureOn(new MemorySettingsStore());
    assert.equal(await configure.changeDns({}), 'nothing-asked');
    assert.equal(await configure.changeHttp({}), 'nothing-asked');
    await assert.rejects(configure.changeHttp({ workers: 2 }), { code: 'CONFIG_MISSING' });
  });

  it('tells which settings were changed, and never their values', async () => {
    const events = new RecordingEvents();
    const configure = configureOn(new MemorySettingsStore(DEFAULT_SETTINGS), events);
    await configure.changeDns({ ttl: ttl(5) });
    await configure.changeHttp({});
    const at = new ManualClock().now();
    assert.deepEqual(events.told, [
      { kind: 'managed', at, ...OPERATOR, deed: 'settings-changed', settings: ['dns.ttl'] },
    ]);
  });
});
