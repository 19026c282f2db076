import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tokens } from '../../../src/adapters/inversify/tokens.ts';
import { PostgresArrivals } from '../../../src/adapters/postgres/postgres-arrivals.ts';
import { PostgresInstance } from '../../../src/adapters/postgres/postgres-instance.ts';
import { PostgresLoginLimits } from '../../../src/adapters/postgres/postgres-login-limits.ts';
import { KeyedCredentialMemory } from '../../../src/adapters/system/keyed-credential-memory.ts';
import { MemoryLoginLimits } from '../../../src/application/login/memory-login-limits.ts';
import { RecordingEvents } from '../../fakes/recording-events.ts';
import { HERE } from '../authenticate-user-on.ts';
import { userNamed } from '../fixtures.ts';
import { migratedDatabase } from '../migrated-database.ts';
import { POSTGRES_LOGIN, Postgres } from '../postgres.ts';
import { runProcess } from '../run-process.ts';
import { tempFolder } from '../temp-folder.ts';
import { toolPath } from '../tools.ts';
import { until } from '../until.ts';
import { EVENTS } from './happened.ts';
import { meaningOf, type Plain } from './meaning.ts';
import { type OpenKept, openKept } from './open-kept.ts';
import { FULL } from './people.ts';
import { writeStores } from './write-files.ts';

/** More than are allowed. */
const GUESSES = 100;

/** Times and ids that the database and the program make, and the machine. All of them become always the same. */
const SETTLE = `
do $$
declare part record;
begin
  for part in
    select table_name, column_name, data_type from information_schema.columns
    join information_schema.tables using (table_schema, table_name)
    where table_schema = 'dynonym' and table_type = 'BASE TABLE'
      and data_type in ('timestamp with time zone', 'uuid')
  loop
    execute format('update dynonym.%I set %I = %L', part.table_name, part.column_name,
      case part.data_type when 'uuid' then '00000000-0000-4000-8000-000000000001' else '2026-11-29T12:00:00Z' end);
  end loop;
end $$;
update dynonym.instances set host = 'one.example.org', process = 7;
update dynonym.pending_sign_ins set until = '2100-01-01T00:00:00Z';
update dynonym.set_ups set until = '2100-01-01T00:00:00Z';
update dynonym.watched set due = 1795953600000 where due > 0;
update dynonym.watched set heard = 1795953600000 where heard is not null;
update dynonym.failed_logins set
  times = regexp_replace(times::text, '[0-9]{13}', '1795953600000', 'g')::json,
  failed_last = 1795953600000,
  paused_at = least(paused_at, 1795953600000),
  paused_until = least(paused_until, 1795953900000);
`;

/** Writes rows into every table. Gives the dump, and what is read of them. */
export async function writeDatabase(version: string): Promise<{ dump: string; meaning: Plain }> {
  const server = await Postgres.start();
  try {
    const migrated = await migratedDatabase(server);
    const { configuration, folder } = configurationFor(migrated.url);
    const kept = await openKept(configuration, version);
    await writeStores(kept);
    await kept.users.add(userNamed('gone', [], { passwordHash: FULL.passwordHash }));
    await kept.users.remove(userNamed('gone').name);
    await kept.get(tokens.pendingSignIns).keep('an example of a browser', 'an example of a challenge');
    await lookAtNames(kept);
    await guess(kept);
    await showInstance(kept, migrated.sql);
    await migrated.sql(SETTLE);
    const meaning = await meaningOf(kept, folder);
    const dump = await dumpOf(server, migrated.name);
    await kept.close();
    await migrated.close();
    return { dump, meaning };
  } finally {
    await server.stop();
  }
}

/** A configuration with [store] that has this address. */
export function configurationFor(url: string): { readonly configuration: string; readonly folder: string } {
  const folder = tempFolder();
  const configuration = join(folder, 'dynonym.toml');
  writeFileSync(join(folder, 'dynonym.postgres'), url, { mode: 0o600 });
  writeFileSync(configuration, '[dns]\n[store]\npostgres_file = "dynonym.postgres"\n', { mode: 0o600 });
  return { configuration, folder };
}

/** Some names have been looked at, and one of them is silent. */
async function lookAtNames({ get, clock }: OpenKept): Promise<void> {
  const names = get(tokens.watchedNames);
  const due = await names.due(clock.monotonic(), 10);
  assert.ok(due.length > 1);
  const [first] = due;
  const silent = { reportedAt: EVENTS[0]?.at ?? 0, heard: clock.monotonic(), silent: 'told' as const };
  if (first !== undefined) await names.putBack([{ name: first.name, seen: silent, due: 60_000 }]);
}

/** Somebody guesses until there is a pause. Fails where none begins. */
export async function guess({ database, clock, logger }: OpenKept): Promise<void> {
  assert.ok(database !== undefined);
  const alone = new MemoryLoginLimits(clock, logger, new KeyedCredentialMemory(clock), new RecordingEvents());
  const limits = new PostgresLoginLimits(database, alone, { clock, logger });
  const attempt = { from: HERE, name: FULL.name, passwordHash: FULL.passwordHash };
  for (let count = 0; count < GUESSES; count += 1) {
    if ((await limits.settle({ ...attempt, secret: `guess ${count}` }, 'wrong')) !== undefined) return;
  }
  assert.fail('there is no pause');
}

/** The instance shows itself, and what comes to it for others. */
async function showInstance({ get, clock }: OpenKept, sql: (query: string) => Promise<string>) {
  const [instance, arrivals] = [get(tokens.lease), get(tokens.sharedArrivals)];
  assert.ok(instance instanceof PostgresInstance && arrivals instanceof PostgresArrivals);
  arrivals.expect(FULL.name);
  arrivals.tell({ kind: 'login-failed', at: clock.now(), user: FULL.name, from: '192.0.2.1', why: 'wrong' });
  for (const listener of [instance, arrivals]) await listener.start();
  await clock.advance(0);
  const rows = ['instances', 'leases', 'set_ups', 'arrivals'].map(
    (table) => `(select 1 from dynonym.${table})`,
  );
  const query = `select ${rows.map((row) => `exists ${row}`).join(' and ')}`;
  await until(async () => (await sql(query)) === 't', { what: 'the instance to show itself' });
  for (const listener of [instance, arrivals]) await listener.stop();
}

async function dumpOf(server: Postgres, database: string): Promise<string> {
  const { status, stdout, stderr } = await runProcess(
    toolPath('pg_dump'),
    [
      ...['--inserts', '--no-owner', '--no-privileges', '--schema', 'dynonym', '--encoding', 'UTF8'],
      ...['--host', '127.0.0.1', '--port', String(server.port), '--username', POSTGRES_LOGIN.user, database],
    ],
    { env: { PGPASSWORD: POSTGRES_LOGIN.password } },
  );
  assert.equal(status, 0, stderr);
  return withoutMachine(stdout);
}

/** Without what differs from one dump to the next, comments, and settings that not every PostgreSQL knows. */
const withoutMachine = (dump: string): string =>
  dump
    .split('\n')
    .filter((line) => !/^(?:--|\\|SET (?:transaction_timeout|default_table_access_method))/.test(line))
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
    .concat('\n');
