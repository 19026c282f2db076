-- Names that are expected to be reported, and when each is to be looked at. A look asks for those that are due, and
-- never for all. Reports leave this table alone, but for the one that ends a silence.
create table dynonym.watched (
  name        text   collate "C" primary key,
  -- Not before then can the name be silent, or be taken off. 0: at once.
  due         bigint not null default 0,
  -- What the last look saw: the last report, as the instance dated it, and when that was heard, in the time that all
  -- instances share.
  reported_at bigint,
  heard       bigint,
  -- Null: it is not silent.
  silent      text
);

create index on dynonym.watched (due);
create index on dynonym.watched (name) where silent is not null;

-- Only the look at all users and hosts needed these indexes. This table takes its place.
drop index dynonym.users_id_idx;
drop index dynonym.hosts_name_idx1;

-- The functions below make names due at once where an expectation may begin or become shorter. Nobody removes a row but
-- the look that finds that nobody expects the name any more. Rows are locked in the order of names.

create function dynonym.watch(wanted text[]) returns void language sql as $$
  insert into dynonym.watched (name)
  select distinct name from unnest(wanted) as name order by name
  on conflict (name) do update set due = 0
$$;

create function dynonym.grants_added() returns trigger language plpgsql as $$
begin
  perform dynonym.watch(array(
    select added.name from added join dynonym.users on users.id = added.owner
    where users.expect is not null or users.offline_after is not null
  ));
  return null;
end
$$;

create trigger watched after insert on dynonym.grants
  referencing new table as added
  for each statement execute function dynonym.grants_added();

-- Another user of the name may want it to be taken off sooner.
create function dynonym.grants_removed() returns trigger language plpgsql as $$
begin
  perform dynonym.watch(array(
    select name from dynonym.watched where name in (select removed.name from removed)
  ));
  return null;
end
$$;

create trigger unwatched after delete on dynonym.grants
  referencing old table as removed
  for each statement execute function dynonym.grants_removed();

create function dynonym.users_changed() returns trigger language plpgsql as $$
begin
  perform dynonym.watch(array(
    select grants.name
    from after join before using (id) join dynonym.grants on grants.owner = after.id
    where (after.expect, after.offline_after) is distinct from (before.expect, before.offline_after)
      and (after.expect is not null or after.offline_after is not null)
  ));
  return null;
end
$$;

create trigger watched after update on dynonym.users
  referencing old table as before new table as after
  for each statement execute function dynonym.users_changed();

create function dynonym.hosts_set() returns trigger language plpgsql as $$
begin
  perform dynonym.watch(array(
    select name from after where expect is not null or offline_after is not null
  ));
  return null;
end
$$;

create trigger watched after insert on dynonym.hosts
  referencing new table as after
  for each statement execute function dynonym.hosts_set();

create trigger rewatched after update on dynonym.hosts
  referencing new table as after
  for each statement execute function dynonym.hosts_set();

-- From then on, what is set for the users of the name counts.
create function dynonym.hosts_cleared() returns trigger language plpgsql as $$
begin
  perform dynonym.watch(array(
    select name from dynonym.watched where name in (
      select before.name from before where expect is not null or offline_after is not null
    )
  ));
  return null;
end
$$;

create trigger unwatched after delete on dynonym.hosts
  referencing old table as before
  for each statement execute function dynonym.hosts_cleared();

insert into dynonym.watched (name)
select grants.name from dynonym.grants join dynonym.users on users.id = grants.owner
where users.expect is not null or users.offline_after is not null
union
select name from dynonym.hosts where expect is not null or offline_after is not null;
