import type { PendingQuery, Row } from 'postgres';
import { type Part, type PartOf, partOf } from '../../application/ports/part.ts';
import {
  type GrantedName,
  type NoticeRefusal,
  refusalOf,
  refusalOfNotice,
  type UserCondition,
  type UserRefusal,
  type UserStore,
} from '../../application/ports/user-store.ts';
import type { DomainName } from '../../domain/domain-name.ts';
import { networkText } from '../../domain/network.ts';
import type { NoticeTarget } from '../../domain/notice.ts';
import type { Passkey, PasskeyUse } from '../../domain/passkey.ts';
import { folded } from '../../domain/search.ts';
import type { UpdateToken } from '../../domain/update-token.ts';
import { type User, type UserName, type UserRights, withRights } from '../../domain/user.ts';
import { allRows, endOf, PAGE } from './all-rows.ts';
import type { Database } from './database.ts';
import type { PostgresChangeLog } from './postgres-change-log.ts';
import type { Sql } from './sql.ts';
import {
  insertGrants,
  insertNotices,
  insertPasskeys,
  insertTokens,
  insertUsers,
  type NoticeRow,
  noticeOf,
  type UserRow,
  userOf,
} from './user-rows.ts';

type Statement = (sql: Sql) => PendingQuery<Row[]>;

/** The table `users`, and those of what belongs to a user. */
export class PostgresUserStore implements UserStore {
  readonly #database: Database;
  readonly #log: PostgresChangeLog;

  constructor(database: Database, log: PostgresChangeLog) {
    this.#database = database;
    this.#log = log;
  }

  find(name: UserName): Promise<User | undefined> {
    return this.#findWhere((sql) => sql`name = ${name}`);
  }

  findByTokenDigest(digest: string): Promise<User | undefined> {
    return this.#findWhere(
      (sql) => sql`id = (select min(owner) from dynonym.tokens where digest = decode(${digest}, 'hex'))`,
    );
  }

  findByPasskey(id: string): Promise<User | undefined> {
    return this.#findWhere((sql) => sql`id = (select owner from dynonym.passkeys where passkeys.id = ${id})`);
  }

  findByIdentity(identity: string): Promise<User | undefined> {
    return this.#findWhere((sql) => sql`identity = ${identity}`);
  }

  findByConfirmation(digest: string): Promise<User | undefined> {
    return this.#findWhere(
      (sql) => sql`
        id = (select min(owner) from dynonym.notices where confirm_digest = decode(${digest}, 'hex'))`,
    );
  }

  async *list(): AsyncIterable<User> {
    const rowsBehind = (last: UserRow | undefined) =>
      this.#database.ask(
        (sql) => sql<UserRow[]>`
          select * from dynonym.whole_users where id > ${last?.id ?? 0} order by id limit ${PAGE}`,
      );
    for await (const row of allRows(rowsBehind)) yield userOf(row);
  }

  async page({ search, after = '' as UserName, most }: Part<UserName>): Promise<PartOf<User>> {
    const sought = folded(search);
    const rows = await this.#database.ask((sql) => {
      const behind = sql`(lower(users.name), users.name) > (${folded(after)}, ${after})`;
      return sql<UserRow[]>`
        with found as (
          (
            select id from dynonym.users
            where ${behind} and lower(name) >= ${sought} and lower(name) < ${endOf(sought)}
            order by lower(name), name limit ${most + 1}
          )
          union
          (
            select users.id from dynonym.grants join dynonym.users on users.id = grants.owner
            where grants.name = ${sought} and ${behind}
            order by lower(users.name), users.name limit ${most + 1}
          )
        )
        select whole_users.* from found join dynonym.whole_users using (id)
        order by lower(name), name limit ${most + 1}`;
    });
    return partOf(rows.map(userOf), most);
  }

  async grantedPage({
    search,
    after = '' as DomainName,
    most,
  }: Part<DomainName>): Promise<PartOf<GrantedName>> {
    const sought = folded(search);
    const rows = await this.#database.ask(
      (sql) => sql<GrantedName[]>`
        with found as (
          (
            select distinct name from dynonym.grants
            where name > ${after} and name >= ${sought} and name < ${endOf(sought)}
            order by name limit ${most + 1}
          )
          union
          (
            select name from dynonym.grants
            where owner = ${ownerNamed(sql, search.replaceAll('\0', ' ') as UserName)} and name > ${after}
            order by name limit ${most + 1}
          )
        )
        select name, to_json(${holders(sql, sql`found.name`)}) as users
        from found order by name limit ${most + 1}`,
    );
    return partOf(rows, most);
  }

  async holdersOf(names: readonly DomainName[]): Promise<ReadonlyMap<DomainName, readonly UserName[]>> {
    const rows = await this.#database.ask(
      (sql) => sql<GrantedName[]>`
        select grants.name, to_json(array_agg(users.name order by users.id)) as users
        from dynonym.grants join dynonym.users on users.id = grants.owner
        where grants.name = any(${sql.typed.texts(names)})
        group by grants.name`,
    );
    return new Map(rows.map(({ name, users }) => [name, users]));
  }

  grantedOf(domains: readonly DomainName[]): Promise<ReadonlySet<DomainName>> {
    return this.#database.ask((sql) => grantedOf(sql, domains));
  }

  async isHeldByOthers(certified: DomainName, name: UserName): Promise<boolean> {
    const [answer] = await this.#database.ask(
      (sql) => sql<{ held: boolean }[]>`
        select exists (
          select from dynonym.certifiers
          join dynonym.users on users.id = certifiers.owner
          where certifiers.certified = ${certified} and users.name <> ${name}
        ) as held`,
    );
    return answer?.held === true;
  }

  async noticesAbout(domain: DomainName): ReturnType<UserStore['noticesAbout']> {
    const rows = await this.#database.ask(
      (sql) => sql<(NoticeRow & { user: UserName })[]>`
        select
          users.name as user, notices.id, address, form, secret, to_json(events) as events, to_json(names) as names,
          encode(confirm_digest, 'hex') as confirm_digest, confirm_until, language
        from dynonym.grants
        join dynonym.notices using (owner)
        join dynonym.users on users.id = owner
        where grants.name = ${domain}
        order by users.id, notices.number`,
    );
    return rows.map(({ user, ...row }) => ({ user, target: noticeOf(row) }));
  }

  add(user: User, claimed: readonly DomainName[] = []): Promise<'added' | 'exists' | 'held'> {
    return this.#log.change(async (sql, changed) => {
      if ((await existingOf(sql, [user.name])).size > 0) return 'exists';
      if ((await grantedOf(sql, claimed)).size > 0) return 'held';
      await insertWhole(sql, [user]);
      changed({ users: [user.name], names: user.domains });
      return 'added';
    });
  }

  addAll(users: readonly User[]): Promise<readonly UserName[]> {
    const names = users.map(({ name }) => name);
    return this.#log.change(async (sql, changed) => {
      const existing = await existingOf(sql, names);
      if (existing.size > 0) return names.filter((name) => existing.has(name));
      await insertWhole(sql, users);
      changed({ users: names, names: users.flatMap(({ domains }) => domains) });
      return [];
    });
  }

  remove(name: UserName, condition: UserCondition = {}): Promise<'removed' | 'unknown-user' | UserRefusal> {
    return this.#log.change(async (sql, changed) => {
      const { user, hasOtherOperator } = await judged(sql, name);
      if (user === undefined) return 'unknown-user';
      const refusal = refusalOf(condition, user, undefined, hasOtherOperator);
      if (refusal !== undefined) return refusal;
      await sql`delete from dynonym.users where name = ${name}`;
      changed({ users: [name], names: user.domains });
      return 'removed';
    });
  }

  setPasswordHash(name: UserName, passwordHash: string): Promise<'changed' | 'unknown-user'> {
    return this.#set(name, (sql) => sql`password_hash = ${passwordHash}`);
  }

  setRights(
    name: UserName,
    rights: UserRights,
    condition: UserCondition = {},
  ): Promise<'changed' | 'unknown-user' | UserRefusal> {
    return this.#log.change(async (sql, changed) => {
      const { user, hasOtherOperator } = await judged(sql, name);
      if (user === undefined) return 'unknown-user';
      const next = withRights(user, rights);
      const refusal = refusalOf(condition, user, next, hasOtherOperator);
      if (refusal !== undefined) return refusal;
      await sql`
        update dynonym.users set
          admin = ${next.admin ?? false}, certificates = ${next.certificates ?? null},
          networks = ${sql.typed.texts(next.networks.map(networkText))}
        where name = ${name}`;
      changed({ users: [name] });
      return 'changed';
    });
  }

  setIdentity(name: UserName, identity: string | undefined): Promise<'changed' | 'taken' | 'unknown-user'> {
    const wanted = identity ?? null;
    return this.#change(
      name,
      ['changed', 'taken'],
      (sql) => sql`
        update dynonym.users set identity = ${wanted}
        where name = ${name}
          and not exists (select from dynonym.users where identity = ${wanted} and name <> ${name})`,
    );
  }

  grant(name: UserName, domain: DomainName): Promise<'granted' | 'already-granted' | 'unknown-user'> {
    const outcomes = ['granted', 'already-granted'] as const;
    return this.#change(name, outcomes, (sql) => insertGrants(sql, [[name, domain]]), [domain]);
  }

  revoke(name: UserName, domain: DomainName): Promise<'revoked' | 'not-granted' | 'unknown-user'> {
    return this.#change(
      name,
      ['revoked', 'not-granted'],
      (sql) => sql`delete from dynonym.grants where owner = ${ownerNamed(sql, name)} and name = ${domain}`,
      [domain],
    );
  }

  addToken(name: UserName, token: UpdateToken): Promise<'added' | 'exists' | 'unknown-user'> {
    return this.#add(name, (sql) => insertTokens(sql, [[name, token]]));
  }

  removeToken(name: UserName, token: string): Promise<'removed' | 'unknown-token' | 'unknown-user'> {
    return this.#change(
      name,
      ['removed', 'unknown-token'],
      (sql) => sql`delete from dynonym.tokens where owner = ${ownerNamed(sql, name)} and name = ${token}`,
    );
  }

  addPasskey(name: UserName, passkey: Passkey): Promise<'added' | 'exists' | 'unknown-user'> {
    return this.#add(name, (sql) => insertPasskeys(sql, [[name, passkey]]));
  }

  setPasskeyUse(
    name: UserName,
    passkey: string,
    { counter, at }: PasskeyUse,
  ): Promise<'changed' | 'unknown-passkey' | 'unknown-user'> {
    return this.#change(
      name,
      ['changed', 'unknown-passkey'],
      (sql) => sql`
        update dynonym.passkeys set counter = ${counter}, last_use = ${at}
        where owner = ${ownerNamed(sql, name)} and name = ${passkey}`,
    );
  }

  removePasskey(name: UserName, passkey: string): Promise<'removed' | 'unknown-passkey' | 'unknown-user'> {
    return this.#change(
      name,
      ['removed', 'unknown-passkey'],
      (sql) => sql`delete from dynonym.passkeys where owner = ${ownerNamed(sql, name)} and name = ${passkey}`,
    );
  }

  addNotice(name: UserName, target: NoticeTarget): Promise<'added' | 'unknown-user' | NoticeRefusal> {
    return this.#log.change(async (sql, changed) => {
      const { user } = await judged(sql, name);
      if (user === undefined) return 'unknown-user';
      const refusal = refusalOfNotice(user, target);
      if (refusal !== undefined) return refusal;
      await sql`delete from dynonym.notices where owner = ${ownerNamed(sql, name)} and id = ${target.id}`;
      await insertNotices(sql, [[name, target]]);
      changed({ users: [name] });
      return 'added';
    });
  }

  confirmNotice(name: UserName, digest: string): Promise<'confirmed' | 'unknown-notice' | 'unknown-user'> {
    return this.#change(
      name,
      ['confirmed', 'unknown-notice'],
      (sql) => sql`
        update dynonym.notices set confirm_digest = null, confirm_until = null
        where owner = ${ownerNamed(sql, name)} and confirm_digest = decode(${digest}, 'hex')`,
    );
  }

  removeNotice(name: UserName, target: string): Promise<'removed' | 'unknown-notice' | 'unknown-user'> {
    return this.#change(
      name,
      ['removed', 'unknown-notice'],
      (sql) => sql`delete from dynonym.notices where owner = ${ownerNamed(sql, name)} and id = ${target}`,
    );
  }

  async #findWhere(condition: Statement): Promise<User | undefined> {
    const rows = await this.#database.ask(
      (sql) => sql<UserRow[]>`select * from dynonym.whole_users where ${condition(sql)}`,
    );
    return rows.map(userOf)[0];
  }

  #set(name: UserName, assignment: Statement): Promise<'changed' | 'unknown-user'> {
    return this.#change(
      name,
      ['changed', 'changed'],
      (sql) => sql`update dynonym.users set ${assignment(sql)} where name = ${name}`,
    );
  }

  /** Adds a row, unless one like it is there. */
  #add(name: UserName, insert: Statement): Promise<'added' | 'exists' | 'unknown-user'> {
    return this.#change(name, ['added', 'exists'], (sql) => sql`${insert(sql)} on conflict do nothing`);
  }

  /** Changes something of an existing user by one statement. Resolves to `otherwise` when it changes no row. */
  #change<Done, Otherwise>(
    name: UserName,
    [done, otherwise]: readonly [Done, Otherwise],
    statement: Statement,
    names: readonly DomainName[] = [],
  ): Promise<Done | Otherwise | 'unknown-user'> {
    return this.#log.change(async (sql, changed) => {
      if ((await existingOf(sql, [name])).size === 0) return 'unknown-user';
      const { count } = await statement(sql);
      if (count === 0) return otherwise;
      changed({ users: [name], names });
      return done;
    });
  }
}

/** Those to whom a name was granted. */
const holders = (sql: Sql, name: PendingQuery<Row[]>) => sql`array(
  select users.name from dynonym.grants join dynonym.users on users.id = grants.owner
  where grants.name = ${name} order by users.id
)`;

/** A user who is about to be changed, and whether anybody else is an operator. */
async function judged(sql: Sql, name: UserName) {
  const [row] = await sql<(UserRow & { others: boolean })[]>`
    select
      whole_users.*, exists (select from dynonym.users as other where other.admin and other.name <> ${name}) as others
    from dynonym.whole_users where name = ${name}`;
  return { user: row && userOf(row), hasOtherOperator: row?.others === true };
}

const ownerNamed = (sql: Sql, name: UserName) => sql`(select id from dynonym.users where name = ${name})`;

async function existingOf(sql: Sql, names: readonly UserName[]): Promise<ReadonlySet<UserName>> {
  const rows = await sql<{ name: UserName }[]>`
    select name from dynonym.users where name = any(${sql.typed.texts(names)})`;
  return new Set(rows.map(({ name }) => name));
}

async function grantedOf(sql: Sql, domains: readonly DomainName[]): Promise<ReadonlySet<DomainName>> {
  const rows = await sql<{ name: DomainName }[]>`
    select distinct name from dynonym.grants where name = any(${sql.typed.texts(domains)})`;
  return new Set(rows.map(({ name }) => name));
}

/** Adds users with all that belongs to them. */
async function insertWhole(sql: Sql, users: readonly User[]): Promise<void> {
  const owned = <Value>(valuesOf: (user: User) => readonly Value[] | undefined) =>
    users.flatMap((user) => (valuesOf(user) ?? []).map((value) => [user.name, value] as const));
  await insertUsers(sql, users);
  await insertGrants(
    sql,
    owned(({ domains }) => domains),
  );
  await insertTokens(
    sql,
    owned(({ tokens }) => tokens),
  );
  await insertPasskeys(
    sql,
    owned(({ passkeys }) => passkeys),
  );
  await insertNotices(
    sql,
    owned(({ notices }) => notices),
  );
}
