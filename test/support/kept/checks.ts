import assert from 'node:assert/strict';
import { Argon2PasswordHasher } from '../../../src/adapters/system/argon2-password-hasher.ts';
import { RandomTokenMint } from '../../../src/adapters/system/random-token-mint.ts';
import { Sessions } from '../../../src/application/login/sessions.ts';
import { domainName } from '../../../src/domain/domain-name.ts';
import type { Managed } from '../../../src/domain/event.ts';
import { parseIpv4 } from '../../../src/domain/ip-address.ts';
import { parseUserName } from '../../../src/domain/user.ts';
import { hostNamed, OPERATOR, userNamed } from '../fixtures.ts';
import { valueIn } from '../parsed.ts';
import { assertSays, meaningOf, type Plain } from './meaning.ts';
import type { OpenKept } from './open-kept.ts';
import { FULL, WRITTEN } from './people.ts';
import type { Meaning } from './samples.ts';

/** Whoever has the secrets gets in: passwords, tokens, sessions and invitations. */
export async function assertLetsIn(kept: OpenKept, secrets: Meaning['secrets']): Promise<void> {
  const { users, sessions, invitations, clock } = kept;
  const mint = new RandomTokenMint();
  for (const [name, password] of Object.entries(secrets.passwords)) {
    const user = await users.find(valueIn(parseUserName(name)));
    assert.ok(await new Argon2PasswordHasher().verify(user?.passwordHash ?? '', password), name);
  }
  for (const [token, name] of Object.entries(secrets.tokens)) {
    assert.equal((await users.findByTokenDigest(mint.digestOf(token)))?.name, name, token);
  }
  const signedIn = new Sessions(sessions, users, mint, clock);
  const somewhere = valueIn(parseIpv4('192.0.2.1'));
  for (const [secret, name] of Object.entries(secrets.sessions)) {
    assert.equal((await signedIn.find(secret, somewhere))?.user.name, name, secret);
  }
  for (const secret of secrets.invitations) {
    assert.ok((await invitations.find(mint.digestOf(secret))) !== undefined, secret);
  }
}

const NAME = domainName('new.dyn.example.org');
const NEWCOMER = userNamed('newcomer', [NAME], { passwordHash: FULL.passwordHash, expect: 60_000 });
const SESSION = {
  ...{ digest: 'digest', user: NEWCOMER.name, passwordMark: 'mark', since: WRITTEN },
  ...{ agent: 'a browser', from: '192.0.2.1' },
};
const INVITATION = {
  ...{ digest: 'link', by: NEWCOMER.name, since: WRITTEN },
  to: { kind: 'join', domains: [NAME] },
} as const;
const CHALLENGE = { asked: NAME, place: NAME, value: 'value', since: WRITTEN };
const PENDING = {
  ...{ target: 'target', owner: NEWCOMER.name },
  notice: { id: 'id', event: 'test', at: WRITTEN, text: 'A test.', facts: {} },
} as const;
const EVENT = { kind: 'flapping', at: WRITTEN, name: NAME, changes: 3 } as const;
const DEED: Managed = {
  ...{ kind: 'managed', at: WRITTEN, deed: 'user-added', user: NEWCOMER.name },
  ...OPERATOR,
};

/** Adds one of everything, opens all of it again, and finds the new beside all that was there. */
export async function assertGoesOn(
  open: () => Promise<OpenKept>,
  expected: Plain,
  folder: string,
): Promise<void> {
  const kept = await open();
  await kept.notices.load();
  await addOneOfEach(kept);
  await kept.close();
  const again = await open();
  assertSays(await meaningOf(again, folder), expected, 'longer');
  await assertHasNew(again);
  await again.close();
}

async function addOneOfEach(kept: OpenKept): Promise<void> {
  assert.equal(await kept.users.add(NEWCOMER), 'added');
  assert.equal((await kept.hosts.change(NAME, { offline: true })).kind, 'changed');
  await kept.sessions.add(SESSION, { expired: 0, most: 20 });
  await kept.invitations.add(INVITATION, 0);
  assert.equal(await kept.challenges.add(CHALLENGE), 'added');
  kept.notices.keep(PENDING);
  kept.history.tell(EVENT);
  kept.deeds.tell(DEED);
  await kept.deeds.last(1);
}

async function assertHasNew(kept: OpenKept): Promise<void> {
  const newcomer = await kept.users.find(NEWCOMER.name);
  assert.deepEqual(newcomer?.domains, [NAME]);
  assert.deepEqual((await kept.hosts.find([NAME])).get(NAME), hostNamed(NAME, { offline: true }));
  assert.equal((await kept.sessions.find(SESSION.digest))?.user, NEWCOMER.name);
  assert.equal((await kept.invitations.take(INVITATION.digest))?.by, NEWCOMER.name);
  assert.deepEqual(await kept.challenges.at(NAME), [CHALLENGE]);
  const notices = await kept.notices.load();
  assert.deepEqual(notices.at(-1), PENDING);
  assert.deepEqual(await kept.history.ofName(NAME, 10), [EVENT]);
  assert.deepEqual(await kept.deeds.last(1), [DEED]);
}
