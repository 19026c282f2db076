-- Users who set something up, and the instance where they look at it.
create table dynonym.set_ups (
  owner    text        collate "C" not null,
  instance uuid        not null,
  until    timestamptz not null,
  primary key (owner, instance)
);

-- What has come for them, to whichever instance.
create table dynonym.arrivals (
  number   bigint      generated always as identity primary key,
  instance uuid        not null,
  owner    text        collate "C" not null,
  at       timestamptz not null default now(),
  event    json        not null
);

create index on dynonym.arrivals (at);
