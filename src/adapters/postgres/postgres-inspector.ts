import type { DatabaseAddress, DatabaseHost } from '../../application/manage/database-address.ts';
import { databaseHostText } from '../../application/manage/database-address.ts';
import type { Clock } from '../../application/ports/clock.ts';
import type {
  InspectedHost,
  InspectedInstance,
  InspectedTables,
  StoreInspector,
  StoreReport,
} from '../../application/ports/store-inspector.ts';
import { reasonOf } from '../files/system-error.ts';
import { askHost } from './database.ts';
import { schemaState } from './schema.ts';
import type { Sql } from './sql.ts';

/** Questions whose best answer counts. */
const QUESTIONS = 3;

type Database = Omit<NonNullable<StoreReport['database']>, 'host'>;

/** What one host says. */
type Seen = {
  readonly place: string;
  readonly isStandby: boolean;
  readonly latency: number;
  /** Where it is in the log that a standby takes over from its primary. */
  readonly position: string;
  readonly database: Database;
};

/** Asks each host of the address by itself, also those that take no writes. */
export class PostgresInspector implements StoreInspector {
  readonly #address: DatabaseAddress;
  readonly #clock: Clock;

  constructor(address: DatabaseAddress, clock: Clock) {
    this.#address = address;
    this.#clock = clock;
  }

  async inspect(): Promise<StoreReport> {
    const seen = await Promise.all(this.#address.hosts.map((host) => this.#look(host)));
    const answered = seen.filter((one) => 'database' in one);
    const primary = answered.find(({ isStandby }) => !isStandby);
    const used = primary ?? answered[0];
    return {
      hosts: seen.map((one): InspectedHost => {
        if (!('database' in one)) return one;
        const { place: host, isStandby, latency } = one;
        if (!isStandby) return { host, state: 'primary', latency };
        const behind = primary && Math.max(0, octetsOf(primary.position) - octetsOf(one.position));
        return { host, state: 'standby', latency, behind };
      }),
      database: used && { host: used.place, ...used.database },
    };
  }

  async #look(host: DatabaseHost): Promise<Seen | InspectedHost> {
    const place = databaseHostText(host);
    try {
      return await askHost(this.#address, host, (sql) => this.#seen(sql, place));
    } catch (error) {
      return { host: place, state: 'away', reason: reasonOf(error) };
    }
  }

  async #seen(sql: Sql, place: string): Promise<Seen> {
    const { latency, clockAhead } = await this.#timed(sql);
    const [facts] = await sql<Facts[]>`
      select
        pg_is_in_recovery() as is_standby,
        current_setting('transaction_read_only') = 'off' as is_writable,
        (case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end)::text as position,
        current_setting('server_version') as version,
        pg_database_size(current_database())::text as size,
        current_setting('synchronous_commit') as synchronous_commit,
        current_setting('synchronous_standby_names') as standbys,
        to_json(array_remove(array[
          case when rolsuper then 'SUPERUSER' end,
          case when rolcreaterole then 'CREATEROLE' end,
          case when rolcreatedb then 'CREATEDB' end,
          case when rolreplication then 'REPLICATION' end,
          case when rolbypassrls then 'BYPASSRLS' end
        ], null)) as needless
      from pg_roles where rolname = current_user`;
    if (facts === undefined) throw new Error('PostgreSQL does not know the role');
    const schema = await schemaState(sql);
    const { synchronous_commit: commit } = facts;
    return {
      place,
      isStandby: facts.is_standby,
      latency,
      position: facts.position,
      database: {
        isWritable: facts.is_writable,
        version: facts.version,
        size: Number(facts.size),
        clockAhead,
        schema,
        needless: facts.needless,
        acknowledges: {
          written: commit !== 'off',
          replicated: facts.standbys !== '' && commit !== 'off' && commit !== 'local',
        },
        tables: schema === 'ready' ? await tablesOf(sql) : undefined,
      },
    };
  }

  async #timed(sql: Sql): Promise<{ latency: number; clockAhead: number }> {
    let best = { latency: Number.POSITIVE_INFINITY, clockAhead: 0 };
    for (let question = 0; question < QUESTIONS; question += 1) {
      const [began, asked] = [this.#clock.now(), this.#clock.monotonic()];
      const [answer] = await sql<{ now: string }[]>`
        select (extract(epoch from clock_timestamp()) * 1000)::text as now`;
      const latency = this.#clock.monotonic() - asked;
      if (latency < best.latency) {
        best = { latency, clockAhead: Number(answer?.now) - (began + latency / 2) };
      }
    }
    return best;
  }
}

type Facts = {
  readonly is_standby: boolean;
  readonly is_writable: boolean;
  readonly position: string;
  readonly version: string;
  readonly size: string;
  readonly synchronous_commit: string;
  readonly standbys: string;
  readonly needless: readonly string[];
};

async function tablesOf(sql: Sql): Promise<InspectedTables> {
  const tables = await sql<{ name: string; kind: string; rows: string; allowed: boolean }[]>`
    select
      relname as name, relkind as kind, reltuples::bigint::text as rows,
      has_table_privilege(pg_class.oid, 'select') and (relkind = 'v' or (
        has_table_privilege(pg_class.oid, 'insert') and has_table_privilege(pg_class.oid, 'update')
        and has_table_privilege(pg_class.oid, 'delete')
      )) as allowed
    from pg_class
    where relnamespace = to_regnamespace('dynonym') and relkind in ('r', 'v')
    order by relname`;
  const forbidden = tables.filter(({ allowed }) => !allowed).map(({ name }) => name);
  const mayRead = (name: string) => !forbidden.includes(name);
  const rowsOf = (name: string) => {
    // -1: never counted; 0: that is said of a new table too (PostgreSQL 13).
    const rows = Number(tables.find((table) => table.name === name)?.rows ?? -1);
    return rows > 0 ? rows : undefined;
  };
  return {
    users: rowsOf('users'),
    names: rowsOf('grants'),
    forbidden,
    ...(mayRead('instances') && mayRead('leases') ? await workOf(sql) : { instances: [], isLeaseHeld: true }),
    changes: mayRead('changes') ? await changesOf(sql) : 0,
  };
}

type InstanceRow = {
  readonly host: string;
  readonly process: number;
  readonly version: string;
  readonly since: string;
  readonly seen: string;
  readonly is_holder: boolean;
};

async function workOf(sql: Sql): Promise<{ instances: readonly InspectedInstance[]; isLeaseHeld: boolean }> {
  const rows = await sql<InstanceRow[]>`
    select
      host, process, version,
      (extract(epoch from since) * 1000)::bigint::text as since,
      (extract(epoch from seen) * 1000)::bigint::text as seen,
      exists (select from dynonym.leases where holder = instances.id and until > now()) as is_holder
    from dynonym.instances
    where seen > now() - interval '1 minute'
    order by instances.since, id`;
  const instances = rows.map(({ since, seen, is_holder: isHolder, ...instance }) => ({
    ...instance,
    since: Number(since),
    seen: Number(seen),
    isHolder,
  }));
  return { instances, isLeaseHeld: instances.some(({ isHolder }) => isHolder) };
}

/** By the first and the last line, so that no more of a long log is read. */
async function changesOf(sql: Sql): Promise<number> {
  const [answer] = await sql<{ lines: string }[]>`
    select (coalesce(max(id) - min(id) + 1, 0))::text as lines from dynonym.changes`;
  return Number(answer?.lines);
}

/** The place in a log as a number of octets: `16/B374D848`. Exact up to 8 PiB. */
function octetsOf(position: string): number {
  const [high = '0', low = '0'] = position.split('/');
  return Number.parseInt(high, 16) * 2 ** 32 + Number.parseInt(low, 16);
}
