-- Sign-ins that have begun, and have not ended yet: good once, and for some minutes.
create table dynonym.pending_sign_ins (
  -- Digest of a key that has a secret of the browser.
  digest text collate "C"        primary key,
  value  text collate "C"        not null,
  until  timestamptz not null
);

create index on dynonym.pending_sign_ins (until);
