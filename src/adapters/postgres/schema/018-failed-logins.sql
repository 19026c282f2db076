-- Failed logins, counted by all instances together. Times are milliseconds of a clock that all of them share.
create table dynonym.failed_logins (
  -- What is counted: a name at a site, a site, or a network.
  kind         text collate "C"   not null,
  -- The site or network. For a name, also a few digits of its digest: it may be a password in the wrong field.
  key          text collate "C"   not null,
  times        json   not null,
  failed_last  bigint not null,
  -- When the last pause began, and when it ends. 0: there was none.
  paused_at    bigint not null,
  paused_until bigint not null,
  next_pause   bigint not null,
  primary key (key, kind)
);

create index on dynonym.failed_logins (failed_last);
create index on dynonym.failed_logins (paused_at) where paused_at > 0;
