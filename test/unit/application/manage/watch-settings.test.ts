import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CurrentSettings } from '../../../../src/application/manage/current-settings.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../../../src/application/manage/settings.ts';
import { WatchSettings } from '../../../../src/application/manage/watch-settings.ts';
import { DynonymError } from '../../../../src/domain/errors.ts';
import { parseNetwork } from '../../../../src/domain/network.ts';
import { parseSocketAddress } from '../../../../src/domain/socket-address.ts';
import { ttl } from '../../../../src/domain/ttl.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';
import { RecordingLogger } from '../../../fakes/recording-logger.ts';
import { valueIn } from '../../../support/parsed.ts';

const { dns, http } = DEFAULT_SETTINGS;

/** A server that runs with the default settings, and a configuration that the test writes. */
async function watched() {
  let written: Settings | Error = DEFAULT_SETTINGS;
  const load = async (): Promise<Settings> => {
    if (written instanceof Error) throw written;
    // As if it had been read from a file: nothing of it is the same object.
    return structuredClone(written);
  };
  const current = new CurrentSettings(DEFAULT_SETTINGS);
  const clock = new ManualClock();
  const logger = new RecordingLogger();
  const watch = new WatchSettings({ load }, current, clock, logger);
  await watch.start();
  const write = (next: Settings | Error) => {
    written = next;
  };
  return { current, clock, logger, watch, write };
}

describe('a change of the configuration while the server runs', () => {
  it('is in force within a second', async () => {
    const { current, clock, logger, write } = await watched();
    write({ ...DEFAULT_SETTINGS, dns: { ...dns, ttl: ttl(300) } });
    await clock.advance(999);
    assert.equal(current.value.dns.ttl, 300);
    assert.deepEqual(logger.entries, [
      { level: 'info', event: 'The configuration has changed', fields: { changed: ['dns.ttl'] } },
    ]);
  });

  it('is in force at once when somebody says so', async () => {
    const { current, watch, write } = await watched();
    write({ ...DEFAULT_SETTINGS, dns: { ...dns, ttl: ttl(300) } });
    await watch.look();
    assert.equal(current.value.dns.ttl, 300);
  });

  it('names what changed, as it is written in the file', async () => {
    const { watch, logger, write } = await watched();
    const trustedProxies = [valueIn(parseNetwork('192.0.2.0/24'))];
    write({ ...DEFAULT_SETTINGS, servers: [dns], http: { ...http, trustedProxies } });
    await watch.look();
    const [entry] = logger.entries;
    assert.deepEqual(entry?.fields, { changed: ['http.trusted_proxies', 'dns.servers'] });
  });

  it('of a socket or of the workers waits for a restart, and the rest does not', async () => {
    const { current, watch, logger, write } = await watched();
    const socket = valueIn(parseSocketAddress('[2001:db8::1]:8053'));
    const next = { ...DEFAULT_SETTINGS, http: { ...http, socket, workers: 4 }, dns: { ...dns, ttl: ttl(5) } };
    write(next);
    await watch.look();
    await watch.look();
    assert.deepEqual(current.value.http, http);
    assert.equal(current.value.dns.ttl, 5);
    assert.deepEqual(
      logger.at('warn').map(({ fields }) => fields),
      [{ needsRestart: ['http.socket', 'http.workers'] }],
    );
  });

  it('of a setting that nobody has said may change waits for a restart', async () => {
    const { current, watch, logger, write } = await watched();
    const nameServer = { sockets: [], data: 'zones', takesUpdates: false, zones: [] };
    write({ ...DEFAULT_SETTINGS, nameServer });
    await watch.look();
    assert.equal(current.value.nameServer, undefined);
    assert.deepEqual(logger.at('warn')[0]?.fields, { needsRestart: ['nameserver'] });
  });

  it('that is none is not told', async () => {
    const { clock, logger } = await watched();
    await clock.advance(10_000);
    assert.deepEqual(logger.entries, []);
  });

  it('into what cannot be used is reported once with all problems, and what held before goes on', async () => {
    const { current, clock, logger, write } = await watched();
    write(new DynonymError('CONFIG_INVALID', 'a.toml:1: dns.ttl: too low\na.toml:7: http.x: unknown key'));
    await clock.advance(5_000);
    assert.deepEqual(current.value, DEFAULT_SETTINGS);
    assert.equal(logger.entries.length, 1);
    assert.deepEqual(logger.at('error')[0]?.fields, {
      problems: ['a.toml:1: dns.ttl: too low', 'a.toml:7: http.x: unknown key'],
    });

    write(new DynonymError('CONFIG_INVALID', 'a.toml:7: http.x: unknown key'));
    await clock.advance(1_000);
    assert.equal(logger.at('error').length, 2);

    write(DEFAULT_SETTINGS);
    await clock.advance(5_000);
    assert.deepEqual(
      logger.at('info').map(({ event }) => event),
      ['The configuration can be used again'],
    );
  });

  it('that somebody cannot go by leaves everybody with what held before', async () => {
    const { current, watch, logger, write } = await watched();
    const told: number[] = [];
    current.onChange((settings) => told.push(settings.dns.ttl));
    current.onChange(() => {
      throw new Error('these certificates are none');
    });
    write({ ...DEFAULT_SETTINGS, dns: { ...dns, ttl: ttl(300) } });
    await watch.look();
    await watch.look();
    assert.deepEqual(current.value, DEFAULT_SETTINGS);
    assert.deepEqual(told, [300, 60]);
    assert.equal(logger.entries.length, 1);
    assert.match(logger.text, /these certificates are none/);
  });

  it('is looked for first, and then what else has changed', async () => {
    let written: Settings | Error = { ...DEFAULT_SETTINGS, dns: { ...dns, ttl: ttl(300) } };
    const load = async (): Promise<Settings> => {
      if (written instanceof Error) throw written;
      return written;
    };
    const current = new CurrentSettings(DEFAULT_SETTINGS);
    const logger = new RecordingLogger();
    const seen: unknown[] = [];
    const alsoLook = async (isUsable: boolean) => {
      seen.push([current.value.dns.ttl, isUsable]);
      if (seen.length === 3) throw new Error('the disk is gone');
    };
    const watch = new WatchSettings({ load }, current, new ManualClock(), logger, alsoLook);
    await watch.look();
    written = new DynonymError('CONFIG_INVALID', 'a.toml:1: dns.ttl: too low');
    await watch.look();
    await watch.look();
    assert.deepEqual(seen, [
      [300, true],
      [300, false],
      [300, false],
    ]);
    assert.match(logger.text, /Could not look at the configuration.*the disk is gone/s);
  });

  it('after the stop is nobody’s business', async () => {
    const { clock, watch } = await watched();
    await watch.stop();
    await clock.advance(5_000);
    assert.equal(clock.pending, 0);
  });
});
