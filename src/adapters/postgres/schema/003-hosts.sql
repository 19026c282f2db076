-- What is set for single names. Most names have no row.
create table dynonym.hosts (
  name          text    collate "C" primary key,
  ttl           int,
  offline       boolean not null,
  -- The host gets a new AAAA whenever a prefix is reported for that name.
  follows       text    collate "C",
  -- The low bits of its own address, in the canonical form of RFC 5952.
  interface_id  text,
  prefix_length int,
  -- Milliseconds.
  expect        bigint,
  offline_after bigint
);

create index on dynonym.hosts (follows) where follows is not null;
