-- Who is signed in to the pages. Times here and below are milliseconds since 1970-01-01 UTC.
create table dynonym.sessions (
  number        bigint  generated always as identity,
  digest        text collate "C"    primary key,
  owner         text collate "C"    not null,
  password_mark text    not null,
  since         bigint  not null,
  agent         text    not null,
  client        text    not null,
  by_provider   boolean not null
);

create index on dynonym.sessions (owner, number);
create index on dynonym.sessions (since);
