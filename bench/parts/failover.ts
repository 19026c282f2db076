import { setTimeout as pause } from 'node:timers/promises';
import { migratedDatabase } from '../../test/support/migrated-database.ts';
import { DYN_ZONE } from '../../test/support/name-servers/zones.ts';
import { Postgres } from '../../test/support/postgres.ts';
import { logIn, prepareBed } from '../bed.ts';
import { changesPerSecond, oneDynonym } from '../changes.ts';
import { fillDatabase } from '../filled-database.ts';
import { Fleet } from '../fleet.ts';
import { interleaved, type Part } from '../part.ts';
import type { Goal } from '../report.ts';
import { updatesTo } from '../requests.ts';
import { startDynonym } from '../servers.ts';
import { quantile } from '../statistics.ts';
import { usersFor } from '../users.ts';

const PER_SECOND = 100;
const NAMES = 1_000;
/** Milliseconds from the first update until the database goes away, and then until its standby is promoted. */
const QUIET = 1_000;
const WITHOUT = 3_000;
const NOTICED_BY_NOBODY: Goal = { compare: 'ratio', atMost: 2 };

/** How long an update of a known user takes while the database is frozen, or its standby takes over. */
export const failover: Part = {
  title: 'Updates while the database is away',
  async run(conditions) {
    const { program, scale } = conditions;
    const bed = await prepareBed('BIND', conditions, { names: NAMES });
    const server = await Postgres.start();
    const database = await migratedDatabase(server);
    const standby = await server.standby({ synchronous: true });
    const fleet = new Fleet(DYN_ZONE, bed.fleet.names.length, bed.fleet.names.length);
    await bed.primary.fill(fleet);
    const users = await usersFor(fleet.names, bed.users.length);
    await fillDatabase(database.url, users, { size: 0, hash: '', zone: DYN_ZONE }, conditions.say);
    const url = database.url.replace(/@([^/]*)/, `@$1,127.0.0.1:${standby.port}`);
    const dynonym = await startDynonym(program, bed.primary, users, { database: url });
    const site = { ...bed, fleet, users, dynonym };
    await logIn(site);
    // As many as come in the first minutes, after which everything is compiled.
    for (let time = 0; scale.repetitions > 1 && time < 10; time += 1) {
      await changesPerSecond(oneDynonym(site), 64, NAMES);
    }

    /** Every name is changed once; nobody may hear anything but success. */
    const p99 = async (trouble: () => Promise<void> = async () => {}): Promise<number> => {
      const requests = updatesTo(fleet.nextAddress(), 'good', users);
      const paced = bed.load.paced({ port: dynonym.port, perSecond: PER_SECOND, requests });
      const [{ http, failed, samples }] = await Promise.all([paced, trouble()]);
      if (failed.length > 0) throw new Error(`updates failed: ${samples.join('; ')}`);
      return quantile(http, 0.99);
    };
    const quietly = { name: 'the database answers', measure: () => p99() };
    const [quiet, frozen] = await interleaved(conditions, [
      quietly,
      {
        name: 'the database is frozen',
        measure: () =>
          p99(async () => {
            await pause(QUIET / scale.divisor);
            await server.freeze();
            await pause((WITHOUT * 2) / scale.divisor);
            server.thaw();
          }),
      },
    ]);
    // It can happen once only.
    const promoted = await p99(async () => {
      await pause(QUIET / scale.divisor);
      await server.stop();
      await pause(WITHOUT / scale.divisor);
      await standby.promote();
    });
    conditions.say(`  its standby takes over: ${promoted.toFixed(2)}`);
    await bed.primary.assertHolds(fleet);
    await dynonym.stop();
    await database.close();
    await standby.stop();
    await bed.stop();

    const what = `single update on BIND by a known user, ${PER_SECOND} a second, p99`;
    const row = { what, unit: 'ms', decimals: 2, theirs: quiet, goal: NOTICED_BY_NOBODY };
    return [
      { ...row, ours: frozen },
      { ...row, ours: { of: 'its standby takes over', values: [promoted] } },
    ];
  },
};
