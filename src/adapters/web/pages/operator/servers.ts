import type Router from '@koa/router';
import type { CheckReport } from '../../../../application/check/check-all.ts';
import { socketText } from '../../../../domain/socket-address.ts';
import { joinedFindings } from '../../../check-words/joined-findings.ts';
import { address, form, note, sign, table } from '../../components.ts';
import { needUser } from '../../guard.ts';
import { type Content, html } from '../../html.ts';
import type { PageServices } from '../../page-services.ts';
import type { PageContext, PageState } from '../../visit.ts';
import { type Found, foundInConfiguration, foundInDomain } from '../../words-of-check.ts';
import { needOperator, showOperator } from './frame.ts';

const PATH = '/operator/servers';
/** Subjects of one trouble that are named: names of the DNS, and users or others; and troubles that are shown. */
const MOST = { domains: 5, others: 20, troubles: 100 };

/** The primaries, and what `dynonym check` finds. */
export function serversPage(router: Router<PageState>, services: PageServices): void {
  router.get(PATH, needUser, needOperator, (context) => showServers(context, services));

  router.post(`${PATH}/check`, needUser, needOperator, async (context) =>
    showServers(context, services, reportOf(context, await services.checkAll.run())),
  );
}

async function showServers(
  context: PageContext,
  { reportReadiness }: PageServices,
  report: Content = undefined,
): Promise<void> {
  const { visit } = context.state;
  const { servers } = visit.words.operator;
  const rows = (await reportReadiness.execute()).map(
    ({ primary, trouble }) => html`<tr><th scope="row">${address(socketText(primary))}</th>
<td>${
      trouble === undefined
        ? html`<span class="state">${sign('up-to-date')}${servers.answers}</span>`
        : html`<span class="state failed">${sign('failed')}${servers.away(trouble)}</span>`
    }</td></tr>`,
  );
  const content = html`${
    rows.length === 0 ? html`<p>${servers.own}</p>` : table([servers.primary, servers.state], rows)
  }
<section aria-labelledby="check"><h2 id="check">${servers.check}</h2>
${report ?? html`<p class="quiet">${servers.checkLead}</p>`}
${form(visit, `${PATH}/check`, html`<button>${servers.checkNow}</button>`)}</section>`;
  showOperator(context, PATH, { title: servers.title, content });
}

type Trouble = Omit<Found, 'subjects'> & {
  readonly subjects: Set<string>;
  readonly isProblem: boolean;
  /** How many subjects are named at most. */
  readonly named: number;
};

/** Each trouble once, with those that have it. In English, the sentences are those of the command. */
function reportOf({ state }: PageContext, { configuration, domains }: CheckReport): Content {
  const { servers, check } = state.visit.words.operator;
  const troubles = new Map<string, Trouble>();
  const add = (found: Found, isProblem: boolean, named: number) => {
    const known = troubles.get(found.problem) ?? { ...found, subjects: new Set<string>(), isProblem, named };
    for (const subject of found.subjects) known.subjects.add(subject);
    troubles.set(found.problem, known);
  };
  for (const joined of joinedFindings(configuration)) {
    add(foundInConfiguration(joined, check), false, MOST.others);
  }
  for (const { domain, findings } of domains) {
    for (const finding of findings) {
      add(foundInDomain(domain, finding, check), finding.severity === 'problem', MOST.domains);
    }
  }
  if (troubles.size === 0) return note('good', servers.fine(domains.length));
  const worstFirst = [...troubles.values()].sort(
    (one, other) => Number(other.isProblem) - Number(one.isProblem),
  );
  const rows = worstFirst.slice(0, MOST.troubles).map(({ parts, subjects, isProblem, named }) => {
    const others = subjects.size - named;
    return html`<li class="finding ${isProblem ? 'bad' : 'care'}"><p>${sign(isProblem ? 'failed' : 'silent')}<strong>${[...subjects].slice(0, named).join(', ')}${others > 0 && ` ${servers.more(others)}`}</strong></p>
${parts.map((part) => html`<p>${part}</p>`)}</li>`;
  });
  return html`<ul class="findings">${rows}</ul>${troubles.size > MOST.troubles && html`<p>${servers.more(troubles.size - MOST.troubles)}</p>`}`;
}
