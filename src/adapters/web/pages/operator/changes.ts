import type Router from '@koa/router';
import type { Managed } from '../../../../domain/event.ts';
import { table, timeAgo } from '../../components.ts';
import { needUser } from '../../guard.ts';
import { html } from '../../html.ts';
import type { PageServices } from '../../page-services.ts';
import type { PageState } from '../../visit.ts';
import { needOperator, partLinks, partQuery, ROWS, showOperator } from './frame.ts';

const PATH = '/operator/changes';

/** Who changed what, and by which way. */
export function changesPage(router: Router<PageState>, services: PageServices): void {
  router.get(PATH, needUser, needOperator, async (context) => {
    const { words } = context.state.visit;
    const { changes } = words.operator;
    const part = partQuery(context);
    const known = await services.managementHistory.last((part + 1) * ROWS + 1);
    const now = services.clock.now();
    const rows = known.slice(part * ROWS, (part + 1) * ROWS).map(
      (change) => html`<tr><td>${timeAgo(change.at, now, words)}</td>
<td>${change.by}<br><small class="quiet">${changes.ways[change.way]}</small></td>
<td>${changes.deeds[change.deed]}<br><small>${subjectOf(change)}</small></td></tr>`,
    );
    const content = html`<p class="quiet">${changes.lead}</p>
${
  rows.length === 0 ? html`<p>${changes.none}</p>` : table([changes.when, changes.who, changes.what], rows)
}${partLinks(context, PATH, known.length > (part + 1) * ROWS)}`;
    showOperator(context, PATH, { title: changes.title, content });
  });
}

const subjectOf = ({ user, name, token, settings = [] }: Managed): string =>
  [user, name, token, ...settings].filter((one) => one !== undefined).join(' · ');
