import type Router from '@koa/router';
import { type FailingLoginsOfUser, failingLogins } from '../../../../application/login/failing-logins.ts';
import type { Catalogue } from '../../catalogue.en.ts';
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
    const rows = (await failingLogins(services, ROWS)).map(
      ({ site, who, failures, paused }) => html`<tr><th scope="row">${address(site)}</th>
<td data-label="${signIns.user}">${whoIs(who, signIns)}</td><td data-label="${signIns.failures}">${failures}</td>
<td data-label="${signIns.paused}">${paused > 0 ? signIns.minutes(Math.ceil(paused / 60_000)) : signIns.notPaused}</td></tr>`,
    );
    const content = html`<p class="quiet">${signIns.lead}</p>
${
  rows.length === 0
    ? html`<p>${signIns.none}</p>`
    : table([signIns.from, signIns.user, signIns.failures, signIns.paused], rows)
}`;
    showOperator(context, PATH, { title: signIns.title, content });
  });
}

function whoIs(
  who: FailingLoginsOfUser['who'],
  { allUsers, noUser }: Catalogue['operator']['signIns'],
): Content {
  if (who === 'all') return allUsers;
  return who === undefined ? html`<span class="quiet">${noUser}</span>` : personLink(who.user);
}
