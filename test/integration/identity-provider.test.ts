import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';
import { OidcProvider } from '../../src/adapters/oidc/oidc-provider.ts';
import type { DynonymError } from '../../src/domain/errors.ts';
import { CLIENT, signInThere, startIdentityProvider } from '../support/identity-provider.ts';
import { startLyingProvider } from '../support/lying-provider.ts';
import { SITE, Visitor } from '../support/visitor.ts';
import { type Service, startService, user } from '../unit/adapters/http/service.ts';

const MINUTE = 60_000;
const OTHER_KEY = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const CALLBACK = `${SITE}/sign-in/oidc/callback`;
const ACCOUNTS = {
  'subject-1': { email: 'alice@example.org', email_verified: true },
  'subject-2': { email: 'bob@example.org', email_verified: false },
};

type Options = { claim?: string; issuer: string; clientId?: string };

/** The pages, where users sign in by the provider. Alice is known there by her subject, Bob by a mail address. */
function startPages({ claim = 'sub', issuer, clientId = CLIENT.id }: Options): Promise<Service> {
  const settings = { issuer, clientId, clientSecret: CLIENT.secret, claim, name: 'Example Login' };
  return startService({
    web: SITE,
    trustedProxies: ['127.0.0.1'],
    users: [
      { ...user('alice', 's3cret', []), identity: claim === 'sub' ? 'subject-1' : 'alice@example.org' },
      { ...user('bob', 'hunter2', []), identity: 'bob@example.org' },
      user('subject-3', 'open sesame', []),
    ],
    provider: new OidcProvider(settings, new URL(SITE)),
  });
}

/** Begins a sign-in, and gives the address at the provider to which the browser is sent. */
async function begin(service: Service, visitor: Visitor, next = ''): Promise<string> {
  await visitor.open('/');
  const answer = await service.ask(`/sign-in/oidc?next=${encodeURIComponent(next)}`, {
    headers: { ...visitor.requestHeaders },
  });
  assert.equal(answer.status, 303);
  return String(answer.headers['location']);
}

const pathOf = ({ pathname, search }: URL): string => `${pathname}${search}`;

/** Comes back from the provider, as browsers do: from another site. */
const comeBack = (visitor: Visitor, url: URL) =>
  visitor.open(pathOf(url), { headers: { 'Sec-Fetch-Site': 'cross-site' } });

/** What every refused sign-in shows and logs: one page, one line, and no secrets. */
function assertRefused(service: Service, visitor: Visitor, reason: RegExp): void {
  assert.equal(visitor.page.status, 403);
  assert.match(visitor.text, /Signing in with Example Login did not work/);
  const lines = service.logger.at('warn');
  assert.equal(lines.length, 1);
  assert.match(String(lines[0]?.fields['reason']), reason);
  const [, code = 'none'] = /[?&]code=([^&]*)/.exec(visitor.path) ?? [];
  for (const secret of [CLIENT.secret, code]) assert.ok(!service.logger.text.includes(secret));
  assert.equal(visitor.cookies.has('__Host-session'), false);
}

describe('Sign-in by an OpenID Connect provider', () => {
  it('opens the account of the user who is known there by that subject, at the page that was asked for', async () => {
    const { issuer } = await startIdentityProvider(CALLBACK);
    const service = await startPages({ issuer });
    const visitor = new Visitor(service);
    await visitor.open('/');
    assert.match(visitor.page.body, /href="\/sign-in\/oidc\?next=">Sign in with Example Login</);
    const url = new URL(await begin(service, visitor, '/account'));
    assert.equal(url.searchParams.get('redirect_uri'), CALLBACK);
    assert.equal(url.searchParams.get('code_challenge_method'), 'S256');
    await comeBack(visitor, await signInThere(url.href, 'subject-1'));
    assert.equal(visitor.path, '/account');
    assert.match(visitor.text, /^Account/);
    assert.deepEqual(service.logger.at('warn'), []);
  });

  it('says where to sign out of the provider too', async () => {
    const { issuer } = await startIdentityProvider(CALLBACK);
    const service = await startPages({ issuer });
    const visitor = new Visitor(service);
    await comeBack(visitor, await signInThere(await begin(service, visitor), 'subject-1'));
    await visitor.send('/sign-out');
    assert.match(visitor.text, /You have signed out.*Sign out of Example Login too/);
    const [, link = ''] = /href="(http[^"]*)"/.exec(visitor.page.body) ?? [];
    const answer = await fetch(link.replaceAll('&amp;', '&'));
    assert.equal(answer.status, 200);
    assert.match(await answer.text(), /session\/end\/confirm/);

    const other = new Visitor(service);
    await other.signIn('alice', 's3cret');
    await other.send('/sign-out');
    assert.doesNotMatch(other.text, /Example Login too/, 'whoever signed in by password was never there');
  });

  it('by mail address takes a verified one, and no other', async () => {
    const { issuer } = await startIdentityProvider(CALLBACK, ACCOUNTS);
    const service = await startPages({ issuer, claim: 'email' });
    const alice = new Visitor(service);
    await comeBack(alice, await signInThere(await begin(service, alice), 'subject-1'));
    assert.match(alice.text, /^My hosts/);
    const bob = new Visitor(service);
    await comeBack(bob, await signInThere(await begin(service, bob), 'subject-2'));
    assertRefused(service, bob, /not verified/);
  });

  it('opens nothing to somebody whom the operator has not named, even under the name of a user', async () => {
    const { issuer } = await startIdentityProvider(CALLBACK);
    const service = await startPages({ issuer });
    const visitor = new Visitor(service);
    await comeBack(visitor, await signInThere(await begin(service, visitor), 'subject-3'));
    assertRefused(service, visitor, /no user has this identity/);
  });

  it('is good once', async () => {
    const { issuer } = await startIdentityProvider(CALLBACK);
    const service = await startPages({ issuer });
    const visitor = new Visitor(service);
    const back = await signInThere(await begin(service, visitor), 'subject-1');
    await comeBack(visitor, back);
    await visitor.send('/sign-out');
    await comeBack(visitor, back);
    assertRefused(service, visitor, /no such sign-in/);
  });

  it('is good for five minutes, and for the browser that began it', async () => {
    const { issuer } = await startIdentityProvider(CALLBACK);
    for (const minutes of [0, 5]) {
      const service = await startPages({ issuer });
      const visitor = new Visitor(service);
      const back = await signInThere(await begin(service, visitor), 'subject-1');
      await service.clock.advance(minutes * MINUTE);
      // A link that makes somebody else sign in to this account.
      const other = minutes === 0 ? new Visitor(service) : visitor;
      await comeBack(other, back);
      assertRefused(service, other, /no such sign-in/);
    }
  });

  it('ends where people say no at the provider', async () => {
    const { issuer } = await startIdentityProvider(CALLBACK);
    const service = await startPages({ issuer });
    const visitor = new Visitor(service);
    const state = new URL(await begin(service, visitor)).searchParams.get('state') ?? '';
    const query = new URLSearchParams({ error: 'access_denied', state, iss: issuer });
    await comeBack(visitor, new URL(`${CALLBACK}?${query}`));
    assertRefused(service, visitor, /access_denied/);
  });

  it('takes no code that was made for another sign-in', async () => {
    const { issuer } = await startIdentityProvider(CALLBACK);
    const service = await startPages({ issuer });
    const [visitor, thief] = [new Visitor(service), new Visitor(service)];
    const back = await signInThere(await begin(service, visitor), 'subject-1');
    const own = new URL(await begin(service, thief)).searchParams.get('state') ?? '';
    back.searchParams.set('state', own);
    await comeBack(thief, back);
    // PKCE: the provider refuses the code, because another verifier belongs to it.
    assertRefused(service, thief, /invalid_grant/);
  });

  for (const [what, lie, reason] of [
    ['another nonce', { claims: { nonce: 'another' } }, /nonce/],
    ['no nonce', { claims: { nonce: undefined } }, /nonce/],
    ['another audience', { claims: { aud: 'another' } }, /aud/],
    ['another issuer', { claims: { iss: 'https://login.example.net' } }, /iss/],
    ['a time that has passed', { claims: { exp: 1 } }, /exp/],
    ['the signature of another key', { key: OTHER_KEY }, /signature/],
  ] as const) {
    it(`takes no ID token with ${what}`, async () => {
      const service = await startPages({ issuer: await startLyingProvider(lie) });
      const visitor = new Visitor(service);
      await comeBack(visitor, answerOf(await begin(service, visitor)));
      assertRefused(service, visitor, reason);
    });
  }

  it('takes the ID token of the same provider where nothing is wrong with it', async () => {
    const service = await startPages({ issuer: await startLyingProvider({}) });
    const visitor = new Visitor(service);
    await comeBack(visitor, answerOf(await begin(service, visitor)));
    assert.match(visitor.text, /^My hosts/);
  });

  it('leaves the other ways alone while the provider is away', async () => {
    const { issuer, stop } = await startIdentityProvider(CALLBACK);
    const service = await startPages({ issuer });
    const visitor = new Visitor(service);
    const back = await signInThere(await begin(service, visitor), 'subject-1');
    stop();
    await comeBack(visitor, back);
    assert.equal(visitor.page.status, 503);
    assert.match(visitor.text, /Example Login cannot be reached/);
    const codes = service.logger.at('error').map(({ fields }) => (fields['error'] as DynonymError).code);
    assert.deepEqual(codes, ['PROVIDER_UNREACHABLE']);
    await visitor.signIn('alice', 's3cret');
    assert.match(visitor.text, /^My hosts/);
  });

  it('asks a provider again that was away at the first sign-in', async () => {
    const { issuer, stop } = await startIdentityProvider(CALLBACK);
    stop();
    const service = await startPages({ issuer });
    const visitor = new Visitor(service);
    assert.equal((await visitor.open('/sign-in/oidc')).status, 503);
    await startIdentityProvider(CALLBACK, {}, Number(new URL(issuer).port));
    await comeBack(visitor, await signInThere(await begin(service, visitor), 'subject-1'));
    assert.match(visitor.text, /^My hosts/);
  });
});

/** The way back from a lying provider, with the nonce as the code. */
function answerOf(start: string): URL {
  const { searchParams } = new URL(start);
  const [code, state] = ['nonce', 'state'].map((name) => searchParams.get(name) ?? '');
  return new URL(`${CALLBACK}?${new URLSearchParams({ code: code ?? '', state: state ?? '' })}`);
}
