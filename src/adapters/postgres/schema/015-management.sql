-- The last changes of users, hosts and settings.
create table dynonym.deeds (
  number bigint generated always as identity primary key,
  deed   text collate "C"   not null,
  -- The user to whom it was done.
  owner  text collate "C",
  event  json   not null
);

create index on dynonym.deeds (owner) where owner is not null;
