import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { describeWithTools } from '../../support/describe-with-tools.ts';
import { freePort } from '../../support/free-port.ts';
import { Installation } from '../../support/installation.ts';
import { BIND } from '../../support/name-servers/bind.ts';
import { KEYS } from '../../support/name-servers/keys.ts';
import { KNOT } from '../../support/name-servers/knot.ts';
import { NameServer } from '../../support/name-servers/name-server.ts';
import { CountingLoad, NAMES, othersOf, PASSWORD, USER, zoneOf } from './counting-load.ts';
import { ROUNDS } from './fault-rounds.ts';

/** Before each primary. */
const KILLS = 3 * ROUNDS;

for (const recipe of [BIND, KNOT]) {
  describeWithTools(`dynonym under load, before ${recipe.kind}`, recipe.tools, () => {
    test(`killed ${KILLS} times: what it said is so, it takes its lock over and serves again`, async (t) => {
      const server = await NameServer.start(recipe);
      t.after(() => server.stop());
      const installation = await Installation.create(server, KEYS.sha256, `127.0.0.1:${await freePort()}`);
      t.after(() => installation.stop());
      await installation.addUser(USER, PASSWORD, ...NAMES);
      const others = othersOf(await zoneOf(server));
      const load = new CountingLoad(await installation.serve());
      load.start();
      t.after(() => load.stop());
      await load.progress(50, 'the load to run');

      for (let kill = 1; kill <= KILLS; kill += 1) {
        const { pid } = installation.server;
        installation.server.kill('SIGKILL');
        await installation.server.end();
        assert.equal(readFileSync(join(installation.folder, 'dynonym.lock'), 'utf8'), `${pid}\n`);

        await installation.serve();
        await load.progress(1, `service after kill ${kill}`);
        await load.progress(50, 'the load to run as before');
        assert.match(installation.server.stderr, new RegExp(`lock.*\\b${pid}\\b`));
        const lock = readFileSync(join(installation.folder, 'dynonym.lock'), 'utf8');
        assert.equal(lock, `${installation.server.pid}\n`);
      }

      await load.stop();
      const zone = await zoneOf(server);
      load.assertHeldBy(zone);
      assert.deepEqual(othersOf(zone), others);
    });
  });
}
