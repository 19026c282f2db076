import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { WatchVisibility } from '../../../../src/application/history/watch-visibility.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../../../src/application/manage/settings.ts';
import { noMetrics } from '../../../../src/application/ports/metrics.ts';
import { type DomainName, domainName } from '../../../../src/domain/domain-name.ts';
import type { Addresses } from '../../../../src/domain/event.ts';
import type { RecordValue } from '../../../../src/domain/record-set.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';
import { MemoryAuthoritativeServers } from '../../../fakes/memory-authoritative-servers.ts';
import { RecordingEvents } from '../../../fakes/recording-events.ts';
import { RecordingLogger } from '../../../fakes/recording-logger.ts';
import { change } from '../../../support/events.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOME = domainName('home.example.org');
const ZONE = domainName('example.org');

/** A primary, name servers that copy it when the test says so, and who watches them. */
class World {
  readonly clock = new ManualClock();
  readonly events = new RecordingEvents();
  readonly logger = new RecordingLogger();
  readonly servers = new MemoryAuthoritativeServers();
  readonly seconds: number[] = [];
  waiting = 0;
  unwatched = 0;
  settings: Settings = DEFAULT_SETTINGS;
  readonly watch: WatchVisibility;
  readonly #primary = new Map<string, readonly RecordValue[]>();

  constructor(names: readonly string[] = ['ns1', 'ns2'], serial = 1) {
    this.servers.primarySerial = serial;
    for (const name of names) this.copyTo(name);
    const metrics = {
      ...noMetrics,
      changeVisible: (duration: number) => this.seconds.push(duration / SECOND),
      changesInvisible: (changes: number) => {
        this.waiting = changes;
      },
      changeUnwatched: () => {
        this.unwatched += 1;
      },
    };
    const ports = { servers: this.servers, clock: this.clock, metrics, logger: this.logger };
    this.watch = new WatchVisibility(this.events, () => this.settings, ports);
  }

  /** The primary takes a change, and dynonym tells it. */
  set(address: string, { name = HOME, zone = ZONE, step = 1 } = {}): void {
    const before = this.#primary.get(`${name} A`)?.map(({ text }) => text) ?? [];
    this.#primary.set(`${name} A`, [{ family: 'ipv4', text: address }]);
    this.servers.primarySerial = ((this.servers.primarySerial ?? 0) + step) >>> 0;
    this.watch.tell(
      change({ at: this.clock.now(), name, zone, before: { ipv4: before }, after: { ipv4: [address] } }),
    );
  }

  /** The server has the zone as the primary has it, with its serial or one of its own. */
  copyTo(server: string, serial = this.servers.primarySerial): void {
    this.servers.contents.set(server, new Map(this.#primary));
    if (serial !== undefined) this.servers.serialsOf.set(server, serial);
  }

  silence(server: string): void {
    this.servers.contents.set(server, undefined);
    this.servers.serialsOf.delete(server);
  }

  get visible(): readonly [name: DomainName, seconds: number, servers: number][] {
    return this.events.of('visible').map(({ name, after, servers }) => [name, after / SECOND, servers]);
  }

  get behind(): readonly [name: DomainName, server: string, has: Addresses | undefined][] {
    return this.events.of('behind').map(({ name, server, has }) => [name, server, has]);
  }
}

const nameOf = (number: number) => domainName(`host${number}.example.org`);

describe('a change', () => {
  it('is visible when the last name server has it, and not before', async () => {
    const world = new World();
    world.set('192.0.2.1');
    world.copyTo('ns1');
    await world.clock.advance(3 * SECOND);
    assert.deepEqual(world.visible, []);
    assert.equal(world.waiting, 1);
    world.copyTo('ns2');
    await world.clock.advance(2 * SECOND);
    const [name, seconds = 0, servers] = world.visible[0] ?? [];
    assert.deepEqual([name, servers], [HOME, 2]);
    assert.ok(seconds > 3 && seconds <= 4.25, String(seconds));
    assert.deepEqual(world.seconds, [seconds]);
    await world.clock.advance(2 * SECOND);
    assert.deepEqual([world.waiting, world.clock.pending], [0, 0], 'nothing is left behind');
  });

  it('is told to the others before what follows from it', async () => {
    const world = new World([]);
    world.set('192.0.2.1');
    world.copyTo('ns1');
    await world.clock.advance(SECOND);
    assert.deepEqual(
      world.events.told.map(({ kind }) => kind),
      ['changed', 'visible'],
    );
  });

  it('is visible at once where the built-in name server is alone', () => {
    const world = new World();
    const nameServer = { sockets: [], data: '', takesUpdates: true, zones: [] };
    world.settings = { ...DEFAULT_SETTINGS, nameServer };
    world.set('192.0.2.1');
    assert.deepEqual(world.visible, [[HOME, 0, 1]]);
    assert.equal(world.clock.pending, 0);
  });

  it('is looked for on the secondaries that the built-in name server notifies, or on those configured', async () => {
    const socketOf = (text: string) => ({ address: { family: 'ipv4', text } as const, port: 53 });
    const notify = [{ socket: socketOf('192.0.2.53'), key: undefined }];
    const zone = { name: ZONE, notify, servers: [], hostmaster: '', updates: [], transfer: [] };
    const zones = [{ ...zone, ttl: DEFAULT_SETTINGS.dns.ttl, negativeTtl: DEFAULT_SETTINGS.dns.ttl }];
    const nameServer = { sockets: [], data: '', takesUpdates: true, zones };
    for (const nameServers of [[], [socketOf('198.51.100.53')]]) {
      const world = new World();
      world.settings = {
        ...DEFAULT_SETTINGS,
        nameServer,
        history: { ...DEFAULT_SETTINGS.history, nameServers },
      };
      world.set('192.0.2.1');
      await world.clock.advance(SECOND);
      const expected = nameServers.length > 0 ? nameServers : [socketOf('192.0.2.53')];
      assert.deepEqual(world.servers.questions[0]?.servers, expected);
    }
  });

  it('is not looked for where that is switched off', async () => {
    const world = new World();
    world.settings = { ...DEFAULT_SETTINGS, history: { ...DEFAULT_SETTINGS.history, visibility: false } };
    world.set('192.0.2.1');
    await world.clock.advance(MINUTE);
    assert.deepEqual([world.servers.questions, world.clock.pending], [[], 0]);
  });

  it('takes the place of an earlier one of the same name', async () => {
    const world = new World();
    world.set('192.0.2.1');
    world.copyTo('ns1');
    await world.clock.advance(SECOND);
    world.set('192.0.2.2');
    for (const server of ['ns1', 'ns2']) world.copyTo(server);
    await world.clock.advance(2 * SECOND);
    assert.equal(world.visible.length, 1);
  });

  it('that removes addresses is visible where a wildcard shows others', async () => {
    const world = new World(['ns1']);
    world.servers.contents.set('ns1', new Map([[`${HOME} A`, [{ family: 'ipv4', text: '192.0.2.99' }]]]));
    world.watch.tell(change({ before: { ipv4: ['192.0.2.1'] }, after: { ipv4: [] } }));
    await world.clock.advance(SECOND);
    assert.equal(world.visible.length, 1);
  });

  it('is measured and told right while somebody sets the clock of the system', async () => {
    const world = new World();
    world.set('192.0.2.1');
    await world.clock.advance(SECOND);
    world.clock.setWallClock(Date.UTC(2020, 0, 1));
    await world.clock.advance(SECOND);
    assert.deepEqual(world.behind, []);
    for (const server of ['ns1', 'ns2']) world.copyTo(server);
    await world.clock.advance(2 * SECOND);
    const seconds = world.visible[0]?.[1] ?? 0;
    assert.ok(seconds > 2 && seconds <= 4, String(seconds));
  });
});

describe('a name server that does not follow', () => {
  it('is named once after five minutes, with what it has, and to operators once', async () => {
    const world = new World();
    world.set('192.0.2.1');
    for (const server of ['ns1', 'ns2']) world.copyTo(server);
    await world.clock.advance(SECOND);
    world.set('192.0.2.2');
    world.copyTo('ns1');
    await world.clock.advance(4.9 * MINUTE);
    assert.deepEqual(world.behind, []);
    await world.clock.advance(MINUTE);
    assert.deepEqual(world.behind, [[HOME, 'ns2', { ipv4: ['192.0.2.1'] }]]);
    await world.clock.advance(40 * MINUTE);
    assert.equal(world.behind.length, 1);
    const laggards = world.events.of('secondary-behind').map(({ zone, server }) => [zone, server]);
    assert.deepEqual(laggards, [[ZONE, 'ns2']]);
    world.copyTo('ns2');
    await world.clock.advance(6 * MINUTE);
    assert.equal(world.visible.length, 2, 'it is visible in the end');
  });

  it('is told as one that does not answer where it is silent', async () => {
    const world = new World();
    world.silence('ns2');
    world.set('192.0.2.1');
    world.copyTo('ns1');
    await world.clock.advance(6 * MINUTE);
    assert.deepEqual(world.behind, [[HOME, 'ns2', undefined]]);
    assert.equal(world.events.of('secondary-behind').length, 1);
  });

  it('is asked at growing pauses, and not any more after an hour', async () => {
    const world = new World();
    world.set('192.0.2.1');
    await world.clock.advance(10 * SECOND);
    assert.equal(world.servers.questions.length, 10, 'each second at first');
    await world.clock.advance(55 * MINUTE);
    const asked = world.servers.questions.length;
    assert.ok(asked < 60, `${asked} questions in an hour`);
    await world.clock.advance(20 * MINUTE);
    assert.deepEqual([world.clock.pending, world.waiting], [0, 0]);
    assert.deepEqual(world.visible, []);
  });

  it('is behind also where a name changes again and again before it has it', async () => {
    const world = new World();
    for (let minute = 0; minute < 8; minute += 1) {
      world.set(`192.0.2.${minute}`);
      world.copyTo('ns1');
      await world.clock.advance(MINUTE);
    }
    assert.deepEqual(
      world.events.of('secondary-behind').map(({ server }) => server),
      ['ns2'],
    );
  });

  it('that lags by a few seconds is not behind, however often the zone changes', async () => {
    const world = new World(['ns1']);
    for (let second = 0; second < 400; second += 1) {
      world.set('192.0.2.1', { name: nameOf(second) });
      if (second % 5 === 0) world.copyTo('ns1');
      await world.clock.advance(SECOND);
    }
    assert.deepEqual([world.behind, world.events.of('secondary-behind')], [[], []]);
    assert.ok(world.visible.length > 390, String(world.visible.length));
    assert.ok(world.visible.every(([, seconds]) => seconds <= 9));
  });

  it('counts as not having what it had before it went back', async () => {
    const world = new World();
    const old = world.servers.contents.get('ns1');
    world.set('192.0.2.1');
    world.copyTo('ns1');
    await world.clock.advance(2 * SECOND);
    world.servers.contents.set('ns1', old);
    world.servers.serialsOf.set('ns1', 1);
    await world.clock.advance(2 * SECOND);
    world.copyTo('ns2');
    await world.clock.advance(10 * SECOND);
    assert.deepEqual(world.visible, []);
    world.copyTo('ns1');
    await world.clock.advance(10 * SECOND);
    assert.equal(world.visible.length, 1);
  });

  it('does not hold up what concerns other zones', async () => {
    const world = new World();
    world.set('192.0.2.1');
    const other = domainName('example.net');
    const name = domainName('home.example.net');
    await world.clock.advance(30 * SECOND);
    for (const server of ['ns1', 'ns2']) {
      world.servers.contents.set(server, new Map([[`${name} A`, [{ family: 'ipv4', text: '192.0.2.9' }]]]));
    }
    world.watch.tell(change({ name, zone: other, after: { ipv4: ['192.0.2.9'] } }));
    await world.clock.advance(SECOND);
    assert.deepEqual(world.visible, [[name, 0.25, 2]]);
  });
});

describe('serials', () => {
  it('tell of many names at once, with one round of questions a second for 1,000 changes a second', async () => {
    const world = new World();
    const seconds = 5;
    for (let tenth = 0; tenth < seconds * 10; tenth += 1) {
      for (let number = 0; number < 100; number += 1) {
        world.set('192.0.2.1', { name: nameOf(tenth * 100 + number) });
      }
      for (const server of ['ns1', 'ns2']) world.copyTo(server);
      await world.clock.advance(100);
    }
    assert.ok(world.servers.questions.length <= seconds + 1, `${world.servers.questions.length} rounds`);
    await world.clock.advance(2 * SECOND);
    assert.equal(world.visible.length, seconds * 1_000);
    assert.ok(world.visible.every(([, after]) => after <= 2));
  });

  it('wrap around (RFC 1982)', async () => {
    const world = new World(['ns1', 'ns2'], 0xffff_ffff);
    for (const number of [1, 2, 3]) world.set('192.0.2.1', { name: nameOf(number) });
    world.copyTo('ns1');
    await world.clock.advance(2 * SECOND);
    assert.deepEqual(world.visible, []);
    world.copyTo('ns2');
    await world.clock.advance(4 * SECOND);
    assert.equal(world.visible.length, 3);
  });

  it('prove nothing where a primary changes records without a new one', async () => {
    const world = new World(['ns1']);
    world.set('192.0.2.1', { step: 0 });
    await world.clock.advance(2 * SECOND);
    assert.deepEqual(world.visible, []);
    world.copyTo('ns1');
    await world.clock.advance(2 * SECOND);
    assert.equal(world.visible.length, 1);
    world.set('192.0.2.2', { step: 0 });
    await world.clock.advance(2 * SECOND);
    world.set('192.0.2.1', { step: 0, name: nameOf(1) });
    await world.clock.advance(10 * SECOND);
    assert.equal(world.visible.length, 1);
    world.copyTo('ns1');
    await world.clock.advance(10 * SECOND);
    assert.equal(world.visible.length, 3);
  });

  for (const [what, serial] of [
    ['far ahead', 2_000_000_000],
    ['far behind', 3_000_000_000],
  ] as const) {
    it(`prove nothing where a name server has its own ones, ${what}: the addresses count`, async () => {
      const world = new World(['ns1', 'ns2'], 1);
      for (const second of [1, 2, 3, 4]) {
        world.set('192.0.2.1', { name: nameOf(second) });
        world.copyTo('ns1');
        world.servers.serialsOf.set('ns2', serial + second);
        await world.clock.advance(SECOND);
      }
      assert.deepEqual(world.visible, []);
      world.copyTo('ns2', serial + 5);
      await world.clock.advance(5 * SECOND);
      assert.equal(world.visible.length, 4);
    });
  }

  it('are not needed where the primary does not tell one', async () => {
    const world = new World(['ns1']);
    world.set('192.0.2.1');
    world.copyTo('ns1');
    world.servers.primarySerial = undefined;
    await world.clock.advance(SECOND);
    assert.equal(world.visible.length, 1);
  });
});

describe('a name that somebody else changes too', () => {
  it('does not keep other names of the zone from being visible', async () => {
    const world = new World(['ns1', 'ns2']);
    world.watch.tell(change({ name: nameOf(0), after: { ipv4: ['192.0.2.250'] } }));
    for (let second = 1; second <= 60; second += 1) {
      world.set('192.0.2.1', { name: nameOf(second) });
      // Seconds behind, so the newest change is never there.
      if (second % 4 === 0) for (const server of ['ns1', 'ns2']) world.copyTo(server);
      await world.clock.advance(SECOND);
    }
    assert.ok(world.visible.length > 50, String(world.visible.length));
    assert.deepEqual(world.events.of('secondary-behind'), []);
  });
});

describe('what waits to be seen', () => {
  it('is bounded, and what is lost is counted', async () => {
    const world = new World();
    for (let number = 0; number < 100_002; number += 1) world.set('192.0.2.1', { name: nameOf(number) });
    assert.equal(world.unwatched, 2);
    world.set('192.0.2.2', { name: nameOf(7) });
    assert.equal(world.unwatched, 2, 'a name that waits already may change again');
    world.watch.close();
    assert.equal(world.clock.pending, 0);
  });

  it('costs at most four rounds a second, however many zones change', async () => {
    const world = new World();
    for (let number = 0; number < 500; number += 1) {
      world.set('192.0.2.1', { name: nameOf(number), zone: domainName(`zone${number}.example.org`) });
    }
    await world.clock.advance(10 * SECOND);
    assert.equal(world.servers.questions.length, 40);
    assert.equal(new Set(world.servers.questions.map(({ zone }) => zone)).size, 40, 'each in its turn');
  });

  it('is not lost where a question cannot be asked', async () => {
    const world = new World(['ns1']);
    const { serials } = world.servers;
    world.servers.serials = () => Promise.reject(new Error('no'));
    world.set('192.0.2.1');
    world.copyTo('ns1');
    await world.clock.advance(2 * SECOND);
    assert.match(world.logger.entries.map(({ event }) => event).join(), /Could not ask the name servers/);
    world.servers.serials = serials;
    await world.clock.advance(2 * SECOND);
    assert.equal(world.visible.length, 1);
  });
});
