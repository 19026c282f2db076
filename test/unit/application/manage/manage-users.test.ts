import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AuthenticateUser } from '../../../../src/application/login/authenticate-user.ts';
import { Deeds } from '../../../../src/application/manage/deeds.ts';
import { ManageUsers, type NoticeRequest } from '../../../../src/application/manage/manage-users.ts';
import { domainName } from '../../../../src/domain/domain-name.ts';
import { parseNoticeAddress } from '../../../../src/domain/notice.ts';
import type { Password } from '../../../../src/domain/password.ts';
import type { UserName } from '../../../../src/domain/user.ts';
import { CountingTokenMint } from '../../../fakes/counting-token-mint.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';
import { MemoryUserStore } from '../../../fakes/memory-user-store.ts';
import { PlainPasswordHasher } from '../../../fakes/plain-password-hasher.ts';
import { RecordingEvents } from '../../../fakes/recording-events.ts';
import { authenticateUserOn, HERE } from '../../../support/authenticate-user-on.ts';
import { OPERATOR } from '../../../support/fixtures.ts';
import { valueIn } from '../../../support/parsed.ts';

const ALICE = 'alice' as UserName;
const BOB = 'bob' as UserName;
const SECRET = 'open sesame' as Password;
const HOME = domainName('home.example.org');
const CAM = domainName('cam.example.org');

function setUp() {
  const users = new MemoryUserStore();
  const passwords = new PlainPasswordHasher();
  const tokens = new CountingTokenMint();
  const events = new RecordingEvents();
  const deeds = new Deeds(events, new ManualClock(), OPERATOR);
  const endFollowing = { afterLoss: async () => {} };
  const manage = new ManageUsers(users, passwords, tokens, deeds, endFollowing);
  const authenticate = authenticateUserOn({ users, passwords, mint: tokens });
  return { users, passwords, manage, authenticate, events };
}

async function domainsOf(
  authenticate: AuthenticateUser,
  credentials: Parameters<AuthenticateUser['execute']>[0],
): Promise<readonly string[] | 'rejected'> {
  const outcome = await authenticate.execute(credentials, HERE);
  return outcome.kind === 'authenticated' ? [...outcome.principal.domains] : 'rejected';
}

describe('users', () => {
  it('a new user can log in and may change nothing', async () => {
    const { manage, authenticate } = setUp();
    assert.equal(await manage.add(ALICE, SECRET), 'added');
    const login = { kind: 'password', user: 'alice', password: SECRET } as const;
    assert.deepEqual(await domainsOf(authenticate, login), []);
  });

  it('a name that is taken: refused without the cost of a hash, the first user stays', async () => {
    const { manage, users, passwords } = setUp();
    await manage.add(ALICE, SECRET);
    const before = await users.find(ALICE);
    assert.equal(await manage.add(ALICE, 'another' as Password), 'exists');
    assert.deepEqual(await users.find(ALICE), before);
    assert.deepEqual(passwords.calls, ['hash']);
  });

  it('two additions of one name at once: exactly one succeeds', async () => {
    const { manage } = setUp();
    const outcomes = await Promise.all([manage.add(ALICE, SECRET), manage.add(ALICE, SECRET)]);
    assert.deepEqual(outcomes.toSorted(), ['added', 'exists']);
  });

  it('a changed password replaces the old one and leaves rights and tokens', async () => {
    const { manage, users, authenticate } = setUp();
    await manage.add(ALICE, SECRET);
    await manage.grant(ALICE, HOME);
    await manage.addToken(ALICE);
    const before = await users.find(ALICE);

    assert.equal(await manage.changePassword(ALICE, 'another' as Password), 'changed');

    const old = { kind: 'password', user: 'alice', password: SECRET } as const;
    assert.equal(await domainsOf(authenticate, old), 'rejected');
    assert.deepEqual(await domainsOf(authenticate, { ...old, password: 'another' }), [HOME]);
    assert.deepEqual((await users.find(ALICE))?.tokens, before?.tokens);
  });

  it('the password of nobody: unknown user, nothing is hashed', async () => {
    const { manage, passwords } = setUp();
    assert.equal(await manage.changePassword(BOB, SECRET), 'unknown-user');
    assert.deepEqual(passwords.calls, []);
  });

  it('a removed user cannot log in any more; a second removal finds nobody', async () => {
    const { manage, authenticate } = setUp();
    await manage.add(ALICE, SECRET);
    assert.equal(await manage.remove(ALICE), 'removed');
    assert.equal(
      await domainsOf(authenticate, { kind: 'password', user: 'alice', password: SECRET }),
      'rejected',
    );
    assert.equal(await manage.remove(ALICE), 'unknown-user');
  });

  it('a granted name may be changed, a revoked one may not', async () => {
    const { manage, authenticate } = setUp();
    const login = { kind: 'password', user: 'alice', password: SECRET } as const;
    await manage.add(ALICE, SECRET);
    assert.equal(await manage.grant(ALICE, HOME), 'granted');
    assert.equal(await manage.grant(ALICE, HOME), 'already-granted');
    assert.deepEqual(await domainsOf(authenticate, login), [HOME]);
    assert.equal(await manage.revoke(ALICE, HOME), 'revoked');
    assert.equal(await manage.revoke(ALICE, HOME), 'not-granted');
    assert.deepEqual(await domainsOf(authenticate, login), []);
  });

  it('rights of nobody: unknown user', async () => {
    const { manage } = setUp();
    assert.equal(await manage.grant(BOB, HOME), 'unknown-user');
    assert.equal(await manage.revoke(BOB, HOME), 'unknown-user');
  });
});

describe('tokens', () => {
  it('a token without domains is good for all of its owner, those granted later too', async () => {
    const { manage, authenticate } = setUp();
    await manage.add(ALICE, SECRET);
    await manage.grant(ALICE, HOME);
    const token = await manage.addToken(ALICE, { name: 'router' });
    assert.deepEqual(token, { kind: 'added', name: 'router', secret: 'secret-1' });
    await manage.grant(ALICE, CAM);
    assert.deepEqual(await domainsOf(authenticate, { kind: 'token', token: 'secret-1' }), [HOME, CAM]);
  });

  it('a limited token is good for its domains only, each written once', async () => {
    const { manage, users, authenticate } = setUp();
    await manage.add(ALICE, SECRET);
    await manage.grant(ALICE, HOME);
    await manage.grant(ALICE, CAM);
    await manage.addToken(ALICE, { domains: [CAM, CAM] });
    assert.deepEqual(await domainsOf(authenticate, { kind: 'token', token: 'secret-1' }), [CAM]);
    assert.deepEqual((await users.find(ALICE))?.tokens[0]?.domains, [CAM]);
  });

  it('a limit to names that the owner was not granted: refused with those names, nothing is kept', async () => {
    const { manage, users } = setUp();
    await manage.add(ALICE, SECRET);
    await manage.grant(ALICE, HOME);
    assert.deepEqual(await manage.addToken(ALICE, { domains: [HOME, CAM] }), {
      kind: 'not-granted',
      domains: [CAM],
    });
    assert.deepEqual((await users.find(ALICE))?.tokens, []);
  });

  it('only the digest is kept', async () => {
    const { manage, users } = setUp();
    await manage.add(ALICE, SECRET);
    await manage.addToken(ALICE);
    const kept = JSON.stringify((await users.find(ALICE))?.tokens);
    assert.doesNotMatch(kept, /secret-1/);
    assert.match(kept, /"digest":"[0-9a-f]{64}"/);
  });

  it('without a name: the first free of token-1, token-2, …', async () => {
    const { manage } = setUp();
    await manage.add(ALICE, SECRET);
    await manage.addToken(ALICE, { name: 'token-2' });
    const named = [await manage.addToken(ALICE), await manage.addToken(ALICE)];
    assert.deepEqual(
      named.map((outcome) => outcome.kind === 'added' && outcome.name),
      ['token-1', 'token-3'],
    );
  });

  it('a name that is taken: refused, the first token stays', async () => {
    const { manage, authenticate } = setUp();
    await manage.add(ALICE, SECRET);
    await manage.addToken(ALICE, { name: 'router' });
    assert.deepEqual(await manage.addToken(ALICE, { name: 'router' }), { kind: 'exists', name: 'router' });
    assert.deepEqual(await domainsOf(authenticate, { kind: 'token', token: 'secret-1' }), []);
    assert.equal(await domainsOf(authenticate, { kind: 'token', token: 'secret-2' }), 'rejected');
  });

  it('a removed token opens nothing any more; a second removal finds none', async () => {
    const { manage, authenticate } = setUp();
    await manage.add(ALICE, SECRET);
    await manage.addToken(ALICE, { name: 'router' });
    assert.equal(await manage.removeToken(ALICE, 'router'), 'removed');
    assert.equal(await domainsOf(authenticate, { kind: 'token', token: 'secret-1' }), 'rejected');
    assert.equal(await manage.removeToken(ALICE, 'router'), 'unknown-token');
  });

  it('tokens of nobody: unknown user', async () => {
    const { manage } = setUp();
    assert.deepEqual(await manage.addToken(BOB), { kind: 'unknown-user' });
    assert.equal(await manage.removeToken(BOB, 'router'), 'unknown-user');
  });
});

describe('a target of notices of a user', () => {
  it('gets a key of signatures where the form is signed, and keeps the given secret elsewhere', async () => {
    const { manage, users } = setUp();
    await manage.add(ALICE, SECRET);
    const signed = await manage.addNotice(ALICE, HOOK);
    const other = await manage.addNotice(ALICE, { ...ntfy('a'), secret: 'tk_1' });
    assert.ok(signed.kind === 'added' && other.kind === 'added');
    assert.equal(signed.target.secret, 'whsec_secret+1');
    assert.equal(other.target.secret, 'tk_1');
    assert.deepEqual((await users.find(ALICE))?.notices, [signed.target, other.target]);
  });

  it('is added once for each address, and ten times at most', async () => {
    const { manage } = setUp();
    assert.equal((await manage.addNotice(ALICE, HOOK)).kind, 'unknown-user');
    await manage.add(ALICE, SECRET);
    await manage.addNotice(ALICE, HOOK);
    assert.equal((await manage.addNotice(ALICE, HOOK)).kind, 'exists');
    for (const topic of 'abcdefghi') await manage.addNotice(ALICE, ntfy(topic));
    assert.equal((await manage.addNotice(ALICE, ntfy('z'))).kind, 'too-many');
    assert.equal((await manage.addNotice(ALICE, HOOK)).kind, 'exists');
  });
});

const hook = (to: string, form: NoticeRequest['form']): NoticeRequest => ({
  to: valueIn(parseNoticeAddress(to)),
  form,
  secret: undefined,
  events: [],
  names: [],
});
const HOOK = hook('https://hooks.example.org/', 'json');
const ntfy = (topic: string) => hook(`https://ntfy.example.org/${topic}`, 'ntfy');

describe('what is told of a change', () => {
  it('has who did it, by which way, what, and to whom; never a secret', async () => {
    const { manage, events } = setUp();
    await manage.add(ALICE, SECRET);
    await manage.grant(ALICE, HOME);
    await manage.changePassword(ALICE, 'another' as Password);
    await manage.setRights(ALICE, { networks: [] });
    await manage.setRights(ALICE, { certificates: false });
    await manage.addToken(ALICE, { name: 'router' });
    await manage.removeToken(ALICE, 'router');
    await manage.addPasskey(ALICE, { name: 'Phone', id: 'id', publicKey: 'key', counter: 0, since: 0 });
    await manage.removePasskey(ALICE, 'Phone');
    await manage.identify(ALICE, '24400320');
    const added = await manage.addNotice(ALICE, HOOK);
    await manage.removeNotice(ALICE, added.kind === 'added' ? added.target.id : '');
    await manage.revoke(ALICE, HOME);
    await manage.remove(ALICE);
    const told = { kind: 'managed', at: new ManualClock().now(), ...OPERATOR, user: ALICE } as const;
    assert.deepEqual(events.told, [
      { ...told, deed: 'user-added' },
      { ...told, deed: 'name-granted', name: HOME },
      { ...told, deed: 'password-changed' },
      { ...told, deed: 'networks-set' },
      { ...told, deed: 'certificates-set' },
      { ...told, deed: 'token-added', token: 'router' },
      { ...told, deed: 'token-removed', token: 'router' },
      { ...told, deed: 'passkey-added', passkey: 'Phone' },
      { ...told, deed: 'passkey-removed', passkey: 'Phone' },
      { ...told, deed: 'identity-set' },
      { ...told, deed: 'notice-added' },
      { ...told, deed: 'notice-removed' },
      { ...told, deed: 'name-revoked', name: HOME },
      { ...told, deed: 'user-removed' },
    ]);
  });

  it('is nothing where nothing was changed', async () => {
    const { manage, events } = setUp();
    await manage.add(ALICE, SECRET);
    events.told.length = 0;
    await manage.add(ALICE, SECRET);
    await manage.grant(BOB, HOME);
    await manage.revoke(ALICE, HOME);
    await manage.addToken(ALICE, { domains: [CAM] });
    await manage.removeToken(ALICE, 'router');
    await manage.removePasskey(ALICE, 'Phone');
    await manage.identify(BOB, '24400320');
    await manage.remove(BOB);
    assert.deepEqual(events.told, []);
  });
});
