import type Router from '@koa/router';
import type { SeenSummary } from '../../../domain/seen-event.ts';
import type { UpdateToken } from '../../../domain/update-token.ts';
import type { UserName } from '../../../domain/user.ts';
import { question, table, timeAgo } from '../components.ts';
import { needUser } from '../guard.ts';
import { type Content, html, type Markup } from '../html.ts';
import { show } from '../layout.ts';
import type { PageServices } from '../page-services.ts';
import { goTo, manageBy, type PageContext, type PageState, signedInOf } from '../visit.ts';

/** Revoking tokens of the account, after a question. */
export function tokenPages(router: Router<PageState>, services: PageServices): void {
  router.get('/account/tokens/:token/revoke', needUser, (context) => {
    const { visit } = context.state;
    const { account } = visit.words;
    const { token = '' } = context.params;
    const content = question(visit, {
      lead: account.revokeLead,
      action: `/account/tokens/${encodeURIComponent(token)}/revoke`,
      button: account.revoke,
      back: '/account',
    });
    show(context, { title: account.revokeTitle(token), menu: '/account', content });
  });

  router.post('/account/tokens/:token/revoke', needUser, async (context) => {
    const { name } = signedInOf(context).user;
    await manageBy(context, services).users.removeToken(name, context.params['token'] ?? '');
    goTo(context, '/account?done=token');
  });
}

/** The tokens of the user. */
export async function tokenSection(context: PageContext, services: PageServices): Promise<Markup> {
  const { account, api } = context.state.visit.words;
  const { user } = signedInOf(context);
  const { name, tokens, domains } = user;
  const states = tokens.length === 0 ? new Map() : await services.history.states(user, domains);
  const last = lastReports(name, states.values());
  return html`<section aria-labelledby="tokens"><h2 id="tokens">${account.tokens}</h2>
<p class="quiet">${account.tokensLead} <a href="/api/v1/">${api.title}</a></p>
${tokens.length === 0 ? html`<p>${account.noTokens}</p>` : tokenTable(context, tokens, last, services.clock.now())}</section>`;
}

/** When each token of the user reported last, as far as is known: of each name, only the last report is kept. */
function lastReports(user: UserName, states: Iterable<SeenSummary>): ReadonlyMap<string, number> {
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
  return table(
    [account.token, account.names, account.use, account.lastUse, undefined],
    tokens.map(
      ({ name, domains, use = 'updates' }) => html`<tr>
<th scope="row">${name}</th><td data-label="${account.names}">${domains?.join(', ') ?? account.allNames}</td><td data-label="${account.use}">${account.uses[use]}</td><td data-label="${account.lastUse}">${lastOf(name)}</td>
<td><a href="/account/tokens/${encodeURIComponent(name)}/revoke">${account.revoke}<span class="hidden"> ${name}</span></a></td></tr>`,
    ),
  );
}
