import type Router from '@koa/router';
import type { SignedIn } from '../../../application/login/sessions.ts';
import type { Session } from '../../../application/ports/session-store.ts';
import type { NameSummary } from '../../../domain/name-summary.ts';
import { parsePassword } from '../../../domain/password.ts';
import type { UpdateToken } from '../../../domain/update-token.ts';
import type { UserName } from '../../../domain/user.ts';
import { beginSession } from '../begin-session.ts';
import { browserOf } from '../browser-name.ts';
import type { Catalogue } from '../catalogue.en.ts';
import { address, field, form, note, timeAgo } from '../components.ts';
import { needUser } from '../guard.ts';
import { type Content, html } from '../html.ts';
import { show } from '../layout.ts';
import type { PageServices } from '../page-services.ts';
import { hasPassword } from '../surely-the-user.ts';
import { type PageContext, type PageState, signedInOf } from '../visit.ts';
import { type PasskeyForm, passkeyPages, passkeySection } from './passkeys.ts';
import { goTo } from './sign-in.ts';

/** What a user changes for themselves: password, passkeys, tokens, sessions, language. */
export function accountPages(router: Router<PageState>, services: PageServices): void {
  const { sessions, users } = services;
  /** Changes in the name of whoever is signed in. */
  const manage = (context: PageContext) =>
    services.manageAs({ by: signedInOf(context).user.name, way: 'page' }).users;
  passkeyPages(router, services, (context, passkey) =>
    showAccount(context, services, { passkey, status: 422 }),
  );

  router.get('/account', needUser, (context) => showAccount(context, services));

  router.post('/account/password', needUser, async (context) => {
    const { visit } = context.state;
    const { user } = signedInOf(context);
    const { next: typed = '' } = context.state.form;
    const next = parsePassword(typed);
    const { account, reasons } = visit.words;
    const wrong = (field: 'current' | 'next', sentence: string) =>
      showAccount(context, services, { errors: { [field]: sentence }, status: 422 });
    // Whoever finds an open browser must not take the account over.
    if (!(await hasPassword(context, services))) return wrong('current', account.wrongCurrent);
    if (!next.ok) return wrong('next', reasons[next.reason] ?? next.reason);

    await manage(context).changePassword(user.name, next.value);
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

  router.get('/account/tokens/:token/revoke', needUser, (context) => {
    const { visit } = context.state;
    const { account, frame } = visit.words;
    const { token = '' } = context.params;
    const content = html`<p>${account.revokeLead}</p>
${form(visit, `/account/tokens/${encodeURIComponent(token)}/revoke`, html`<p><button class="danger">${account.revoke}</button> <a class="button" href="/account">${frame.cancel}</a></p>`)}`;
    show(context, { title: account.revokeTitle(token), menu: '/account', content });
  });

  router.post('/account/tokens/:token/revoke', needUser, async (context) => {
    await manage(context).removeToken(signedInOf(context).user.name, context.params['token'] ?? '');
    goTo(context, '/account?done=token');
  });
}

type Wrong = {
  readonly errors?: { readonly current?: string; readonly next?: string };
  readonly passkey?: PasskeyForm;
  readonly status?: number;
};

async function showAccount(
  context: PageContext,
  services: PageServices,
  { errors = {}, passkey = {}, status = 200 }: Wrong = {},
): Promise<void> {
  const { sessions, clock, history } = services;
  const { visit } = context.state;
  const { account, api } = visit.words;
  const signedIn = signedInOf(context);
  const done = new URLSearchParams(context.state.query).get('done') ?? '';
  const said = {
    password: account.changed,
    session: account.ended,
    token: account.revoked,
    passkey: account.passkeyNew,
    'passkey-removed': account.passkeyRemoved,
  }[done];
  const { name, tokens } = signedIn.user;
  const states = tokens.length === 0 ? new Map() : await history.states(signedIn.user.domains);
  const content = html`${said && note('good', said)}
<section aria-labelledby="password"><h2 id="password">${account.password}</h2>
${form(
  visit,
  '/account/password',
  html`<input type="text" name="user" value="${name}" autocomplete="username" hidden>
${field('current', account.current, { type: 'password', autocomplete: 'current-password', error: errors.current })}
${field('next', account.next, { type: 'password', autocomplete: 'new-password', error: errors.next })}
<div><button>${account.change}</button></div>`,
  'stack',
)}</section>
${passkeySection(context, services, passkey)}
<section aria-labelledby="tokens"><h2 id="tokens">${account.tokens}</h2>
<p class="quiet">${account.tokensLead} <a href="/api/v1/">${api.title}</a></p>
${tokens.length === 0 ? html`<p>${account.noTokens}</p>` : tokenTable(context, tokens, lastReports(name, states.values()), clock.now())}</section>
<section aria-labelledby="sessions"><h2 id="sessions">${account.sessions}</h2>
${sessionTable(context, signedIn, await sessions.of(signedIn.user), clock.now())}</section>
<section aria-labelledby="language"><h2 id="language">${account.language}</h2>
${form(visit, '/language', html`<p><button name="language" value="en" lang="en">English</button> <button name="language" value="de" lang="de">Deutsch</button></p>`)}</section>`;
  show(context, { title: account.title, menu: '/account', content, status, script: 'passkeys.js' });
}

/** When a user's tokens reported a name last, as far as no other report came after that. */
function lastReports(user: UserName, states: Iterable<NameSummary>): ReadonlyMap<string, number> {
  const last = new Map<string, number>();
  for (const { report } of states) {
    if (report?.token === undefined || report.user !== user) continue;
    last.set(report.token, Math.max(report.at, last.get(report.token) ?? 0));
  }
  return last;
}

function tokenTable(
  { state }: PageContext,
  tokens: readonly UpdateToken[],
  last: ReadonlyMap<string, number>,
  now: number,
): Content {
  const lastOf = (token: string) => {
    const at = last.get(token);
    return at === undefined ? account.notSeen : timeAgo(at, now, state.visit.words);
  };
  const { account } = state.visit.words;
  return html`<div class="table"><table>
<thead><tr><th scope="col">${account.token}</th><th scope="col">${account.names}</th><th scope="col">${account.use}</th><th scope="col">${account.lastUse}</th><td></td></tr></thead>
<tbody>${tokens.map(
    ({ name, domains, use = 'updates' }) => html`<tr>
<th scope="row">${name}</th><td>${domains?.join(', ') ?? account.allNames}</td><td>${account.uses[use]}</td><td>${lastOf(name)}</td>
<td><a href="/account/tokens/${encodeURIComponent(name)}/revoke">${account.revoke}<span class="hidden"> ${name}</span></a></td></tr>`,
  )}</tbody></table></div>`;
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
  return html`<div class="table"><table>
<thead><tr><th scope="col">${account.browser}</th><th scope="col">${account.from}</th><th scope="col">${account.since}</th><td></td></tr></thead>
<tbody>${sessions.map(
    ({ digest, agent, from, since }) => html`<tr>
<td>${nameOf(agent, account)}</td><td>${address(from)}</td><td>${timeAgo(since, now, visit.words)}</td>
<td>${digest === own.digest ? html`<strong>${account.here}</strong>` : end(digest)}</td></tr>`,
  )}</tbody></table></div>
${sessions.length > 1 && form(visit, '/account/sessions/end', html`<button>${account.endOthers}</button>`)}`;
}

function nameOf(agent: string, { browserOn }: Catalogue['account']): string {
  const known = browserOf(agent);
  return known === undefined ? agent : browserOn(known.browser, known.system);
}
