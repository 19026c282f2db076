import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { Rfc2136AuthoritativeServers } from '../../src/adapters/rfc2136/probe/rfc2136-authoritative-servers.ts';
import { SystemClock } from '../../src/adapters/system/system-clock.ts';
import { WatchVisibility } from '../../src/application/history/watch-visibility.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../src/application/manage/settings.ts';
import type { AuthoritativeServers } from '../../src/application/ports/authoritative-servers.ts';
import type { Clock } from '../../src/application/ports/clock.ts';
import { noMetrics } from '../../src/application/ports/metrics.ts';
import { type SocketAddress, socketText } from '../../src/domain/socket-address.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { RecordingEvents } from '../fakes/recording-events.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { startBind } from '../support/name-servers/bind.ts';
import { KEYS, secretText } from '../support/name-servers/keys.ts';
import { NameServer } from '../support/name-servers/name-server.ts';
import { SECONDARIES } from '../support/name-servers/secondaries.ts';
import { DYN_ZONE } from '../support/name-servers/zones.ts';
import { primaryAt } from '../support/primary-at.ts';
import { runProcess } from '../support/run-process.ts';
import { toolPath } from '../support/tools.ts';
import { until } from '../support/until.ts';
import { UpdateClient } from '../support/update-client.ts';

const HOME = `home.${DYN_ZONE}`;
const CAM = `cam.${DYN_ZONE}`;
const MINUTE = 60_000;

/** Tells a secondary in the name of its primary that the zone has changed. The primary here tells nobody. */
async function notify({ address, port }: SocketAddress): Promise<void> {
  const { name, algorithm } = KEYS.sha256;
  const key = `${algorithm}:${name}:${secretText(KEYS.sha256)}`;
  const { stdout } = await runProcess(toolPath('kdig'), [
    ...[`@${address.text}`, '-p', String(port), '-y', key, DYN_ZONE, 'NOTIFY'],
  ]);
  assert.match(stdout, /status: NOERROR/);
}

describeWithTools('the visibility of a change of BIND', ['named', 'knotd', 'nsd', 'dig', 'kdig'], () => {
  let primary: NameServer;
  const secondaries: NameServer[] = [];

  before(async () => {
    primary = await startBind();
    const upstream = { socket: primary.socket, zone: DYN_ZONE, key: KEYS.sha256 };
    for (const kind of ['knot', 'nsd', 'bind'] as const) {
      secondaries.push(await NameServer.start(SECONDARIES[kind](upstream)));
    }
  });
  after(async () => {
    for (const secondary of secondaries) await secondary.stop();
    await primary.stop();
  });

  /** Follows at once: the test waits for it. */
  async function follow(secondary: NameServer): Promise<void> {
    const serial = await primary.serial();
    await until(
      async () => {
        await notify(secondary.socket);
        return (await secondary.serial()) === serial;
      },
      { what: `${secondary.kind} to follow` },
    );
  }

  /** dynonym in front of the primary, and who watches all servers of the zone. */
  function watched(
    events: RecordingEvents,
    clock: Clock,
    through = (servers: AuthoritativeServers) => servers,
  ) {
    const nameServers = [primary, ...secondaries].map(({ socket }) => socket);
    const settings: Settings = { ...DEFAULT_SETTINGS, history: { ...DEFAULT_SETTINGS.history, nameServers } };
    const servers = new Rfc2136AuthoritativeServers(() => primaryAt(primary.socket), new SystemClock());
    const ports = { servers: through(servers), clock, metrics: noMetrics, logger: new RecordingLogger() };
    const watch = new WatchVisibility(events, () => settings, ports);
    const client = new UpdateClient([primaryAt(primary.socket)], new SystemClock(), watch);
    after(() => {
      watch.close();
      servers.close();
      client.close();
    });
    return client;
  }

  it('is told with the time until the last of real Knot, NSD and BIND followed', async () => {
    const clock = new SystemClock();
    const seenAt = new Map<string, number>();
    const events = new (class extends RecordingEvents {
      override tell(event: RecordingEvents['told'][number]): void {
        super.tell(event);
        seenAt.set(event.kind, clock.monotonic());
      }
    })();
    const client = watched(events, clock);
    const askedAt = clock.monotonic();
    assert.equal(await client.update(HOME, '192.0.2.1'), 'changed');
    const [laggard = assert.fail(), ...others] = secondaries;
    for (const secondary of others) await follow(secondary);
    // The look that began before the last one followed cannot find it.
    assert.deepEqual(events.of('visible'), []);
    const lastAt = clock.monotonic();
    await follow(laggard);
    const visible = await until(() => events.of('visible')[0], { what: 'the change to be visible' });
    assert.equal(visible.servers, 4);
    const [changedAt = 0, visibleAt = 0] = [seenAt.get('changed'), seenAt.get('visible')];
    assert.ok(visible.after >= lastAt - changedAt, `${visible.after} ms, before the last one followed`);
    assert.ok(visible.after <= visibleAt - askedAt, `${visible.after} ms, after it was told`);
  });

  it('names the one that is frozen, the one that is stopped and the one that lags', async () => {
    for (const secondary of secondaries) await follow(secondary);
    const [knot = assert.fail(), nsd = assert.fail(), bind = assert.fail()] = secondaries;
    await bind.pause();
    await knot.stop();
    const clock = new ManualClock();
    const events = new RecordingEvents();
    // The time of the test goes on when the servers have said what they say.
    let looks: Promise<unknown> = Promise.resolve();
    const client = watched(events, clock, (servers) => ({
      serials: (question) => servers.serials(question),
      ask: (question) => {
        const asked = servers.ask(question);
        looks = asked;
        return asked;
      },
    }));
    const pass = async (milliseconds: number) => {
      const last = looks;
      await clock.advance(milliseconds);
      await until(() => looks !== last, { what: 'the next look' });
      await looks;
    };
    assert.equal(await client.update(HOME, '192.0.2.2'), 'changed');
    assert.equal(await client.update(CAM, '192.0.2.3'), 'changed');
    await pass(1_000);
    await pass(3 * MINUTE);
    assert.deepEqual(events.of('behind'), []);
    await pass(3 * MINUTE);
    await until(() => events.of('behind').length > 0, { what: 'what is behind' });
    const found = events.of('behind').map(({ name, server, has }) => JSON.stringify([name, server, has]));
    const unanswered = (server: NameServer) => [socketText(server.socket), undefined];
    const expected = (name: string, old: readonly string[]) => [
      [name, ...unanswered(knot)],
      [name, ...unanswered(bind)],
      [name, socketText(nsd.socket), { ipv4: old }],
    ];
    const all = [...expected(HOME, ['192.0.2.1']), ...expected(CAM, [])];
    assert.deepEqual(found.toSorted(), all.map((one) => JSON.stringify(one)).toSorted());
    assert.deepEqual(
      events.of('secondary-behind').map(({ server }) => server),
      secondaries.map(({ socket }) => socketText(socket)),
    );

    bind.resume();
    await knot.start();
    for (const secondary of secondaries) await follow(secondary);
    await pass(5 * MINUTE);
    await until(() => events.of('visible').length === 2, { what: 'both changes to be visible' });
  });
});
