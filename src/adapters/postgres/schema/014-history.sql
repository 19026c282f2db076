-- What is known of each name, and its latest event. A report that says the same as the one before changes this row only.
create table dynonym.name_states (
  name     text collate "C"   primary key,
  -- How many events the name has had. That is the number of the latest.
  events   bigint not null default 0,
  -- The last user who reported the name.
  reporter text collate "C",
  -- The day of the latest event. A day, and no exact time, so that most changes of a row leave its indexes alone.
  day      date,
  summary  json
) with (fillfactor = 70);

create index on dynonym.name_states (reporter) where reporter is not null;
create index on dynonym.name_states (day);

-- The events before the latest.
create table dynonym.name_events (
  name     text collate "C"   not null,
  number   bigint not null,
  at       bigint not null,
  -- The user, where the event is a report.
  reporter text collate "C",
  event    json   not null,
  primary key (name, number)
);

create index on dynonym.name_events (at);
create index on dynonym.name_events (reporter) where reporter is not null;
