import type { HostChanged, HostOvertaken, HostStore } from '../../application/ports/host-store.ts';
import { type Part, type PartOf, partOf } from '../../application/ports/part.ts';
import type { DomainName } from '../../domain/domain-name.ts';
import {
  type HostChange,
  type HostSettings,
  hasSameSettings,
  unknownHost,
} from '../../domain/host-settings.ts';
import type { Ipv6Address } from '../../domain/ip-address.ts';
import { folded } from '../../domain/search.ts';
import type { Ttl } from '../../domain/ttl.ts';
import { allRows, endOf, PAGE } from './all-rows.ts';
import type { Database } from './database.ts';
import type { PostgresChangeLog } from './postgres-change-log.ts';
import type { Sql } from './sql.ts';

type HostRow = {
  readonly name: DomainName;
  readonly ttl: Ttl | null;
  readonly offline: boolean;
  readonly follows: DomainName | null;
  readonly interface_id: string | null;
  readonly prefix_length: number | null;
  readonly expect: string | null;
  readonly offline_after: string | null;
};

/** The table `hosts`. */
export class PostgresHostStore implements HostStore {
  readonly #database: Database;
  readonly #log: PostgresChangeLog;

  constructor(database: Database, log: PostgresChangeLog) {
    this.#database = database;
    this.#log = log;
  }

  async find(names: readonly DomainName[]): Promise<ReadonlyMap<DomainName, HostSettings>> {
    const rows = await this.#database.ask(
      (sql) => sql<HostRow[]>`select * from dynonym.hosts where name = any(${sql.typed.texts(names)})`,
    );
    return new Map(rows.map((row) => [row.name, hostOf(row)]));
  }

  async followersOf(names: readonly DomainName[]): Promise<readonly HostSettings[]> {
    const rows = await this.#database.ask(
      (sql) => sql<HostRow[]>`
        select * from dynonym.hosts where follows = any(${sql.typed.texts(names)}) order by name`,
    );
    return rows.map(hostOf);
  }

  async *list(): AsyncIterable<HostSettings> {
    const rowsBehind = (last: HostRow | undefined) =>
      this.#database.ask(
        (sql) => sql<HostRow[]>`
          select * from dynonym.hosts where name > ${last?.name ?? ''} order by name limit ${PAGE}`,
      );
    for await (const row of allRows(rowsBehind)) yield hostOf(row);
  }

  async followersPage({
    search,
    after = '' as DomainName,
    most,
  }: Part<DomainName>): Promise<PartOf<HostSettings>> {
    const sought = folded(search);
    const rows = await this.#database.ask(
      (sql) => sql<HostRow[]>`
        select * from dynonym.hosts
        where follows is not null and name > ${after} and name >= ${sought} and name < ${endOf(sought)}
        order by name limit ${most + 1}`,
    );
    return partOf(rows.map(hostOf), most);
  }

  change(
    name: DomainName,
    change: HostChange,
    expected?: HostSettings,
  ): Promise<HostChanged | HostOvertaken> {
    return this.#log.change<HostChanged | HostOvertaken>(async (sql, changed) => {
      const rows = await sql<HostRow[]>`select * from dynonym.hosts where name = ${name}`;
      const known = rows.map(hostOf)[0] ?? unknownHost(name);
      if (expected !== undefined && !hasSameSettings(known, expected)) {
        return { kind: 'overtaken', host: known };
      }
      const host: HostSettings = { ...known, ...change };
      if (hasSameSettings(host, known)) return { kind: 'unchanged', host };
      await sql`delete from dynonym.hosts where name = ${name}`;
      if (!hasSameSettings(host, unknownHost(name))) await insert(sql, [host]);
      changed({ names: concerned(name, known.follows, host.follows) });
      return { kind: 'changed', host };
    });
  }

  addAll(hosts: readonly HostSettings[]): Promise<readonly DomainName[]> {
    const names = hosts.map(({ name }) => name);
    return this.#log.change(async (sql, changed) => {
      const existing = await sql<Pick<HostRow, 'name'>[]>`
        select name from dynonym.hosts where name = any(${sql.typed.texts(names)})`;
      if (existing.length > 0) return existing.map(({ name }) => name);
      await insert(sql, hosts);
      changed({ names: hosts.flatMap(({ name, follows }) => concerned(name, follows)) });
      return [];
    });
  }

  clear(name: DomainName): Promise<'cleared' | 'unknown-host'> {
    return this.#log.change(async (sql, changed) => {
      const [row] = await sql<Pick<HostRow, 'follows'>[]>`
        delete from dynonym.hosts where name = ${name} returning follows`;
      if (row === undefined) return 'unknown-host';
      changed({ names: concerned(name, row.follows) });
      return 'cleared';
    });
  }
}

/** Those who are told of a host: its own name, and those that it follows. */
const concerned = (...names: readonly (DomainName | null | undefined)[]): readonly DomainName[] =>
  names.flatMap((name) => name ?? []);

const hostOf = (row: HostRow): HostSettings => ({
  name: row.name,
  ttl: row.ttl ?? undefined,
  offline: row.offline,
  follows: row.follows ?? undefined,
  interfaceId: row.interface_id === null ? undefined : ipv6(row.interface_id),
  prefixLength: row.prefix_length ?? undefined,
  ...(row.expect !== null && { expect: Number(row.expect) }),
  ...(row.offline_after !== null && { offlineAfter: Number(row.offline_after) }),
});

const ipv6 = (text: string): Ipv6Address => ({ family: 'ipv6', text });

const insert = (sql: Sql, hosts: readonly HostSettings[]) => sql`
  insert into dynonym.hosts (name, ttl, offline, follows, interface_id, prefix_length, expect, offline_after)
  select name, ttl, offline, follows, interface_id, prefix_length, expect, offline_after
  from json_to_recordset(${sql.typed.json(hosts.map(rowOfHost))}) as added (
    name text, ttl int, offline boolean, follows text, interface_id text, prefix_length int, expect bigint,
    offline_after bigint
  )`;

const rowOfHost = ({ interfaceId, prefixLength, offlineAfter, ...host }: HostSettings) => ({
  ...host,
  interface_id: interfaceId?.text,
  prefix_length: prefixLength,
  offline_after: offlineAfter,
});
