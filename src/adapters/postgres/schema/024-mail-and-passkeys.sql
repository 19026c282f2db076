-- Set until somebody who reads the mailbox has agreed to notices: SHA-256 of the secret in the link, and until when the
-- link is good. `language` is that of mails to a user. Null: English, or no mail.
alter table dynonym.notices
  add column confirm_digest bytea,
  add column confirm_until bigint,
  add column language text;

create index on dynonym.notices (confirm_digest) where confirm_digest is not null;

-- When a passkey signed its user in last. Null: not known.
alter table dynonym.passkeys add column last_use bigint;

create or replace view dynonym.whole_users as
select
  users.id,
  users.name,
  users.password_hash,
  users.identity,
  users.admin,
  users.offline,
  to_json(users.networks) as networks,
  users.certificates,
  users.expect,
  users.offline_after,
  to_json(array(
    select grants.name from dynonym.grants where grants.owner = users.id order by grants.number
  )) as domains,
  to_json(array(
    select json_build_object(
      'name', tokens.name, 'digest', encode(tokens.digest, 'hex'), 'domains', tokens.domains, 'use', tokens.use,
      'networks', tokens.networks, 'challenge', tokens.challenge
    )
    from dynonym.tokens where tokens.owner = users.id order by tokens.number
  )) as tokens,
  to_json(array(
    select json_build_object(
      'name', passkeys.name, 'id', passkeys.id, 'public_key', passkeys.public_key, 'counter', passkeys.counter,
      'since', passkeys.since, 'last_use', passkeys.last_use
    )
    from dynonym.passkeys where passkeys.owner = users.id order by passkeys.number
  )) as passkeys,
  to_json(array(
    select json_build_object(
      'id', notices.id, 'address', notices.address, 'form', notices.form, 'secret', notices.secret,
      'events', notices.events, 'names', notices.names, 'confirm_digest', encode(notices.confirm_digest, 'hex'),
      'confirm_until', notices.confirm_until, 'language', notices.language
    )
    from dynonym.notices where notices.owner = users.id order by notices.number
  )) as notices
from dynonym.users;
