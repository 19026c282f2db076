import type Router from '@koa/router';
import type { SignedIn } from '../../../application/login/sessions.ts';
import type { Session } from '../../../application/ports/session-store.ts';
import { parseChosenPassword } from '../../../domain/password.ts';
import { beginSession } from '../begin-session.ts';
import { browserOf } from '../browser-name.ts';
import type { Catalogue } from '../catalogue.en.ts';
import { address, field, form, note, table, timeAgo } from '../components.ts';
import { needUser } from '../guard.ts';
import { type Content, html } from '../html.ts';
import { show } from '../layout.ts';
import type { PageServices } from '../page-services.ts';
import { faultOfPassword } from '../surely-the-user.ts';
import { doneIn, goTo, manageBy, type PageContext, type PageState, signedInOf } from '../visit.ts';
import { type NoticesShown, noticePages, noticeSection } from './account-notices.ts';
import { type PasskeyForm, passkeyPages, passkeySection } from './passkeys.ts';
import { tokenPages, tokenSection } from './tokens.ts';

/** What a user changes for themselves: password, passkeys, tokens, sessions, language. */
export function accountPages(router: Router<PageState>, services: PageServices): void {
  const { sessions, users } = services;
  tokenPages(router, services);
  passkeyPages(router, services, (context, passkey, status) =>
    showAccount(context, services, { passkey, status }),
  );

  noticePages(router, services, (context, notices, status) =>
    showAccount(context, services, { notices, status }),
  );

  router.get('/account', needUser, (context) => showAccount(context, services));

  router.post('/account/password', needUser, async (context) => {
    const { visit } = context.state;
    const { user } = signedInOf(context);
    const { next: typed = '' } = context.state.form;
    const next = parseChosenPassword(typed);
    const { reasons } = visit.words;
    const wrong = (field: 'current' | 'next', sentence: string, status: number) =>
      showAccount(context, services, { errors: { [field]: sentence }, status });
    // Whoever finds an open browser must not take the account over.
    const fault = await faultOfPassword(context, services);
    if (fault !== undefined) return wrong('current', fault.sentence, fault.status);
    if (!next.ok) return wrong('next', reasons[next.reason] ?? next.reason, 422);

    await manageBy(context, services).users.changePassword(user.name, next.value);
    const changed = await users.find(user.name);
    if (changed === undefined) return goTo(context, '/');
    await beginSession(context, services, changed);
    goTo(context, '/account?done=password');
  });

  router.post('/account/sessions/end', needUser, async (context) => {
    const { user, session } = signedInOf(context);
    const { digest } = context.state.form;
    const others = (await sessions.of(user))
      .map(({ digest }) => digest)
      .filter((one) => one !== session.digest);
    await sessions.end(user.name, digest === undefined ? others : [digest]);
    goTo(context, '/account?done=session');
  });
}

type Wrong = {
  readonly errors?: { readonly current?: string; readonly next?: string };
  readonly passkey?: PasskeyForm;
  readonly notices?: NoticesShown;
  readonly status?: number;
};

async function showAccount(
  context: PageContext,
  services: PageServices,
  { errors = {}, passkey = {}, notices = {}, status = 200 }: Wrong = {},
): Promise<void> {
  const { sessions, clock } = services;
  const { visit } = context.state;
  const { account } = visit.words;
  const signedIn = signedInOf(context);
  const said = doneIn(context, {
    password: account.changed,
    session: account.ended,
    token: account.revoked,
    passkey: account.passkeyNew,
    'passkey-removed': account.passkeyRemoved,
    notice: visit.words.notices.added,
    'notice-asked': visit.words.notices.asked,
    'notice-removed': visit.words.notices.removed,
  });
  const content = html`${said && note('good', said)}
<section aria-labelledby="password"><h2 id="password">${account.password}</h2>
${form(
  visit,
  '/account/password',
  html`<input type="text" name="user" value="${signedIn.user.name}" autocomplete="username" hidden>
${field('current', account.current, { type: 'password', autocomplete: 'current-password', error: errors.current })}
${field('next', account.next, { type: 'password', autocomplete: 'new-password', error: errors.next })}
<div><button>${account.change}</button></div>`,
  'stack',
)}</section>
${passkeySection(context, services, passkey)}
${await tokenSection(context, services)}
<section aria-labelledby="sessions"><h2 id="sessions">${account.sessions}</h2>
${sessionTable(context, signedIn, await sessions.of(signedIn.user), clock.now())}</section>
${noticeSection(context, services, notices)}
<section aria-labelledby="language"><h2 id="language">${account.language}</h2>
${form(visit, '/language', html`<p><button name="language" value="en" lang="en">English</button> <button name="language" value="de" lang="de">Deutsch</button></p>`)}</section>`;
  show(context, { title: account.title, menu: '/account', content, status, script: 'passkeys.js' });
}

function sessionTable(
  { state }: PageContext,
  { session: own }: SignedIn,
  sessions: readonly Session[],
  now: number,
): Content {
  const { visit } = state;
  const { account } = visit.words;
  const end = (digest: string) =>
    form(
      visit,
      '/account/sessions/end',
      html`<input type="hidden" name="digest" value="${digest}"><button class="plain">${account.end}</button>`,
    );
  return html`${table(
    [account.browser, account.from, account.since, undefined],
    sessions.map(
      ({ digest, agent, from, since }) => html`<tr>
<th scope="row">${nameOf(agent, account)}</th><td data-label="${account.from}">${address(from)}</td><td data-label="${account.since}">${timeAgo(since, now, visit.words)}</td>
<td>${digest === own.digest ? html`<strong>${account.here}</strong>` : end(digest)}</td></tr>`,
    ),
  )}
${sessions.length > 1 && form(visit, '/account/sessions/end', html`<button>${account.endOthers}</button>`)}`;
}

function nameOf(agent: string, { browserOn }: Catalogue['account']): string {
  const known = browserOf(agent);
  return known === undefined ? agent : browserOn(known.browser, known.system);
}
