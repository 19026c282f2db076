-- Links that were given out and not used yet.
create table dynonym.invitations (
  number  bigint generated always as identity,
  digest  text collate "C"   primary key,
  made_by text   not null,
  since   bigint not null,
  offer   json   not null
);

create index on dynonym.invitations (since);
