-- Notices that their targets have not taken yet, in the order in which they are sent.
create table dynonym.pending_notices (
  number bigint generated always as identity primary key,
  target text collate "C"   not null,
  id     text collate "C"   not null,
  -- The user whose target that is. None: the operator's.
  owner  text collate "C",
  notice json   not null,
  unique (target, id)
);
