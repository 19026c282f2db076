import type Router from '@koa/router';
import type { NoticeOutcome } from '../../../../application/ports/notice-sender.ts';
import type { NoticeTarget } from '../../../../domain/notice.ts';
import { needUser } from '../../guard.ts';
import { type Content, html } from '../../html.ts';
import { attemptTable, outcomeNote, shownTarget, testForm } from '../../notice-parts.ts';
import type { PageServices } from '../../page-services.ts';
import type { PageContext, PageState } from '../../visit.ts';
import { needOperator, showOperator } from './frame.ts';

const PATH = '/operator/notices';

/** Where notices of the operator go: what was sent, what failed, what waits, and a test. */
export function noticesPage(router: Router<PageState>, services: PageServices): void {
  const { noticeTargets, testNotices } = services;

  router.get(PATH, needUser, needOperator, (context) => showNotices(context, services));

  router.post(`${PATH}/test`, needUser, needOperator, async (context) => {
    const target = noticeTargets.ofOperator.find(({ id }) => id === context.state.form['id']);
    if (target === undefined) return context.throw(404);
    showNotices(context, services, { target, outcome: await testNotices.sendTo(target) });
  });
}

type Tested = { readonly target: NoticeTarget; readonly outcome: NoticeOutcome };

function showNotices(context: PageContext, services: PageServices, tested?: Tested): void {
  const { words } = context.state.visit;
  const { notices } = words.operator;
  const targets = services.noticeTargets.ofOperator;
  const content = html`<p class="quiet">${notices.lead}</p>
${tested && outcomeNote(tested.outcome, tested.target, words)}
${targets.length === 0 ? nowhere(notices.none) : targets.map((target) => sectionOf(context, services, target))}`;
  showOperator(context, PATH, { title: notices.title, content });
}

/** What to write into the configuration. */
const nowhere = (lead: string): Content => html`<p>${lead}</p>
<pre tabindex="0">[[notices]]
to = "https://hooks.example.org/dynonym"
secret_file = "notices.key"</pre>`;

function sectionOf({ state }: PageContext, services: PageServices, target: NoticeTarget): Content {
  const { visit } = state;
  const { operator, notices } = visit.words;
  const { waiting, attempts } = services.sendNotices.stateOf(target.id);
  const filters = [...target.events, ...target.names];
  const heading = `target-${target.id}`;
  return html`<section aria-labelledby="${heading}"><h2 id="${heading}">${shownTarget(target)}</h2>
<p>${filters.length === 0 ? operator.notices.all : operator.notices.only(filters.join(', '))} ${notices.waiting(waiting)}</p>
${attemptTable(attempts, services.clock.now(), visit.words)}
${testForm(visit, `${PATH}/test`, target)}</section>`;
}
