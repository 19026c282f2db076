import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { type SocketAddress, socketText } from '../../../src/domain/socket-address.ts';
import type { TsigKey } from '../../../src/domain/tsig-key.ts';
import { describeWithTools } from '../../support/describe-with-tools.ts';
import { Installation } from '../../support/installation.ts';
import { KEYS, secretText } from '../../support/name-servers/keys.ts';
import { NameServer, type Recipe } from '../../support/name-servers/name-server.ts';
import { runProcess } from '../../support/run-process.ts';
import { until } from '../../support/until.ts';
import { CountingLoad, NAMES, othersOf, PASSWORD, USER, zoneOf } from './counting-load.ts';
import { ROUNDS } from './fault-rounds.ts';
import { FaultyWay } from './faulty-way.ts';

/** Long enough that the primary is given up, whatever its trouble is. */
const AWAY = 5_000;
/** A server whose files may be kept from growing: it is told that by an error and not by a deadly signal. */
function heedless(recipe: Recipe): Recipe {
  return {
    ...recipe,
    prepare: async (site) => {
      const command = await recipe.prepare(site);
      return ['/bin/sh', '-c', 'trap "" XFSZ; exec "$@"', 'sh', ...command];
    },
  };
}

/** The server runs under load; one trouble after the other comes and goes. Then the zone is compared. */
export function testPrimaryFaults(recipe: Recipe): void {
  describeWithTools(`${recipe.kind} under load`, recipe.tools, () => {
    let server: NameServer;
    let way: FaultyWay;
    let installation: Installation;
    let load: CountingLoad;
    let others: readonly string[];

    before(async () => {
      server = await NameServer.start(heedless(recipe));
      way = await FaultyWay.start(server.socket);
      installation = await Installation.create(server, KEYS.sha256);
      await installation.addUser(USER, PASSWORD, ...NAMES);
      others = othersOf(await zoneOf(server));
      load = new CountingLoad(await installation.serve());
    });
    after(async () => {
      await installation?.stop();
      await way?.stop();
      await server?.stop();
    });
    beforeEach(async () => {
      load.start();
      await load.progress(50, 'the load to run');
    });
    afterEach(async () => {
      await load.stop();
      way.delay = 0;
      way.mend();
    });

    const talkTo = (socket: SocketAddress) =>
      installation.command(['configure', 'dns', '--socket', socketText(socket)]);

    const useKey = (key: TsigKey) => {
      writeFileSync(join(installation.folder, 'secret'), secretText(key));
      return installation.command([
        ...['configure', 'dns', '--tsig-name', key.name, '--tsig-algorithm', key.algorithm],
        ...['--tsig-secret-file', 'secret'],
      ]);
    };

    /** The trouble is over: service is back, and everybody was told the truth. */
    const assertRecovered = async () => {
      await load.progress(1, 'service after the recovery');
      await load.progress(200, 'the load to run as before');
      await load.stop();
      const zone = await zoneOf(server);
      load.assertHeldBy(zone);
      assert.deepEqual(othersOf(zone), others);
    };

    const troubles: Readonly<Record<string, () => Promise<void>>> = {
      'killed, and started again': async () => {
        await server.kill();
        await pause(AWAY);
        await server.start();
      },
      'frozen, and going on': async () => {
        await server.pause();
        await pause(AWAY);
        server.resume();
      },
      restarted: async () => {
        await server.restart();
      },
      'refusing the key, until the configuration names another': async () => {
        await useKey(KEYS.powerless);
        await load.standstill();
        await useKey(KEYS.sha256);
      },
      'slow, and fast again': async () => {
        await talkTo(way.socket);
        way.delay = 500;
        const { passed } = way;
        await until(() => way.passed > passed, { what: 'the load to go over the network' });
        await load.progress(1, 'an answer of a slow primary');
        await pause(AWAY);
        way.delay = 0;
      },
      'cut off, and reached again': async () => {
        await talkTo(way.socket);
        const { passed } = way;
        await until(() => way.passed > passed + 50, { what: 'the load to go over the network' });
        way.cut();
        await pause(AWAY);
        way.mend();
      },
      'on a full disk, until there is place': async () => {
        // In the middle of nothing: the database of Knot (LMDB) that could write the data of a change and not the page
        // which says so serves no update until Knot is started anew (MDB_PANIC).
        await load.stop();
        await limitFiles(server, '1');
        load.start();
        await load.standstill();
        await limitFiles(server, 'unlimited');
      },
    };

    for (let round = 1; round <= ROUNDS; round += 1) {
      for (const [what, trouble] of Object.entries(troubles)) {
        test(`${what}: what was said is so, and service is back (round ${round})`, async () => {
          await trouble();
          await assertRecovered();
          await talkTo(server.socket);
        });
      }
    }
  });
}

/** What a full disk looks like to a process: no file of its own grows. The hard limit stays as it is. */
async function limitFiles(server: NameServer, size: string): Promise<void> {
  const { status, stderr } = await runProcess('prlimit', ['--pid', String(server.pid), `--fsize=${size}:`]);
  assert.equal(status, 0, stderr);
}
