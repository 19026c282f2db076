-- What operators and the look for silent names ask, so that their cost does not grow with the number of users.

create index on dynonym.users (lower(name), name);
create index on dynonym.users (name) where admin;
create index on dynonym.users (id) where expect is not null or offline_after is not null;
create index on dynonym.grants (owner, name);
drop index dynonym.grants_owner_idx;
create index on dynonym.hosts (name) where follows is not null;
create index on dynonym.hosts (name) where expect is not null or offline_after is not null;

-- Names that somebody has to look at: few, and the table is large.
alter table dynonym.name_states add column troubled boolean not null default false;
create index on dynonym.name_states (name) where troubled;
