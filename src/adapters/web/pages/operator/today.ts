import type Router from '@koa/router';
import { inOrder, type ListedName } from '../../../../application/history/list-names.ts';
import { socketText } from '../../../../domain/socket-address.ts';
import { chain, lookOf, stateOfName } from '../../chain.ts';
import { address, note } from '../../components.ts';
import { needUser } from '../../guard.ts';
import { type Content, html } from '../../html.ts';
import type { PageServices } from '../../page-services.ts';
import { reportChart } from '../../report-chart.ts';
import type { PageContext, PageState } from '../../visit.ts';
import { needOperator, personLink, showOperator } from './frame.ts';

/** How many names in trouble the page shows in full. The list of names has the others. */
const SHOWN = 24;
/** How many names in trouble are looked at. */
const LOOKED_AT = 500;
/** How many failing sign-ins are looked at. */
const COUNTED = 1_000;

/** Today: what needs somebody. */
export function todayPage(router: Router<PageState>, services: PageServices): void {
  router.get('/operator', needUser, needOperator, async (context) => {
    const { operator } = context.state.visit.words;
    const [inTrouble, primaries, certificate, failing] = await Promise.all([
      services.listNames.troubled({ search: '', most: LOOKED_AT }),
      services.reportReadiness.execute(),
      services.checkCertificate.run(),
      services.loginLimits.failing(COUNTED),
    ]);
    const troubled = inOrder(inTrouble.rows);
    const paused = failing.filter((one) => one.paused > 0).length;
    const notes: Content[] = [
      ...primaries.flatMap(({ primary, trouble }) =>
        trouble === undefined
          ? []
          : note(
              'bad',
              html`<a href="/operator/servers">${operator.today.away(address(socketText(primary)), trouble)}</a>`,
            ),
      ),
      certificate?.finding !== undefined && note('bad', operator.today.certificates[certificate.finding]),
      ...behindServers(troubled).map(({ server, names }) =>
        note('care', operator.today.behind(server, names)),
      ),
      paused > 0 && note('care', html`<a href="/operator/sign-ins">${operator.today.paused(paused)}</a>`),
    ];
    const isCalm = troubled.length === 0 && notes.every((one) => one === false);
    const content = html`${isCalm && note('good', operator.today.calm)}${notes}
${troubled.length > 0 && troubleSection(context, services, troubled, inTrouble.hasMore)}
${reportChart(services.countReports.lastDay(), context.state.visit.words)}
<p class="quiet"><a href="/operator/names">${operator.today.names}</a></p>`;
    showOperator(context, '/operator', { title: operator.today.title, content });
  });
}

/** Name servers that do not have the last change of some names. */
function behindServers(
  names: readonly ListedName[],
): readonly { readonly server: string; readonly names: number }[] {
  const counts = new Map<string, number>();
  for (const { state, summary } of names) {
    if (state !== 'disagrees' || summary?.behind === undefined) continue;
    const { server } = summary.behind;
    counts.set(server, (counts.get(server) ?? 0) + 1);
  }
  return Array.from(counts, ([server, names]) => ({ server, names }));
}

function troubleSection(
  { state }: PageContext,
  { clock }: PageServices,
  names: readonly ListedName[],
  hasMore: boolean,
): Content {
  const { words } = state.visit;
  const { today } = words.operator;
  const cards = names.slice(0, SHOWN).map(
    ({ name, users, summary, state: how }) => html`<li class="card ${lookOf(how)}"><header>
<h3>${name}</h3>${stateOfName(summary, how, clock.now(), words)}</header>
${chain(summary, how, clock.now(), words)}
${users.length > 0 && html`<p class="small quiet">${today.heldBy} ${users.slice(0, 3).map((user) => html`${personLink(user)} `)}</p>`}</li>`,
  );
  return html`<section aria-labelledby="trouble"><h2 id="trouble">${today.trouble}</h2>
<ul class="cards">${cards}</ul>
${names.length > SHOWN && html`<p><a href="/operator/names?trouble=1">${today.more(names.length - SHOWN, hasMore)}</a></p>`}</section>`;
}
