import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { closeOpened } from '../../src/adapters/inversify/opened.ts';
import { openStore } from '../../src/adapters/inversify/openers.ts';
import { tokens } from '../../src/adapters/inversify/tokens.ts';
import { PostgresInstance } from '../../src/adapters/postgres/postgres-instance.ts';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { assertGoesOn, assertLetsIn } from '../support/kept/checks.ts';
import { assertSays, meaningOf } from '../support/kept/meaning.ts';
import { openKept } from '../support/kept/open-kept.ts';
import { allSamples, type Sample } from '../support/kept/samples.ts';
import { configurationFor, guess } from '../support/kept/write-database.ts';
import { Postgres } from '../support/postgres.ts';
import { DATABASE_TOOLS } from '../support/tools.ts';
import { until } from '../support/until.ts';

const samples = allSamples();

/** Columns of our tables, by table, that have no value in any row. */
const EMPTY_COLUMNS = `
create function pg_temp.empty_columns() returns setof text language plpgsql as $$
declare part record; filled bigint;
begin
  for part in
    select table_name, column_name from information_schema.columns
    join information_schema.tables using (table_schema, table_name)
    where table_schema = 'dynonym' and table_type = 'BASE TABLE'
  loop
    execute format('select count(%I) from dynonym.%I', part.column_name, part.table_name) into filled;
    if filled = 0 then return next part.table_name || '.' || part.column_name; end if;
  end loop;
end $$;
select pg_temp.empty_columns();
`;

describeWithTools('what earlier versions have kept in PostgreSQL', DATABASE_TOOLS, () => {
  let server: Postgres;

  before(async () => {
    server = await Postgres.start();
  });
  after(async () => {
    await closeOpened();
    await server.stop();
  });

  /** A database from the dump. */
  async function restored(sample: Sample): Promise<string> {
    const name = await server.createDatabase();
    await server.sql(sample.dump(), name);
    return name;
  }

  for (const sample of samples) {
    describe(`version ${sample.version}`, () => {
      const meaning = sample.meaning();
      let place: { readonly configuration: string; readonly folder: string };
      let database: string;

      before(async () => {
        database = await restored(sample);
        place = configurationFor(server.url(database));
        const store = await openStore(place.configuration, undefined);
        await store?.migrate();
      });

      it('has tables of the present version after "store migrate"', async () => {
        const store = await openStore(place.configuration, undefined);
        assert.equal((await store?.inspector.inspect())?.database?.schema, 'ready');
        const findings = await store?.checkStore.run();
        assert.deepEqual(
          findings?.filter(({ severity }) => severity === 'problem'),
          [],
        );
      });

      it('is read with everything that it says', async () => {
        const kept = await openKept(place.configuration);
        assertSays(await meaningOf(kept, place.folder), meaning.database, 'same');
        assert.deepEqual(kept.logger.entries, []);
        await kept.close();
      });

      it('lets in whoever has the passwords, tokens, sessions and invitations', async () => {
        const kept = await openKept(place.configuration);
        await assertLetsIn(kept, meaning.secrets);
        const signIns = kept.get(tokens.pendingSignIns);
        assert.equal(await signIns.take('an example of a browser'), 'an example of a challenge');
        await kept.close();
      });

      it('knows which names are silent, and which are to be looked at', async () => {
        const kept = await openKept(place.configuration);
        const names = kept.get(tokens.watchedNames);
        assert.equal(await names.silent(), 1);
        assert.ok((await names.due(kept.clock.monotonic(), 10)).length > 0);
        await kept.close();
      });

      it('is served by a new instance, which takes the work over and counts failed logins', async () => {
        const kept = await openKept(place.configuration);
        const instance = kept.get(tokens.lease);
        assert.ok(instance instanceof PostgresInstance);
        await instance.start();
        await kept.clock.advance(0);
        await until(() => instance.isHeld(), { what: 'the instance to hold the lease' });
        await instance.stop();
        await guess(kept);
        await kept.close();
      });

      it('can be written to, and has the new beside the old afterwards', async () => {
        await assertGoesOn(() => openKept(place.configuration), meaning.database, place.folder);
      });
    });
  }

  it('has a value in every column of the newest sample, so that none is forgotten', async () => {
    const newest = samples.at(-1) ?? assert.fail('there are no samples');
    assert.equal(await server.sql(EMPTY_COLUMNS, await restored(newest)), '');
  });
});
