import type Router from '@koa/router';
import type { DomainName } from '../../../../domain/domain-name.ts';
import { stateSign } from '../../chain.ts';
import { table } from '../../components.ts';
import { needUser } from '../../guard.ts';
import { html } from '../../html.ts';
import type { PageServices } from '../../page-services.ts';
import type { PageState } from '../../visit.ts';
import { listLinks, listQuery, needOperator, personLink, searchForm, showOperator } from './frame.ts';

const PATH = '/operator/names';

/** All names, and who holds them; or those in trouble. */
export function namesPage(router: Router<PageState>, services: PageServices): void {
  router.get(PATH, needUser, needOperator, async (context) => {
    const { words } = context.state.visit;
    const { names } = words.operator;
    const part = listQuery<DomainName>(context);
    const isTroubled = new URLSearchParams(context.state.query).has('trouble');
    const found = await services.listNames[isTroubled ? 'troubled' : 'page'](part);
    const shown = found.rows;
    const rows = shown.map(
      ({ name, users, state }) => html`<tr><th scope="row">${name}</th>
<td data-label="${names.holders}">${users.length === 0 ? html`<span class="quiet">${names.follows}</span>` : users.map((user) => html`${personLink(user)} `)}</td>
<td>${stateSign(state, words)}</td></tr>`,
    );
    const content = html`${searchForm(context, PATH, names.find, part.search)}
${
  shown.length === 0
    ? html`<p>${words.operator.nothingFound}</p>`
    : table([names.name, names.holders, names.state], rows)
}${listLinks(context, PATH, found, isTroubled ? { trouble: '1' } : {})}`;
    showOperator(context, PATH, { title: isTroubled ? words.operator.today.trouble : names.title, content });
  });
}
