-- The processes that serve, and when each was heard of last.
create table dynonym.instances (
  id      uuid        primary key,
  host    text        not null,
  process int         not null,
  version text        not null,
  since   timestamptz not null default now(),
  seen    timestamptz not null default now()
);

-- Which of them does the work that is done once for all. A row in place of a lock, which would belong to a connection.
create table dynonym.leases (
  name   text collate "C"        primary key,
  holder uuid        not null,
  until  timestamptz not null
);
