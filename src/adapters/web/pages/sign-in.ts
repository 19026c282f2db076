import type Router from '@koa/router';
import type { LoginPause } from '../../../application/ports/login-limits.ts';
import { beginSession } from '../begin-session.ts';
import { field, form, note, passkeyForm } from '../components.ts';
import { type Content, html } from '../html.ts';
import { show } from '../layout.ts';
import type { PageServices } from '../page-services.ts';
import { sayPaused } from '../paused.ts';
import { cookiesOf, goTo, isOwnPath, type PageContext, type PageState } from '../visit.ts';

/** Sign-in with a password, sign-out, and the choice of a language. */
export function signInPages(router: Router<PageState>, services: PageServices): void {
  const { authenticateUser, sessions, users, web, signInByProvider } = services;
  const cookies = cookiesOf(web.url);

  router.post('/sign-in', async (context) => {
    const { user = '', password = '', next = '' } = context.state.form;
    const { words } = context.state.visit;
    const { address } = context.state.client;
    // Without a name, the password would be tried as a token.
    const outcome =
      user === ''
        ? ({ kind: 'rejected' } as const)
        : await authenticateUser.execute({ kind: 'password', user, password }, address);
    const say = (sentence: string, status: number) =>
      showSignIn(context, services, { user, next, message: note('bad', sentence), status });
    if (outcome.kind === 'paused') return showPaused(context, services, outcome, { user, next });
    if (outcome.kind === 'overloaded') return say(words.signIn.overloaded, 503);
    // A token reports addresses. It does not open the account.
    const known =
      outcome.kind === 'authenticated' && outcome.principal.token === undefined
        ? await users.find(outcome.principal.user)
        : undefined;
    if (known === undefined) return say(words.signIn.wrong, 422);

    await beginSession(context, services, known);
    goTo(context, isOwnPath(next) ? next : '/');
  });

  router.post('/sign-out', async (context) => {
    const { signedIn } = context.state.visit;
    if (signedIn !== undefined) await sessions.end(signedIn.user.name, [signedIn.session.digest]);
    context.cookies.set(cookies.session, null, cookies.options);
    // The browser forgets pages that the back button would show.
    context.set('Clear-Site-Data', '"cache"');
    const elsewhere = signedIn?.session.byProvider === true && signInByProvider?.signOutUrl();
    goTo(context, elsewhere ? '/?signed-out=provider' : '/?signed-out=');
  });

  router.post('/language', (context) => {
    const { language = '' } = context.state.form;
    context.cookies.set(cookies.language, language === 'de' ? 'de' : 'en', {
      ...cookies.options,
      maxAge: cookies.languageAge,
    });
    const from = URL.canParse(context.get('Referer')) ? new URL(context.get('Referer')) : undefined;
    goTo(context, from?.origin === web.url.origin ? pageAbove(from.pathname) : '/');
  });

  /**
   * The page at a path. A form that was wrong is shown again at the path to which it was sent. Where that path has no
   * page, it is the page above.
   */
  function pageAbove(path: string): string {
    if (!isOwnPath(path) || path === '') return '/';
    return router.match(path, 'GET').route ? path : pageAbove(path.replace(/\/[^/]*$/, ''));
  }
}

type SignIn = {
  readonly user?: string;
  readonly next?: string;
  readonly message?: Content;
  readonly status?: number;
};

/** The page for whoever is not signed in. */
export function showSignIn(
  context: PageContext,
  { signInByProvider: provider }: Pick<PageServices, 'signInByProvider'>,
  { user, next = '', message, status = 200 }: SignIn,
): void {
  const { visit } = context.state;
  const { signIn } = visit.words;
  const content = html`<p class="quiet">${signIn.lead}</p>
${message}
${form(
  visit,
  '/sign-in',
  html`${next !== '' && html`<input type="hidden" name="next" value="${next}">`}
${field('user', signIn.user, { autocomplete: 'username', value: user })}
${field('password', signIn.password, { type: 'password', autocomplete: 'current-password' })}
<button class="primary">${signIn.submit}</button>`,
  'stack',
)}
<div class="ways">${passkeyForm(
    visit,
    { action: '/sign-in/passkey', passkey: 'get', challenge: '/sign-in/passkey/challenge' },
    html`${next !== '' && html`<input type="hidden" name="next" value="${next}">`}
<p class="error" role="alert" hidden>${signIn.noPasskey}</p>
<button>${signIn.usePasskey}</button>`,
  )}
${provider && html`<a class="button" href="/sign-in/oidc?next=${encodeURIComponent(next)}">${signIn.byProvider(provider.name)}</a>`}</div>`;
  show(context, { title: signIn.title, content, status, script: 'passkeys.js', isNarrow: true });
}

/** The sign-in page during a pause, which says until when. */
export function showPaused(
  context: PageContext,
  services: PageServices,
  pause: LoginPause,
  typed: Pick<SignIn, 'user' | 'next'>,
): void {
  const message = note('bad', sayPaused(context, pause));
  showSignIn(context, services, { ...typed, message, status: 429 });
}
