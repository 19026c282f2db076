import type { DomainName } from '../../domain/domain-name.ts';
import { DynonymError, type Parsed } from '../../domain/errors.ts';
import { type Network, networkText, parseNetwork } from '../../domain/network.ts';
import {
  addressText,
  type MailLanguage,
  type NoticeEvent,
  type NoticeForm,
  type NoticeTarget,
  parseNoticeAddress,
} from '../../domain/notice.ts';
import type { Passkey } from '../../domain/passkey.ts';
import type { TokenUse, UpdateToken } from '../../domain/update-token.ts';
import type { User, UserName } from '../../domain/user.ts';
import type { Sql } from './sql.ts';

/** A row of the view `whole_users`. */
export type UserRow = {
  readonly id: string;
  readonly name: UserName;
  readonly password_hash: string;
  readonly identity: string | null;
  readonly admin: boolean;
  readonly offline: boolean;
  readonly networks: readonly string[];
  readonly certificates: boolean | null;
  readonly expect: string | null;
  readonly offline_after: string | null;
  readonly domains: readonly DomainName[];
  readonly tokens: readonly TokenRow[];
  readonly passkeys: readonly PasskeyRow[];
  readonly notices: readonly NoticeRow[];
};

type TokenRow = {
  readonly name: string;
  readonly digest: string;
  readonly domains: readonly DomainName[] | null;
  readonly use: TokenUse | null;
  readonly networks: readonly string[] | null;
  readonly challenge: DomainName | null;
};

type PasskeyRow = Omit<Passkey, 'publicKey' | 'lastUse'> & {
  readonly public_key: string;
  readonly last_use: number | null;
};

export type NoticeRow = {
  readonly id: string;
  readonly address: string;
  readonly form: NoticeForm;
  readonly secret: string | null;
  readonly events: readonly NoticeEvent[];
  readonly names: readonly DomainName[];
  readonly confirm_digest: string | null;
  /** A number in JSON, a text in a column. */
  readonly confirm_until: number | string | null;
  readonly language: MailLanguage | null;
};

export const userOf = (row: UserRow): User => ({
  name: row.name,
  passwordHash: row.password_hash,
  domains: row.domains,
  offline: row.offline,
  networks: row.networks.map(networkOf),
  tokens: row.tokens.map(tokenOf),
  ...(row.passkeys.length > 0 && { passkeys: row.passkeys.map(passkeyOf) }),
  ...(row.identity !== null && { identity: row.identity }),
  ...(row.admin && { admin: true }),
  ...(row.certificates !== null && { certificates: row.certificates }),
  ...(row.expect !== null && { expect: Number(row.expect) }),
  ...(row.offline_after !== null && { offlineAfter: Number(row.offline_after) }),
  ...(row.notices.length > 0 && { notices: row.notices.map(noticeOf) }),
});

const tokenOf = ({ name, digest, domains, use, networks, challenge }: TokenRow): UpdateToken => ({
  name,
  digest,
  domains: domains ?? undefined,
  ...(use !== null && { use }),
  ...(networks !== null && { networks: networks.map(networkOf) }),
  ...(challenge !== null && { challenge }),
});

const passkeyOf = ({ public_key: publicKey, last_use: lastUse, ...passkey }: PasskeyRow): Passkey => ({
  ...passkey,
  publicKey,
  ...(lastUse !== null && { lastUse }),
});

export function noticeOf({ id, address, form, secret, events, names, ...row }: NoticeRow): NoticeTarget {
  const to = readBack(address, parseNoticeAddress);
  return {
    id,
    to,
    form,
    secret: secret ?? undefined,
    events,
    names,
    allow: [],
    ...(to.kind === 'mail' && { language: row.language ?? 'en' }),
    ...(row.confirm_digest !== null && {
      unconfirmed: { digest: row.confirm_digest, until: Number(row.confirm_until) },
    }),
  };
}

const networkOf = (text: string): Network => readBack(text, parseNetwork);

/** Reads what we wrote. Somebody may have changed it by hand. */
function readBack<Value>(text: string, parse: (text: string) => Parsed<Value>): Value {
  const parsed = parse(text);
  if (parsed.ok) return parsed.value;
  throw new DynonymError(
    'STORE_FAILED',
    `a value in the tables in PostgreSQL cannot be read: ${parsed.reason}`,
  );
}

// Rows travel to PostgreSQL as one list in JSON, so that many cost no more questions than one. `place` keeps their order.

export const insertUsers = (sql: Sql, users: readonly User[]) => sql`
  insert into dynonym.users
    (name, password_hash, identity, admin, offline, networks, certificates, expect, offline_after)
  select name, password_hash, identity, admin, offline, networks, certificates, expect, offline_after
  from json_to_recordset(${sql.typed.json(listOf(users.map(rowOfUser)))}) as added (
    place int, name text, password_hash text, identity text, admin boolean, offline boolean, networks text[],
    certificates boolean, expect bigint, offline_after bigint
  )
  order by place`;

const rowOfUser = (user: User) => ({
  name: user.name,
  password_hash: user.passwordHash,
  identity: user.identity,
  admin: user.admin ?? false,
  offline: user.offline,
  networks: user.networks.map(networkText),
  certificates: user.certificates,
  expect: user.expect,
  offline_after: user.offlineAfter,
});

/** Something of a user who is in the table. */
type Owned<Value> = readonly [owner: UserName, value: Value];

export const insertGrants = (sql: Sql, grants: readonly Owned<DomainName>[]) => sql`
  insert into dynonym.grants (owner, name)
  select users.id, added.name
  from json_to_recordset(${sql.typed.json(listOf(grants.map(([owner, name]) => ({ owner, name }))))})
    as added (place int, owner text, name text)
  join dynonym.users on users.name = added.owner
  order by place
  on conflict do nothing`;

export const insertTokens = (sql: Sql, tokens: readonly Owned<UpdateToken>[]) => sql`
  insert into dynonym.tokens (owner, name, digest, domains, use, networks, challenge)
  select
    users.id, added.name, decode(added.digest, 'hex'), added.domains, added.use, added.networks, added.challenge
  from json_to_recordset(${sql.typed.json(listOf(tokens.map(rowOfToken)))}) as added (
    place int, owner text, name text, digest text, domains text[], use text, networks text[], challenge text
  )
  join dynonym.users on users.name = added.owner
  order by place`;

const rowOfToken = ([owner, { networks, ...token }]: Owned<UpdateToken>) => ({
  ...token,
  owner,
  networks: networks?.map(networkText),
});

export const insertPasskeys = (sql: Sql, passkeys: readonly Owned<Passkey>[]) => sql`
  insert into dynonym.passkeys (owner, name, id, public_key, counter, since, last_use)
  select users.id, added.name, added.id, added.public_key, added.counter, added.since, added.last_use
  from json_to_recordset(${sql.typed.json(listOf(passkeys.map(rowOfPasskey)))}) as added (
    place int, owner text, name text, id text, public_key text, counter bigint, since bigint,
    last_use bigint
  )
  join dynonym.users on users.name = added.owner
  order by place`;

const rowOfPasskey = ([owner, { publicKey, lastUse, ...passkey }]: Owned<Passkey>) => ({
  ...passkey,
  owner,
  public_key: publicKey,
  last_use: lastUse,
});

export const insertNotices = (sql: Sql, notices: readonly Owned<NoticeTarget>[]) => sql`
  insert into dynonym.notices (owner, id, address, form, secret, events, names, confirm_digest, confirm_until, language)
  select
    users.id, added.id, added.address, added.form, added.secret, added.events, added.names,
    decode(added.confirm_digest, 'hex'), added.confirm_until, added.language
  from json_to_recordset(${sql.typed.json(listOf(notices.map(rowOfNotice)))}) as added (
    place int, owner text, id text, address text, form text, secret text, events text[], names text[],
    confirm_digest text, confirm_until bigint, language text
  )
  join dynonym.users on users.name = added.owner
  order by place`;

const rowOfNotice = ([owner, { to, allow: _, unconfirmed, ...notice }]: Owned<NoticeTarget>) => ({
  ...notice,
  owner,
  address: addressText(to),
  confirm_digest: unconfirmed?.digest,
  confirm_until: unconfirmed?.until,
});

const listOf = (rows: readonly object[]): readonly object[] => rows.map((row, place) => ({ ...row, place }));
