import type Router from '@koa/router';
import { parseUserName } from '../../../../domain/user.ts';
import { address, table } from '../../components.ts';
import { needUser } from '../../guard.ts';
import { type Content, html } from '../../html.ts';
import type { PageServices } from '../../page-services.ts';
import type { PageState } from '../../visit.ts';
import { needOperator, personLink, ROWS, showOperator } from './frame.ts';

const PATH = '/operator/sign-ins';

/** Where sign-ins fail, and which are paused. */
export function signInsPage(router: Router<PageState>, services: PageServices): void {
  router.get(PATH, needUser, needOperator, async (context) => {
    const { signIns } = context.state.visit.words.operator;
    const failing = await services.loginLimits.failing(ROWS);
    const rows: Content[] = [];
    for (const { site, name, failures, paused } of failing) {
      const user = name === undefined ? signIns.allUsers : await userCalled(name);
      rows.push(html`<tr><th scope="row">${address(site)}</th>
<td data-label="${signIns.user}">${user ?? html`<span class="quiet">${signIns.noUser}</span>`}</td><td data-label="${signIns.failures}">${failures}</td>
<td data-label="${signIns.paused}">${paused > 0 ? signIns.minutes(Math.ceil(paused / 60_000)) : signIns.notPaused}</td></tr>`);
    }
    const content = html`<p class="quiet">${signIns.lead}</p>
${
  rows.length === 0
    ? html`<p>${signIns.none}</p>`
    : table([signIns.from, signIns.user, signIns.failures, signIns.paused], rows)
}`;
    showOperator(context, PATH, { title: signIns.title, content });
  });

  /** A name that no user has may be a password in the wrong field, so it is not shown. */
  async function userCalled(typed: string): Promise<Content> {
    const name = parseUserName(typed);
    const user = name.ok ? await services.users.find(name.value) : undefined;
    return user && personLink(user.name);
  }
}
