SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

CREATE SCHEMA dynonym;

CREATE FUNCTION dynonym.grants_added() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  perform dynonym.watch(array(
    select added.name from added join dynonym.users on users.id = added.owner
    where users.expect is not null or users.offline_after is not null
  ));
  return null;
end
$$;

CREATE FUNCTION dynonym.grants_removed() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  perform dynonym.watch(array(
    select name from dynonym.watched where name in (select removed.name from removed)
  ));
  return null;
end
$$;

CREATE FUNCTION dynonym.hosts_cleared() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  perform dynonym.watch(array(
    select name from dynonym.watched where name in (
      select before.name from before where expect is not null or offline_after is not null
    )
  ));
  return null;
end
$$;

CREATE FUNCTION dynonym.hosts_set() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  perform dynonym.watch(array(
    select name from after where expect is not null or offline_after is not null
  ));
  return null;
end
$$;

CREATE FUNCTION dynonym.user_removed() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  delete from dynonym.sessions where owner = old.name;
  insert into dynonym.removed_users (name) values (old.name)
    on conflict (name) do update set at = now();
  return null;
end
$$;

CREATE FUNCTION dynonym.users_changed() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION dynonym.watch(wanted text[]) RETURNS void
    LANGUAGE sql
    AS $$
  insert into dynonym.watched (name)
  select distinct name from unnest(wanted) as name order by name
  on conflict (name) do update set due = 0
$$;

SET default_tablespace = '';

CREATE TABLE dynonym.arrivals (
    number bigint NOT NULL,
    instance uuid NOT NULL,
    owner text NOT NULL COLLATE pg_catalog."C",
    at timestamp with time zone DEFAULT now() NOT NULL,
    event json NOT NULL
);

ALTER TABLE dynonym.arrivals ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME dynonym.arrivals_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE dynonym.grants (
    number bigint NOT NULL,
    owner bigint NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C"
);

CREATE TABLE dynonym.tokens (
    number bigint NOT NULL,
    owner bigint NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    digest bytea NOT NULL,
    domains text[],
    use text,
    networks text[],
    challenge text COLLATE pg_catalog."C"
);

CREATE VIEW dynonym.certifiers AS
 SELECT grants.name AS certified,
    grants.owner
   FROM dynonym.grants
  WHERE (grants.name !~~ '*.%'::text)
UNION ALL
 SELECT substr(grants.name, (strpos(grants.name, '.'::text) + 1)) AS certified,
    grants.owner
   FROM dynonym.grants
UNION ALL
 SELECT tokens.challenge AS certified,
    tokens.owner
   FROM dynonym.tokens
  WHERE (tokens.challenge IS NOT NULL);

CREATE TABLE dynonym.challenges (
    number bigint NOT NULL,
    place text NOT NULL COLLATE pg_catalog."C",
    value text NOT NULL COLLATE pg_catalog."C",
    asked text NOT NULL COLLATE pg_catalog."C",
    since bigint NOT NULL
);

ALTER TABLE dynonym.challenges ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME dynonym.challenges_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE dynonym.changes (
    id bigint NOT NULL,
    mark uuid DEFAULT gen_random_uuid() NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    users text[] DEFAULT '{}'::text[] NOT NULL,
    names text[] DEFAULT '{}'::text[] NOT NULL
);

ALTER TABLE dynonym.changes ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME dynonym.changes_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE dynonym.deeds (
    number bigint NOT NULL,
    deed text NOT NULL COLLATE pg_catalog."C",
    owner text COLLATE pg_catalog."C",
    event json NOT NULL
);

ALTER TABLE dynonym.deeds ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME dynonym.deeds_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE dynonym.failed_logins (
    kind text NOT NULL COLLATE pg_catalog."C",
    key text NOT NULL COLLATE pg_catalog."C",
    times json NOT NULL,
    failed_last bigint NOT NULL,
    paused_at bigint NOT NULL,
    paused_until bigint NOT NULL,
    next_pause bigint NOT NULL,
    wrong json DEFAULT '[]'::json NOT NULL
);

ALTER TABLE dynonym.grants ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME dynonym.grants_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE dynonym.hosts (
    name text NOT NULL COLLATE pg_catalog."C",
    ttl integer,
    offline boolean NOT NULL,
    follows text COLLATE pg_catalog."C",
    interface_id text,
    prefix_length integer,
    expect bigint,
    offline_after bigint
);

CREATE TABLE dynonym.instances (
    id uuid NOT NULL,
    host text NOT NULL,
    process integer NOT NULL,
    version text NOT NULL,
    since timestamp with time zone DEFAULT now() NOT NULL,
    seen timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE dynonym.invitations (
    number bigint NOT NULL,
    digest text NOT NULL COLLATE pg_catalog."C",
    made_by text NOT NULL,
    since bigint NOT NULL,
    offer json NOT NULL
);

ALTER TABLE dynonym.invitations ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME dynonym.invitations_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE dynonym.leases (
    name text NOT NULL COLLATE pg_catalog."C",
    holder uuid NOT NULL,
    until timestamp with time zone NOT NULL
);

CREATE TABLE dynonym.name_events (
    name text NOT NULL COLLATE pg_catalog."C",
    number bigint NOT NULL,
    at bigint NOT NULL,
    reporter text COLLATE pg_catalog."C",
    event json NOT NULL
);

CREATE TABLE dynonym.name_states (
    name text NOT NULL COLLATE pg_catalog."C",
    events bigint DEFAULT 0 NOT NULL,
    reporter text COLLATE pg_catalog."C",
    day date,
    summary json,
    troubled boolean DEFAULT false NOT NULL
)
WITH (fillfactor='70');

CREATE TABLE dynonym.notices (
    number bigint NOT NULL,
    owner bigint NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    address text NOT NULL,
    form text NOT NULL,
    secret text,
    events text[] NOT NULL,
    names text[] NOT NULL,
    confirm_digest bytea,
    confirm_until bigint,
    language text
);

ALTER TABLE dynonym.notices ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME dynonym.notices_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE dynonym.passkeys (
    number bigint NOT NULL,
    owner bigint NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    public_key text NOT NULL,
    counter bigint NOT NULL,
    since bigint NOT NULL,
    last_use bigint
);

ALTER TABLE dynonym.passkeys ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME dynonym.passkeys_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE dynonym.pending_notices (
    number bigint NOT NULL,
    target text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    owner text COLLATE pg_catalog."C",
    notice json NOT NULL
);

ALTER TABLE dynonym.pending_notices ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME dynonym.pending_notices_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE dynonym.pending_sign_ins (
    digest text NOT NULL COLLATE pg_catalog."C",
    value text NOT NULL COLLATE pg_catalog."C",
    until timestamp with time zone NOT NULL
);

CREATE TABLE dynonym.removed_users (
    name text NOT NULL COLLATE pg_catalog."C",
    at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE dynonym.schema_parts (
    name text NOT NULL,
    applied timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE dynonym.sessions (
    number bigint NOT NULL,
    digest text NOT NULL COLLATE pg_catalog."C",
    owner text NOT NULL COLLATE pg_catalog."C",
    password_mark text NOT NULL,
    since bigint NOT NULL,
    agent text NOT NULL,
    client text NOT NULL,
    by_provider boolean NOT NULL
);

ALTER TABLE dynonym.sessions ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME dynonym.sessions_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE dynonym.set_ups (
    owner text NOT NULL COLLATE pg_catalog."C",
    instance uuid NOT NULL,
    until timestamp with time zone NOT NULL
);

ALTER TABLE dynonym.tokens ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME dynonym.tokens_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE dynonym.users (
    id bigint NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    password_hash text NOT NULL,
    identity text COLLATE pg_catalog."C",
    admin boolean DEFAULT false NOT NULL,
    offline boolean DEFAULT false NOT NULL,
    networks text[] DEFAULT '{}'::text[] NOT NULL,
    certificates boolean,
    expect bigint,
    offline_after bigint
);

ALTER TABLE dynonym.users ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME dynonym.users_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE dynonym.watched (
    name text NOT NULL COLLATE pg_catalog."C",
    due bigint DEFAULT 0 NOT NULL,
    reported_at bigint,
    heard bigint,
    silent text
);

CREATE VIEW dynonym.whole_users AS
 SELECT users.id,
    users.name,
    users.password_hash,
    users.identity,
    users.admin,
    users.offline,
    to_json(users.networks) AS networks,
    users.certificates,
    users.expect,
    users.offline_after,
    to_json(ARRAY( SELECT grants.name
           FROM dynonym.grants
          WHERE (grants.owner = users.id)
          ORDER BY grants.number)) AS domains,
    to_json(ARRAY( SELECT json_build_object('name', tokens.name, 'digest', encode(tokens.digest, 'hex'::text), 'domains', tokens.domains, 'use', tokens.use, 'networks', tokens.networks, 'challenge', tokens.challenge) AS json_build_object
           FROM dynonym.tokens
          WHERE (tokens.owner = users.id)
          ORDER BY tokens.number)) AS tokens,
    to_json(ARRAY( SELECT json_build_object('name', passkeys.name, 'id', passkeys.id, 'public_key', passkeys.public_key, 'counter', passkeys.counter, 'since', passkeys.since, 'last_use', passkeys.last_use) AS json_build_object
           FROM dynonym.passkeys
          WHERE (passkeys.owner = users.id)
          ORDER BY passkeys.number)) AS passkeys,
    to_json(ARRAY( SELECT json_build_object('id', notices.id, 'address', notices.address, 'form', notices.form, 'secret', notices.secret, 'events', notices.events, 'names', notices.names, 'confirm_digest', encode(notices.confirm_digest, 'hex'::text), 'confirm_until', notices.confirm_until, 'language', notices.language) AS json_build_object
           FROM dynonym.notices
          WHERE (notices.owner = users.id)
          ORDER BY notices.number)) AS notices
   FROM dynonym.users;

INSERT INTO dynonym.arrivals OVERRIDING SYSTEM VALUE VALUES (1, '00000000-0000-4000-8000-000000000001', 'alice', '2026-11-29 12:00:00+00', '{"kind":"login-failed","at":1795953600000,"user":"alice","from":"192.0.2.1","why":"wrong"}');

INSERT INTO dynonym.challenges OVERRIDING SYSTEM VALUE VALUES (1, '_acme-challenge.home.dyn.example.org', 'an-example-of-a-challenge-value', '_acme-challenge.home.dyn.example.org', 1795953000000);
INSERT INTO dynonym.challenges OVERRIDING SYSTEM VALUE VALUES (2, 'c0ffee.acme.dyn.example.org', 'another-example-of-a-value', '_acme-challenge.home.dyn.example.org', 1795953300000);

INSERT INTO dynonym.changes OVERRIDING SYSTEM VALUE VALUES (1, '00000000-0000-4000-8000-000000000001', '2026-11-29 12:00:00+00', '{}', '{}');
INSERT INTO dynonym.changes OVERRIDING SYSTEM VALUE VALUES (2, '00000000-0000-4000-8000-000000000001', '2026-11-29 12:00:00+00', '{alice,"zoë the second"}', '{home.dyn.example.org,*.lab.dyn.example.org,cam.dyn.example.org}');
INSERT INTO dynonym.changes OVERRIDING SYSTEM VALUE VALUES (3, '00000000-0000-4000-8000-000000000001', '2026-11-29 12:00:00+00', '{}', '{nas.dyn.example.org,home.dyn.example.org,cam.dyn.example.org}');
INSERT INTO dynonym.changes OVERRIDING SYSTEM VALUE VALUES (4, '00000000-0000-4000-8000-000000000001', '2026-11-29 12:00:00+00', '{gone}', '{}');
INSERT INTO dynonym.changes OVERRIDING SYSTEM VALUE VALUES (5, '00000000-0000-4000-8000-000000000001', '2026-11-29 12:00:00+00', '{gone}', '{}');

INSERT INTO dynonym.deeds OVERRIDING SYSTEM VALUE VALUES (1, 'user-added', 'alice', '{"kind":"managed","at":1795950000000,"deed":"user-added","by":"operator","way":"command","user":"alice"}');
INSERT INTO dynonym.deeds OVERRIDING SYSTEM VALUE VALUES (2, 'user-removed', 'zoë the second', '{"kind":"managed","at":1795950060000,"deed":"user-removed","by":"alice","way":"api","user":"zoë the second"}');
INSERT INTO dynonym.deeds OVERRIDING SYSTEM VALUE VALUES (3, 'password-changed', 'alice', '{"kind":"managed","at":1795950120000,"deed":"password-changed","by":"alice","way":"page","user":"alice"}');
INSERT INTO dynonym.deeds OVERRIDING SYSTEM VALUE VALUES (4, 'name-granted', 'alice', '{"kind":"managed","at":1795950180000,"deed":"name-granted","by":"operator","way":"command","user":"alice","name":"home.dyn.example.org"}');
INSERT INTO dynonym.deeds OVERRIDING SYSTEM VALUE VALUES (5, 'name-revoked', 'alice', '{"kind":"managed","at":1795950240000,"deed":"name-revoked","by":"alice","way":"api","user":"alice","name":"cam.dyn.example.org"}');
INSERT INTO dynonym.deeds OVERRIDING SYSTEM VALUE VALUES (6, 'networks-set', 'alice', '{"kind":"managed","at":1795950300000,"deed":"networks-set","by":"alice","way":"page","user":"alice"}');
INSERT INTO dynonym.deeds OVERRIDING SYSTEM VALUE VALUES (7, 'certificates-set', 'alice', '{"kind":"managed","at":1795950360000,"deed":"certificates-set","by":"operator","way":"command","user":"alice"}');
INSERT INTO dynonym.deeds OVERRIDING SYSTEM VALUE VALUES (8, 'operator-set', 'alice', '{"kind":"managed","at":1795950420000,"deed":"operator-set","by":"alice","way":"api","user":"alice"}');
INSERT INTO dynonym.deeds OVERRIDING SYSTEM VALUE VALUES (9, 'invitation-made', NULL, '{"kind":"managed","at":1795950480000,"deed":"invitation-made","by":"alice","way":"page","name":"lab.dyn.example.org"}');
INSERT INTO dynonym.deeds OVERRIDING SYSTEM VALUE VALUES (10, 'invitation-revoked', NULL, '{"kind":"managed","at":1795950540000,"deed":"invitation-revoked","by":"operator","way":"command"}');
INSERT INTO dynonym.deeds OVERRIDING SYSTEM VALUE VALUES (11, 'token-added', 'alice', '{"kind":"managed","at":1795950600000,"deed":"token-added","by":"alice","way":"api","user":"alice","token":"token-0"}');
INSERT INTO dynonym.deeds OVERRIDING SYSTEM VALUE VALUES (12, 'token-removed', 'alice', '{"kind":"managed","at":1795950660000,"deed":"token-removed","by":"alice","way":"page","user":"alice","token":"token-9"}');
INSERT INTO dynonym.deeds OVERRIDING SYSTEM VALUE VALUES (13, 'passkey-added', 'alice', '{"kind":"managed","at":1795950720000,"deed":"passkey-added","by":"operator","way":"command","user":"alice","passkey":"telephone"}');
INSERT INTO dynonym.deeds OVERRIDING SYSTEM VALUE VALUES (14, 'passkey-removed', 'alice', '{"kind":"managed","at":1795950780000,"deed":"passkey-removed","by":"alice","way":"api","user":"alice","passkey":"computer"}');
INSERT INTO dynonym.deeds OVERRIDING SYSTEM VALUE VALUES (15, 'identity-set', 'alice', '{"kind":"managed","at":1795950840000,"deed":"identity-set","by":"alice","way":"page","user":"alice"}');
INSERT INTO dynonym.deeds OVERRIDING SYSTEM VALUE VALUES (16, 'notice-added', 'alice', '{"kind":"managed","at":1795950900000,"deed":"notice-added","by":"operator","way":"command","user":"alice"}');
INSERT INTO dynonym.deeds OVERRIDING SYSTEM VALUE VALUES (17, 'notice-confirmed', 'alice', '{"kind":"managed","at":1795950960000,"deed":"notice-confirmed","by":"alice","way":"api","user":"alice"}');
INSERT INTO dynonym.deeds OVERRIDING SYSTEM VALUE VALUES (18, 'notice-removed', 'alice', '{"kind":"managed","at":1795951020000,"deed":"notice-removed","by":"alice","way":"page","user":"alice"}');
INSERT INTO dynonym.deeds OVERRIDING SYSTEM VALUE VALUES (19, 'host-set', NULL, '{"kind":"managed","at":1795951080000,"deed":"host-set","by":"operator","way":"command","name":"nas.dyn.example.org","settings":["ttl","follows"]}');
INSERT INTO dynonym.deeds OVERRIDING SYSTEM VALUE VALUES (20, 'host-cleared', NULL, '{"kind":"managed","at":1795951140000,"deed":"host-cleared","by":"alice","way":"api","name":"cam.dyn.example.org"}');
INSERT INTO dynonym.deeds OVERRIDING SYSTEM VALUE VALUES (21, 'configuration-created', NULL, '{"kind":"managed","at":1795951200000,"deed":"configuration-created","by":"alice","way":"page"}');
INSERT INTO dynonym.deeds OVERRIDING SYSTEM VALUE VALUES (22, 'settings-changed', NULL, '{"kind":"managed","at":1795951260000,"deed":"settings-changed","by":"operator","way":"command","settings":["http.socket"]}');
INSERT INTO dynonym.deeds OVERRIDING SYSTEM VALUE VALUES (23, 'zone-added', NULL, '{"kind":"managed","at":1795951320000,"deed":"zone-added","by":"alice","way":"api","name":"dyn.example.org"}');
INSERT INTO dynonym.deeds OVERRIDING SYSTEM VALUE VALUES (24, 'zone-removed', NULL, '{"kind":"managed","at":1795951380000,"deed":"zone-removed","by":"alice","way":"page","name":"old.example.org"}');

INSERT INTO dynonym.failed_logins VALUES ('ofSite', '198.51.100.7', '[1795953600000,1795953600000,1795953600000,1795953600000,1795953600000,1795953600000,1795953600000,1795953600000,1795953600000,1795953600000]', 1795953600000, 0, 0, 60000, '[]');
INSERT INTO dynonym.failed_logins VALUES ('ofName', '198.51.100.7 2bd80', '[]', 1795953600000, 1795953600000, 1795953900000, 120000, '["89d","a03","bb9","9cc","613","11a","712","23e","ddb","7c0"]');

INSERT INTO dynonym.grants OVERRIDING SYSTEM VALUE VALUES (1, 1, 'home.dyn.example.org');
INSERT INTO dynonym.grants OVERRIDING SYSTEM VALUE VALUES (2, 1, '*.lab.dyn.example.org');
INSERT INTO dynonym.grants OVERRIDING SYSTEM VALUE VALUES (3, 2, 'cam.dyn.example.org');
INSERT INTO dynonym.grants OVERRIDING SYSTEM VALUE VALUES (4, 2, 'home.dyn.example.org');

INSERT INTO dynonym.hosts VALUES ('nas.dyn.example.org', 300, true, 'home.dyn.example.org', '::a:b:c:d', 56, 1800000, 86400000);
INSERT INTO dynonym.hosts VALUES ('cam.dyn.example.org', 60, false, NULL, NULL, NULL, NULL, NULL);

INSERT INTO dynonym.instances VALUES ('00000000-0000-4000-8000-000000000001', 'one.example.org', 7, '1.1.0', '2026-11-29 12:00:00+00', '2026-11-29 12:00:00+00');

INSERT INTO dynonym.invitations OVERRIDING SYSTEM VALUE VALUES (1, '60399527523d9b9108d39f932e080ac9681c94996a1b83f734bc1e322569c66c', 'alice', 1795951800000, '{"kind":"join","domains":["cam.dyn.example.org"],"below":"lab.dyn.example.org"}');
INSERT INTO dynonym.invitations OVERRIDING SYSTEM VALUE VALUES (2, '3dbed5ed716bc436cf43025b2096b660560c01ff4e9d42efbae54848dd0ffb21', 'alice', 1795952400000, '{"kind":"password","user":"zoë the second","passwordMark":"5977aa41792e5ee1729ce408cbc76c06cf7c20de8fc93386d69d811e8caf0702"}');

INSERT INTO dynonym.leases VALUES ('work', '00000000-0000-4000-8000-000000000001', '2026-11-29 12:00:00+00');

INSERT INTO dynonym.name_events VALUES ('cam.dyn.example.org', 1, 1795950000000, 'zoë the second', '{"kind":"reported","at":1795950000000,"name":"cam.dyn.example.org","user":"zoë the second","token":"token-0","from":"198.51.100.7","program":"ddclient/3.10.0","asked":{"ipv4":"192.0.2.7","ipv6":"2001:db8::7","prefix":"2001:db8:1::/56"},"outcome":"failed","addresses":{"ipv4":["192.0.2.7"],"ipv6":["2001:db8::7"]},"reason":"DNS_UNREACHABLE"}');
INSERT INTO dynonym.name_events VALUES ('cam.dyn.example.org', 2, 1795950600000, 'zoë the second', '{"kind":"reported","at":1795950600000,"name":"cam.dyn.example.org","user":"zoë the second","token":"token-0","from":"198.51.100.7","program":"ddclient/3.10.0","asked":{"ipv4":"192.0.2.7","ipv6":"2001:db8::7","prefix":"2001:db8:1::/56"},"outcome":"refused","addresses":{"ipv4":["192.0.2.7"],"ipv6":["2001:db8::7"]},"reason":"not-allowed"}');
INSERT INTO dynonym.name_events VALUES ('home.dyn.example.org', 1, 1795948200000, NULL, '{"kind":"changed","at":1795948200000,"name":"home.dyn.example.org","zone":"dyn.example.org","before":{},"after":{"ipv4":["192.0.2.7"]}}');
INSERT INTO dynonym.name_events VALUES ('home.dyn.example.org', 2, 1795948200000, 'alice', '{"kind":"reported","at":1795948200000,"name":"home.dyn.example.org","user":"alice","token":"token-0","from":"198.51.100.7","program":"ddclient/3.10.0","asked":{"ipv4":"192.0.2.7","ipv6":"2001:db8::7","prefix":"2001:db8:1::/56"},"outcome":"changed","addresses":{"ipv4":["192.0.2.7"],"ipv6":["2001:db8::7"]}}');
INSERT INTO dynonym.name_events VALUES ('home.dyn.example.org', 3, 1795948800000, NULL, '{"kind":"behind","at":1795948800000,"name":"home.dyn.example.org","server":"ns2.example.net","since":1795948200000,"has":{"ipv4":["192.0.2.6"]}}');
INSERT INTO dynonym.name_events VALUES ('home.dyn.example.org', 4, 1795948860000, NULL, '{"kind":"visible","at":1795948860000,"name":"home.dyn.example.org","after":660000,"servers":2}');
INSERT INTO dynonym.name_events VALUES ('home.dyn.example.org', 5, 1795948920000, NULL, '{"kind":"flapping","at":1795948920000,"name":"home.dyn.example.org","changes":12}');
INSERT INTO dynonym.name_events VALUES ('home.dyn.example.org', 6, 1795952400000, NULL, '{"kind":"silent","at":1795952400000,"name":"home.dyn.example.org","since":1795948200000,"expected":3600000}');
INSERT INTO dynonym.name_events VALUES ('home.dyn.example.org', 7, 1795952700000, NULL, '{"kind":"taken-off","at":1795952700000,"name":"home.dyn.example.org","since":1795948200000}');

INSERT INTO dynonym.name_states VALUES ('cam.dyn.example.org', 3, 'zoë the second', '2026-11-29', '{"name":"cam.dyn.example.org","addresses":{"ipv4":["192.0.2.7"]},"report":{"kind":"reported","at":1795952400000,"name":"cam.dyn.example.org","user":"zoë the second","from":"2001:db8::1","asked":{"ipv4":"192.0.2.7"},"outcome":"unchanged","addresses":{"ipv4":["192.0.2.7"]},"repeated":{"times":3,"since":1795951200000}},"latest":{"kind":"reported","at":1795952400000,"name":"cam.dyn.example.org","user":"zoë the second","from":"2001:db8::1","asked":{"ipv4":"192.0.2.7"},"outcome":"unchanged","addresses":{"ipv4":["192.0.2.7"]},"repeated":{"times":3,"since":1795951200000}}}', false);
INSERT INTO dynonym.name_states VALUES ('home.dyn.example.org', 8, 'alice', '2026-11-29', '{"name":"home.dyn.example.org","addresses":{"ipv4":["192.0.2.7"]},"report":{"kind":"reported","at":1795948200000,"name":"home.dyn.example.org","user":"alice","token":"token-0","from":"198.51.100.7","program":"ddclient/3.10.0","asked":{"ipv4":"192.0.2.7","ipv6":"2001:db8::7","prefix":"2001:db8:1::/56"},"outcome":"changed","addresses":{"ipv4":["192.0.2.7"],"ipv6":["2001:db8::7"]}},"change":{"kind":"changed","at":1795948200000,"name":"home.dyn.example.org","zone":"dyn.example.org","before":{},"after":{"ipv4":["192.0.2.7"]}},"visible":{"kind":"visible","at":1795948860000,"name":"home.dyn.example.org","after":660000,"servers":2},"latest":{"kind":"back","at":1795953000000,"name":"home.dyn.example.org","since":1795948200000}}', false);
INSERT INTO dynonym.name_states VALUES ('nas.dyn.example.org', 1, 'alice', '2026-11-29', '{"name":"nas.dyn.example.org","addresses":{},"report":{"kind":"reported","at":1795953060000,"name":"nas.dyn.example.org","user":"alice","follows":"home.dyn.example.org","outcome":"changed","asked":{"offline":true},"addresses":{"ipv4":[],"ipv6":[]}},"latest":{"kind":"reported","at":1795953060000,"name":"nas.dyn.example.org","user":"alice","follows":"home.dyn.example.org","outcome":"changed","asked":{"offline":true},"addresses":{"ipv4":[],"ipv6":[]}}}', false);

INSERT INTO dynonym.notices OVERRIDING SYSTEM VALUE VALUES (1, 1, '95510f9c944d1f570ccccfe9879c2f3f', 'https://hooks.example.org/json', 'json', 'whsec_bm90IGEgc2VjcmV0LCBidXQgYW4gZXhhbXBsZSE=', '{}', '{}', NULL, NULL, NULL);
INSERT INTO dynonym.notices OVERRIDING SYSTEM VALUE VALUES (2, 1, '6370f900bfcfcb89a27c49b73c2af558', 'https://hooks.example.org/ntfy', 'ntfy', 'another-example-of-an-access-token', '{}', '{}', NULL, NULL, NULL);
INSERT INTO dynonym.notices OVERRIDING SYSTEM VALUE VALUES (3, 1, '5f48bf071080f1efe65f4bec45055b72', 'https://hooks.example.org/gotify', 'gotify', 'an-example-of-an-access-token', '{}', '{}', NULL, NULL, NULL);
INSERT INTO dynonym.notices OVERRIDING SYSTEM VALUE VALUES (4, 1, '32b57f156fa6c246e5fd11389c8b77ba', 'https://hooks.example.org/slack', 'slack', NULL, '{}', '{}', NULL, NULL, NULL);
INSERT INTO dynonym.notices OVERRIDING SYSTEM VALUE VALUES (5, 1, '8c9c0f63cbc09c625b07cf1e1ea02814', 'https://hooks.example.org/mattermost', 'mattermost', NULL, '{}', '{}', NULL, NULL, NULL);
INSERT INTO dynonym.notices OVERRIDING SYSTEM VALUE VALUES (6, 1, '74637d89c07b6b7e99cfa220eb2b636b', 'https://hooks.example.org/discord', 'discord', NULL, '{}', '{}', NULL, NULL, NULL);
INSERT INTO dynonym.notices OVERRIDING SYSTEM VALUE VALUES (7, 1, '3789da53106e51754e78bdef683a90bb', 'https://hooks.example.org/home-assistant', 'home-assistant', NULL, '{}', '{}', NULL, NULL, NULL);
INSERT INTO dynonym.notices OVERRIDING SYSTEM VALUE VALUES (8, 1, 'ea1aab8a79607745e935b06fe63db6c5', 'https://hooks.example.org/few', 'json', 'whsec_bm90IGEgc2VjcmV0LCBidXQgYW4gZXhhbXBsZSE=', '{changed,silent,back,taken-off,flapping,failing,working,behind,primary-away,primary-back,secondary-behind,certificate-ending,paused,test}', '{home.dyn.example.org,cam.dyn.example.org}', NULL, NULL, NULL);
INSERT INTO dynonym.notices OVERRIDING SYSTEM VALUE VALUES (9, 1, '1316a7d855d5201d43ba976d6f162b0c', 'mailto:alice@example.org', 'json', NULL, '{}', '{}', NULL, NULL, 'en');
INSERT INTO dynonym.notices OVERRIDING SYSTEM VALUE VALUES (10, 1, '9e4e9ccba4d66d049af356962a31cdac', 'mailto:alice@example.net', 'json', NULL, '{}', '{}', '\x9d1d8cec4a353b2bcb1ca3e465a4602f877b273c99d5a3f219faeff31726ac7a', 1796040000000, 'de');

INSERT INTO dynonym.passkeys OVERRIDING SYSTEM VALUE VALUES (1, 1, 'telephone', 'ZXhhbXBsZS1vbmU', 'cHVibGljLWtleS1vZi1hLXRlbGVwaG9uZQ', 7, 1795867200000, 1795953600000);
INSERT INTO dynonym.passkeys OVERRIDING SYSTEM VALUE VALUES (2, 1, 'synchronised', 'ZXhhbXBsZS10d28', 'cHVibGljLWtleS10aGF0LXRyYXZlbHM', 0, 1795867200000, NULL);

INSERT INTO dynonym.pending_notices OVERRIDING SYSTEM VALUE VALUES (1, '1316a7d855d5201d43ba976d6f162b0c', 'notice-0', 'alice', '{"id":"notice-0","event":"changed","at":1795953600000,"name":"home.dyn.example.org","text":"An example of a notice: changed.","facts":{"zone":"dyn.example.org","since":1795948200000,"after":{"ipv4":["192.0.2.7"]},"servers":2}}');
INSERT INTO dynonym.pending_notices OVERRIDING SYSTEM VALUE VALUES (2, '0123456789abcdef0123456789abcdef', 'notice-1', NULL, '{"id":"notice-1","event":"silent","at":1795953540000,"name":"home.dyn.example.org","text":"An example of a notice: silent.","facts":{"zone":"dyn.example.org","since":1795948200000,"after":{"ipv4":["192.0.2.7"]},"servers":2}}');
INSERT INTO dynonym.pending_notices OVERRIDING SYSTEM VALUE VALUES (3, '1316a7d855d5201d43ba976d6f162b0c', 'notice-2', 'alice', '{"id":"notice-2","event":"back","at":1795953480000,"text":"An example of a notice: back.","facts":{"zone":"dyn.example.org","since":1795948200000,"after":{"ipv4":["192.0.2.7"]},"servers":2}}');
INSERT INTO dynonym.pending_notices OVERRIDING SYSTEM VALUE VALUES (4, '0123456789abcdef0123456789abcdef', 'notice-3', NULL, '{"id":"notice-3","event":"taken-off","at":1795953420000,"text":"An example of a notice: taken-off.","facts":{"zone":"dyn.example.org","since":1795948200000,"after":{"ipv4":["192.0.2.7"]},"servers":2}}');
INSERT INTO dynonym.pending_notices OVERRIDING SYSTEM VALUE VALUES (5, '1316a7d855d5201d43ba976d6f162b0c', 'notice-4', 'alice', '{"id":"notice-4","event":"flapping","at":1795953360000,"name":"home.dyn.example.org","text":"An example of a notice: flapping.","facts":{"zone":"dyn.example.org","since":1795948200000,"after":{"ipv4":["192.0.2.7"]},"servers":2}}');
INSERT INTO dynonym.pending_notices OVERRIDING SYSTEM VALUE VALUES (6, '0123456789abcdef0123456789abcdef', 'notice-5', NULL, '{"id":"notice-5","event":"failing","at":1795953300000,"name":"home.dyn.example.org","text":"An example of a notice: failing.","facts":{"zone":"dyn.example.org","since":1795948200000,"after":{"ipv4":["192.0.2.7"]},"servers":2}}');
INSERT INTO dynonym.pending_notices OVERRIDING SYSTEM VALUE VALUES (7, '1316a7d855d5201d43ba976d6f162b0c', 'notice-6', 'alice', '{"id":"notice-6","event":"working","at":1795953240000,"text":"An example of a notice: working.","facts":{"zone":"dyn.example.org","since":1795948200000,"after":{"ipv4":["192.0.2.7"]},"servers":2}}');
INSERT INTO dynonym.pending_notices OVERRIDING SYSTEM VALUE VALUES (8, '0123456789abcdef0123456789abcdef', 'notice-7', NULL, '{"id":"notice-7","event":"behind","at":1795953180000,"text":"An example of a notice: behind.","facts":{"zone":"dyn.example.org","since":1795948200000,"after":{"ipv4":["192.0.2.7"]},"servers":2}}');
INSERT INTO dynonym.pending_notices OVERRIDING SYSTEM VALUE VALUES (9, '1316a7d855d5201d43ba976d6f162b0c', 'notice-8', 'alice', '{"id":"notice-8","event":"primary-away","at":1795953120000,"name":"home.dyn.example.org","text":"An example of a notice: primary-away.","facts":{"zone":"dyn.example.org","since":1795948200000,"after":{"ipv4":["192.0.2.7"]},"servers":2}}');
INSERT INTO dynonym.pending_notices OVERRIDING SYSTEM VALUE VALUES (10, '0123456789abcdef0123456789abcdef', 'notice-9', NULL, '{"id":"notice-9","event":"primary-back","at":1795953060000,"name":"home.dyn.example.org","text":"An example of a notice: primary-back.","facts":{"zone":"dyn.example.org","since":1795948200000,"after":{"ipv4":["192.0.2.7"]},"servers":2}}');
INSERT INTO dynonym.pending_notices OVERRIDING SYSTEM VALUE VALUES (11, '1316a7d855d5201d43ba976d6f162b0c', 'notice-10', 'alice', '{"id":"notice-10","event":"secondary-behind","at":1795953000000,"text":"An example of a notice: secondary-behind.","facts":{"zone":"dyn.example.org","since":1795948200000,"after":{"ipv4":["192.0.2.7"]},"servers":2}}');
INSERT INTO dynonym.pending_notices OVERRIDING SYSTEM VALUE VALUES (12, '0123456789abcdef0123456789abcdef', 'notice-11', NULL, '{"id":"notice-11","event":"certificate-ending","at":1795952940000,"text":"An example of a notice: certificate-ending.","facts":{"zone":"dyn.example.org","since":1795948200000,"after":{"ipv4":["192.0.2.7"]},"servers":2}}');
INSERT INTO dynonym.pending_notices OVERRIDING SYSTEM VALUE VALUES (13, '1316a7d855d5201d43ba976d6f162b0c', 'notice-12', 'alice', '{"id":"notice-12","event":"paused","at":1795952880000,"name":"home.dyn.example.org","text":"An example of a notice: paused.","facts":{"zone":"dyn.example.org","since":1795948200000,"after":{"ipv4":["192.0.2.7"]},"servers":2}}');
INSERT INTO dynonym.pending_notices OVERRIDING SYSTEM VALUE VALUES (14, '0123456789abcdef0123456789abcdef', 'notice-13', NULL, '{"id":"notice-13","event":"test","at":1795952820000,"name":"home.dyn.example.org","text":"An example of a notice: test.","facts":{"zone":"dyn.example.org","since":1795948200000,"after":{"ipv4":["192.0.2.7"]},"servers":2}}');

INSERT INTO dynonym.pending_sign_ins VALUES ('b64990eca447975ea593ec1dc0580ba09827d2bf6f5205ec8dcfaa6260dfc506', 'an example of a challenge', '2100-01-01 00:00:00+00');

INSERT INTO dynonym.removed_users VALUES ('gone', '2026-11-29 12:00:00+00');

INSERT INTO dynonym.schema_parts VALUES ('001-changes', '2026-11-29 12:00:00+00');
INSERT INTO dynonym.schema_parts VALUES ('002-users', '2026-11-29 12:00:00+00');
INSERT INTO dynonym.schema_parts VALUES ('003-hosts', '2026-11-29 12:00:00+00');
INSERT INTO dynonym.schema_parts VALUES ('011-sessions', '2026-11-29 12:00:00+00');
INSERT INTO dynonym.schema_parts VALUES ('012-invitations', '2026-11-29 12:00:00+00');
INSERT INTO dynonym.schema_parts VALUES ('013-challenges', '2026-11-29 12:00:00+00');
INSERT INTO dynonym.schema_parts VALUES ('014-history', '2026-11-29 12:00:00+00');
INSERT INTO dynonym.schema_parts VALUES ('015-management', '2026-11-29 12:00:00+00');
INSERT INTO dynonym.schema_parts VALUES ('016-removed-users', '2026-11-29 12:00:00+00');
INSERT INTO dynonym.schema_parts VALUES ('017-instances', '2026-11-29 12:00:00+00');
INSERT INTO dynonym.schema_parts VALUES ('018-failed-logins', '2026-11-29 12:00:00+00');
INSERT INTO dynonym.schema_parts VALUES ('019-notices', '2026-11-29 12:00:00+00');
INSERT INTO dynonym.schema_parts VALUES ('020-sign-ins', '2026-11-29 12:00:00+00');
INSERT INTO dynonym.schema_parts VALUES ('021-arrivals', '2026-11-29 12:00:00+00');
INSERT INTO dynonym.schema_parts VALUES ('022-counted-credentials', '2026-11-29 12:00:00+00');
INSERT INTO dynonym.schema_parts VALUES ('023-parts', '2026-11-29 12:00:00+00');
INSERT INTO dynonym.schema_parts VALUES ('024-mail-and-passkeys', '2026-11-29 12:00:00+00');
INSERT INTO dynonym.schema_parts VALUES ('025-watched', '2026-11-29 12:00:00+00');

INSERT INTO dynonym.sessions OVERRIDING SYSTEM VALUE VALUES (1, 'fa84b7e0f468b422f58973aea47510d80fd77b5baf628cf3311215e8929b93ac', 'alice', 'ecce1e6ec781508c5ba16542c922bc1e1446ea7439cdcea5ab2927e2970dca1a', 1795950000000, 'Mozilla/5.0 (X11; Linux x86_64) “quoted”', '198.51.100.7', true);
INSERT INTO dynonym.sessions OVERRIDING SYSTEM VALUE VALUES (2, 'c9337ba7d1cedf3b557fc2523e48a9a7881f71786526b4916ca1c34739e505a5', 'zoë the second', '5977aa41792e5ee1729ce408cbc76c06cf7c20de8fc93386d69d811e8caf0702', 1795950000000, 'Mozilla/5.0 (X11; Linux x86_64) “quoted”', '198.51.100.7', false);

INSERT INTO dynonym.set_ups VALUES ('alice', '00000000-0000-4000-8000-000000000001', '2100-01-01 00:00:00+00');

INSERT INTO dynonym.tokens OVERRIDING SYSTEM VALUE VALUES (1, 1, 'token-0', '\x1512ae82d0dd21b9f53fd1ce2b5b3cf2d5af1f33e1ff419f8c9e7e22a32dac2b', NULL, 'updates', NULL, NULL);
INSERT INTO dynonym.tokens OVERRIDING SYSTEM VALUE VALUES (2, 1, 'token-1', '\xd407f87cb5e567db10e8285972fad011a08e23071a844981059588a2912d2c49', '{home.dyn.example.org}', 'certificates', '{192.0.2.0/24,2001:db8::/32}', 'c0ffee.acme.dyn.example.org');
INSERT INTO dynonym.tokens OVERRIDING SYSTEM VALUE VALUES (3, 1, 'token-2', '\xcb637faf053da8a6b5ed71086c0e840f1026c3c813c52e25cfe700d349dc3675', '{home.dyn.example.org}', 'updates and certificates', NULL, NULL);
INSERT INTO dynonym.tokens OVERRIDING SYSTEM VALUE VALUES (4, 1, 'token-3', '\x8de987696e8d0c4f3ad1a7a26efed64b1af81374013c3b819720ac352f4c801e', '{home.dyn.example.org}', 'api:read', NULL, NULL);
INSERT INTO dynonym.tokens OVERRIDING SYSTEM VALUE VALUES (5, 1, 'token-4', '\xafbb9527ec61cb3b4be5f44ddab77915deba02c0bb15e661f09cb0b23613898b', '{home.dyn.example.org}', 'api:write', NULL, NULL);
INSERT INTO dynonym.tokens OVERRIDING SYSTEM VALUE VALUES (6, 1, 'token-5', '\x7c2970c49152942c4ae8355978a09fcce922dbacd7cb4784a166be25b7741bd7', '{home.dyn.example.org}', 'api:operate', NULL, NULL);

INSERT INTO dynonym.users OVERRIDING SYSTEM VALUE VALUES (1, 'alice', '$argon2id$v=19$m=19456,t=2,p=1$R4KDREKSM9/ajcuYwSlgDQ$ZtbW5xmrQTwjtqZXO2i2JL3dud/krwfp7qClsJaaaSY', 'alice@provider.example.net', true, true, '{192.0.2.0/24,2001:db8::/32}', true, 3600000, 2592000000);
INSERT INTO dynonym.users OVERRIDING SYSTEM VALUE VALUES (2, 'zoë the second', '$2b$10$I/JThUPBHMJi/ehHpIAUHucJTFNXYTqoMNcxOMbj6HOKAdo16YzZS', NULL, false, false, '{}', false, NULL, NULL);

INSERT INTO dynonym.watched VALUES ('home.dyn.example.org', 0, NULL, NULL, NULL);
INSERT INTO dynonym.watched VALUES ('nas.dyn.example.org', 0, NULL, NULL, NULL);
INSERT INTO dynonym.watched VALUES ('*.lab.dyn.example.org', 1795953600000, 1795948200000, 1795953600000, 'told');

SELECT pg_catalog.setval('dynonym.arrivals_number_seq', 1, true);

SELECT pg_catalog.setval('dynonym.challenges_number_seq', 2, true);

SELECT pg_catalog.setval('dynonym.changes_id_seq', 5, true);

SELECT pg_catalog.setval('dynonym.deeds_number_seq', 24, true);

SELECT pg_catalog.setval('dynonym.grants_number_seq', 4, true);

SELECT pg_catalog.setval('dynonym.invitations_number_seq', 2, true);

SELECT pg_catalog.setval('dynonym.notices_number_seq', 10, true);

SELECT pg_catalog.setval('dynonym.passkeys_number_seq', 2, true);

SELECT pg_catalog.setval('dynonym.pending_notices_number_seq', 15, true);

SELECT pg_catalog.setval('dynonym.sessions_number_seq', 2, true);

SELECT pg_catalog.setval('dynonym.tokens_number_seq', 6, true);

SELECT pg_catalog.setval('dynonym.users_id_seq', 3, true);

ALTER TABLE ONLY dynonym.arrivals
    ADD CONSTRAINT arrivals_pkey PRIMARY KEY (number);

ALTER TABLE ONLY dynonym.challenges
    ADD CONSTRAINT challenges_pkey PRIMARY KEY (place, value);

ALTER TABLE ONLY dynonym.changes
    ADD CONSTRAINT changes_pkey PRIMARY KEY (id);

ALTER TABLE ONLY dynonym.deeds
    ADD CONSTRAINT deeds_pkey PRIMARY KEY (number);

ALTER TABLE ONLY dynonym.failed_logins
    ADD CONSTRAINT failed_logins_pkey PRIMARY KEY (key, kind);

ALTER TABLE ONLY dynonym.grants
    ADD CONSTRAINT grants_pkey PRIMARY KEY (name, owner);

ALTER TABLE ONLY dynonym.hosts
    ADD CONSTRAINT hosts_pkey PRIMARY KEY (name);

ALTER TABLE ONLY dynonym.instances
    ADD CONSTRAINT instances_pkey PRIMARY KEY (id);

ALTER TABLE ONLY dynonym.invitations
    ADD CONSTRAINT invitations_pkey PRIMARY KEY (digest);

ALTER TABLE ONLY dynonym.leases
    ADD CONSTRAINT leases_pkey PRIMARY KEY (name);

ALTER TABLE ONLY dynonym.name_events
    ADD CONSTRAINT name_events_pkey PRIMARY KEY (name, number);

ALTER TABLE ONLY dynonym.name_states
    ADD CONSTRAINT name_states_pkey PRIMARY KEY (name);

ALTER TABLE ONLY dynonym.notices
    ADD CONSTRAINT notices_pkey PRIMARY KEY (owner, id);

ALTER TABLE ONLY dynonym.passkeys
    ADD CONSTRAINT passkeys_id_key UNIQUE (id);

ALTER TABLE ONLY dynonym.passkeys
    ADD CONSTRAINT passkeys_pkey PRIMARY KEY (owner, name);

ALTER TABLE ONLY dynonym.pending_notices
    ADD CONSTRAINT pending_notices_pkey PRIMARY KEY (number);

ALTER TABLE ONLY dynonym.pending_notices
    ADD CONSTRAINT pending_notices_target_id_key UNIQUE (target, id);

ALTER TABLE ONLY dynonym.pending_sign_ins
    ADD CONSTRAINT pending_sign_ins_pkey PRIMARY KEY (digest);

ALTER TABLE ONLY dynonym.removed_users
    ADD CONSTRAINT removed_users_pkey PRIMARY KEY (name);

ALTER TABLE ONLY dynonym.schema_parts
    ADD CONSTRAINT schema_parts_pkey PRIMARY KEY (name);

ALTER TABLE ONLY dynonym.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (digest);

ALTER TABLE ONLY dynonym.set_ups
    ADD CONSTRAINT set_ups_pkey PRIMARY KEY (owner, instance);

ALTER TABLE ONLY dynonym.tokens
    ADD CONSTRAINT tokens_pkey PRIMARY KEY (owner, name);

ALTER TABLE ONLY dynonym.users
    ADD CONSTRAINT users_name_key UNIQUE (name);

ALTER TABLE ONLY dynonym.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);

ALTER TABLE ONLY dynonym.watched
    ADD CONSTRAINT watched_pkey PRIMARY KEY (name);

CREATE INDEX arrivals_at_idx ON dynonym.arrivals USING btree (at);

CREATE INDEX challenges_asked_value_idx ON dynonym.challenges USING btree (asked, value);

CREATE INDEX challenges_since_idx ON dynonym.challenges USING btree (since);

CREATE INDEX deeds_owner_idx ON dynonym.deeds USING btree (owner) WHERE (owner IS NOT NULL);

CREATE INDEX failed_logins_failed_last_idx ON dynonym.failed_logins USING btree (failed_last);

CREATE INDEX failed_logins_paused_at_idx ON dynonym.failed_logins USING btree (paused_at) WHERE (paused_at > 0);

CREATE INDEX grants_owner_name_idx ON dynonym.grants USING btree (owner, name);

CREATE INDEX grants_substr_idx ON dynonym.grants USING btree (substr(name, (strpos(name, '.'::text) + 1)));

CREATE INDEX hosts_follows_idx ON dynonym.hosts USING btree (follows) WHERE (follows IS NOT NULL);

CREATE INDEX hosts_name_idx ON dynonym.hosts USING btree (name) WHERE (follows IS NOT NULL);

CREATE INDEX invitations_since_idx ON dynonym.invitations USING btree (since);

CREATE INDEX name_events_at_idx ON dynonym.name_events USING btree (at);

CREATE INDEX name_events_reporter_idx ON dynonym.name_events USING btree (reporter) WHERE (reporter IS NOT NULL);

CREATE INDEX name_states_day_idx ON dynonym.name_states USING btree (day);

CREATE INDEX name_states_name_idx ON dynonym.name_states USING btree (name) WHERE troubled;

CREATE INDEX name_states_reporter_idx ON dynonym.name_states USING btree (reporter) WHERE (reporter IS NOT NULL);

CREATE INDEX notices_confirm_digest_idx ON dynonym.notices USING btree (confirm_digest) WHERE (confirm_digest IS NOT NULL);

CREATE INDEX pending_sign_ins_until_idx ON dynonym.pending_sign_ins USING btree (until);

CREATE INDEX sessions_owner_number_idx ON dynonym.sessions USING btree (owner, number);

CREATE INDEX sessions_since_idx ON dynonym.sessions USING btree (since);

CREATE INDEX tokens_challenge_idx ON dynonym.tokens USING btree (challenge) WHERE (challenge IS NOT NULL);

CREATE INDEX tokens_digest_idx ON dynonym.tokens USING btree (digest);

CREATE UNIQUE INDEX users_identity_idx ON dynonym.users USING btree (identity) WHERE (identity IS NOT NULL);

CREATE INDEX users_lower_name_idx ON dynonym.users USING btree (lower(name), name);

CREATE INDEX users_name_idx ON dynonym.users USING btree (name) WHERE admin;

CREATE INDEX watched_due_idx ON dynonym.watched USING btree (due);

CREATE INDEX watched_name_idx ON dynonym.watched USING btree (name) WHERE (silent IS NOT NULL);

CREATE TRIGGER removed AFTER DELETE ON dynonym.users FOR EACH ROW EXECUTE FUNCTION dynonym.user_removed();

CREATE TRIGGER rewatched AFTER UPDATE ON dynonym.hosts REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION dynonym.hosts_set();

CREATE TRIGGER unwatched AFTER DELETE ON dynonym.grants REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION dynonym.grants_removed();

CREATE TRIGGER unwatched AFTER DELETE ON dynonym.hosts REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION dynonym.hosts_cleared();

CREATE TRIGGER watched AFTER INSERT ON dynonym.grants REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION dynonym.grants_added();

CREATE TRIGGER watched AFTER INSERT ON dynonym.hosts REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION dynonym.hosts_set();

CREATE TRIGGER watched AFTER UPDATE ON dynonym.users REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION dynonym.users_changed();

ALTER TABLE ONLY dynonym.grants
    ADD CONSTRAINT grants_owner_fkey FOREIGN KEY (owner) REFERENCES dynonym.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY dynonym.notices
    ADD CONSTRAINT notices_owner_fkey FOREIGN KEY (owner) REFERENCES dynonym.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY dynonym.passkeys
    ADD CONSTRAINT passkeys_owner_fkey FOREIGN KEY (owner) REFERENCES dynonym.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY dynonym.tokens
    ADD CONSTRAINT tokens_owner_fkey FOREIGN KEY (owner) REFERENCES dynonym.users(id) ON DELETE CASCADE;
