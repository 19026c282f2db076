import type Router from '@koa/router';
import { SESSION_LIFE } from '../../../application/login/sessions.ts';
import { field, form, note } from '../components.ts';
import { type Content, html } from '../html.ts';
import { show } from '../layout.ts';
import type { PageServices } from '../page-services.ts';
import { cookiesOf, type PageContext, type PageState } from '../visit.ts';

/** Sign-in with a password, sign-out, and the choice of a language. */
export function signInPages(router: Router<PageState>, services: PageServices): void {
  const { authenticateUser, sessions, users, web } = services;
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
      showSignIn(context, { user, next, message: note('bad', sentence), status });
    if (outcome.kind === 'paused') {
      context.set('Retry-After', String(Math.ceil(outcome.milliseconds / 1000)));
      return say(words.signIn.paused(Math.ceil(outcome.milliseconds / 60_000)), 429);
    }
    if (outcome.kind === 'overloaded') return say(words.signIn.overloaded, 503);
    // A token reports addresses. It does not open the account.
    const known =
      outcome.kind === 'authenticated' && outcome.principal.token === undefined
        ? await users.find(outcome.principal.user)
        : undefined;
    if (known === undefined) return say(words.signIn.wrong, 422);

    const agent = context.get('User-Agent');
    const secret = await sessions.begin(known, { agent, from: address.text });
    context.cookies.set(cookies.session, secret, { ...cookies.options, maxAge: SESSION_LIFE });
    goTo(context, isOwnPath(next) ? next : '/');
  });

  router.post('/sign-out', async (context) => {
    const { signedIn } = context.state.visit;
    if (signedIn !== undefined) await sessions.end(signedIn.user.name, [signedIn.session.digest]);
    context.cookies.set(cookies.session, null, cookies.options);
    // The browser forgets pages that the back button would show.
    context.set('Clear-Site-Data', '"cache"');
    goTo(context, '/?signed-out=');
  });

  router.post('/language', (context) => {
    const { language = '' } = context.state.form;
    context.cookies.set(cookies.language, language === 'de' ? 'de' : 'en', {
      ...cookies.options,
      maxAge: cookies.languageAge,
    });
    const from = URL.canParse(context.get('Referer')) ? new URL(context.get('Referer')) : undefined;
    goTo(context, from?.origin === web.url.origin && isOwnPath(from.pathname) ? from.pathname : '/');
  });
}

type SignIn = {
  readonly user?: string;
  readonly next?: string;
  readonly message?: Content;
  readonly status?: number;
};

/** The page for whoever is not signed in. */
export function showSignIn(context: PageContext, { user, next = '', message, status = 200 }: SignIn): void {
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
)}`;
  show(context, { title: signIn.title, content, status });
}

export function goTo(context: PageContext, path: string): void {
  context.redirect(path);
  context.status = 303;
}

/** A path of this server. `//host` and `/\host` would lead elsewhere. */
export const isOwnPath = (path: string): boolean => /^\/(?![/\\])[\x21-\x7e]*$/.test(path);
