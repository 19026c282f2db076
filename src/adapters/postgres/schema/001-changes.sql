-- What was changed, in the order of the commits: a process that keeps copies asks for what is new here.
--
-- Whoever writes here holds the advisory lock of changes until the commit. So a row with a smaller id never appears
-- after one with a greater id has been seen.
create table dynonym.changes (
  id     bigint      generated always as identity primary key,
  -- Tells a row from another one of the same id, which the database may have after it was put back to an earlier state.
  mark   uuid        not null default gen_random_uuid(),
  at     timestamptz not null default now(),
  users  text[]      not null default '{}',
  -- Names whose settings, followers or holders have changed.
  names  text[]      not null default '{}'
);

-- The log is never empty, so that there is a last place in it.
insert into dynonym.changes default values;
