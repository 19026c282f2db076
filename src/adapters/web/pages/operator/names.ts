import type Router from '@koa/router';
import { stateSign } from '../../chain.ts';
import { needUser } from '../../guard.ts';
import { html } from '../../html.ts';
import type { PageServices } from '../../page-services.ts';
import type { PageState } from '../../visit.ts';
import { listQuery, needOperator, partLinks, personLink, ROWS, searchForm, showOperator } from './frame.ts';

const PATH = '/operator/names';

/** All names, and who holds them, those in trouble first. */
export function namesPage(router: Router<PageState>, services: PageServices): void {
  router.get(PATH, needUser, needOperator, async (context) => {
    const { words } = context.state.visit;
    const { names } = words.operator;
    const { search, part } = listQuery(context);
    const sought = search.trim().toLowerCase();
    const found = (await services.listNames.execute()).filter(({ name, users }) =>
      [name, ...users].some((text) => text.toLowerCase().includes(sought)),
    );
    const shown = found.slice(part * ROWS, (part + 1) * ROWS);
    const rows = shown.map(
      ({ name, users, state }) => html`<tr><th scope="row">${name}</th>
<td data-label="${names.holders}">${users.length === 0 ? html`<span class="quiet">${names.follows}</span>` : users.map((user) => html`${personLink(user)} `)}</td>
<td>${stateSign(state, words)}</td></tr>`,
    );
    const content = html`${searchForm(context, PATH, names.find, search)}
${
  shown.length === 0
    ? html`<p>${words.operator.nothingFound}</p>`
    : html`<div class="table"><table class="rows"><thead><tr><th scope="col">${names.name}</th><th scope="col">${names.holders}</th><th scope="col">${names.state}</th></tr></thead>
<tbody>${rows}</tbody></table></div>`
}${partLinks(context, PATH, found.length > (part + 1) * ROWS)}`;
    showOperator(context, PATH, { title: names.title, content });
  });
}
