-- Which wrong credentials were counted: of each a few digits of a digest, so that the same ones count once, whichever
-- instances they come to. The last come last.
alter table dynonym.failed_logins add column wrong json not null default '[]';
