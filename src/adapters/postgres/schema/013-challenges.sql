-- The challenge values that dynonym has written.
create table dynonym.challenges (
  number bigint generated always as identity,
  place  text collate "C"   not null,
  value  text collate "C"   not null,
  asked  text collate "C"   not null,
  since  bigint not null,
  primary key (place, value)
);

create index on dynonym.challenges (asked, value);
create index on dynonym.challenges (since);
