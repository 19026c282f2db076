-- Users who were removed within the last hour. What is remembered of them elsewhere is forgotten soon afterwards, also
-- what an instance still had to write.
create table dynonym.removed_users (
  name text collate "C"        primary key,
  at   timestamptz not null default now()
);

create function dynonym.user_removed() returns trigger language plpgsql as $$
begin
  delete from dynonym.sessions where owner = old.name;
  insert into dynonym.removed_users (name) values (old.name)
    on conflict (name) do update set at = now();
  return null;
end
$$;

create trigger removed after delete on dynonym.users
  for each row execute function dynonym.user_removed();
