-- Who may log in, and what each of them may do. Texts are compared octet by octet (collation "C"), so that no index
-- depends on the locales of the system.
create table dynonym.users (
  id            bigint  generated always as identity primary key,
  name          text    collate "C" not null unique,
  password_hash text    not null,
  -- What the identity provider calls the user.
  identity      text    collate "C",
  admin         boolean not null default false,
  offline       boolean not null default false,
  -- From where the user may log in. None: from everywhere.
  networks      text[]  not null default '{}',
  -- Null: only where nobody else holds a name that such a certificate would cover.
  certificates  boolean,
  -- Milliseconds. So are all times and durations below.
  expect        bigint,
  offline_after bigint
);

create unique index on dynonym.users (identity) where identity is not null;

-- Names whose addresses the owner may change.
create table dynonym.grants (
  number bigint generated always as identity,
  owner  bigint not null references dynonym.users on delete cascade,
  name   text   collate "C" not null,
  primary key (name, owner)
);

create index on dynonym.grants (owner);
-- By the name above.
create index on dynonym.grants (substr(name, strpos(name, '.') + 1));

-- Secrets for programs.
create table dynonym.tokens (
  number    bigint generated always as identity,
  owner     bigint not null references dynonym.users on delete cascade,
  name      text   collate "C" not null,
  -- SHA-256 of the secret.
  digest    bytea  not null,
  -- Null: all names of the owner.
  domains   text[],
  -- Null: to report addresses.
  use       text,
  -- Null: from wherever the owner may log in.
  networks  text[],
  -- A challenge name that belongs to this token alone.
  challenge text   collate "C",
  primary key (owner, name)
);

create index on dynonym.tokens (digest);
create index on dynonym.tokens (challenge) where challenge is not null;

-- Credentials of Web Authentication.
create table dynonym.passkeys (
  number     bigint generated always as identity,
  owner      bigint not null references dynonym.users on delete cascade,
  name       text   collate "C" not null,
  id         text   collate "C" not null unique,
  public_key text   not null,
  counter    bigint not null,
  since      bigint not null,
  primary key (owner, name)
);

-- Where notices of the owner's names go.
create table dynonym.notices (
  number  bigint generated always as identity,
  owner   bigint not null references dynonym.users on delete cascade,
  id      text   collate "C" not null,
  address text   not null,
  form    text   not null,
  secret  text,
  -- Filters. None: all.
  events  text[] not null,
  names   text[] not null,
  primary key (owner, id)
);

-- Users with all that belongs to them, each in one row. The lists are in the order in which they were made.
create view dynonym.whole_users as
select
  users.id,
  users.name,
  users.password_hash,
  users.identity,
  users.admin,
  users.offline,
  to_json(users.networks) as networks,
  users.certificates,
  users.expect,
  users.offline_after,
  to_json(array(
    select grants.name from dynonym.grants where grants.owner = users.id order by grants.number
  )) as domains,
  to_json(array(
    select json_build_object(
      'name', tokens.name, 'digest', encode(tokens.digest, 'hex'), 'domains', tokens.domains, 'use', tokens.use,
      'networks', tokens.networks, 'challenge', tokens.challenge
    )
    from dynonym.tokens where tokens.owner = users.id order by tokens.number
  )) as tokens,
  to_json(array(
    select json_build_object(
      'name', passkeys.name, 'id', passkeys.id, 'public_key', passkeys.public_key, 'counter', passkeys.counter,
      'since', passkeys.since
    )
    from dynonym.passkeys where passkeys.owner = users.id order by passkeys.number
  )) as passkeys,
  to_json(array(
    select json_build_object(
      'id', notices.id, 'address', notices.address, 'form', notices.form, 'secret', notices.secret,
      'events', notices.events, 'names', notices.names
    )
    from dynonym.notices where notices.owner = users.id order by notices.number
  )) as notices
from dynonym.users;

-- Who has a say about a certificate for `certified` and its wildcard: the owners of a name that it covers, which is
-- that name itself or one label below, and those of a token whose challenge name it is.
create view dynonym.certifiers as
select name as certified, owner from dynonym.grants where name not like '*.%'
union all
select substr(name, strpos(name, '.') + 1) as certified, owner from dynonym.grants
union all
select challenge as certified, owner from dynonym.tokens where challenge is not null;
