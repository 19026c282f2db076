import type Router from '@koa/router';
import type { AskedMailbox } from '../../../application/manage/mailboxes.ts';
import { form, note } from '../components.ts';
import { html } from '../html.ts';
import { show, showNoLink } from '../layout.ts';
import type { PageServices } from '../page-services.ts';
import type { PageContext, PageState } from '../visit.ts';

/**
 * What a mailed link leads to: whether notices of a user may go to this mailbox. Only the button says yes, because
 * programs that look for dangerous mails open every link.
 */
export function confirmationPage(router: Router<PageState>, { manageAs }: PageServices): void {
  const secretOf = (context: PageContext) => String(context['params']['secret']);
  /** To look changes nothing, so nobody is named. */
  const look = (context: PageContext) => manageAs({ by: '', way: 'page' }).mailboxes.look(secretOf(context));

  router.get('/confirmation/:secret', async (context) => {
    const asked = await look(context);
    return asked === undefined ? showGone(context) : showQuestion(context, asked);
  });

  router.post('/confirmation/:secret', async (context) => {
    const asked = await look(context);
    if (asked === undefined) return showGone(context);
    const { mailboxes } = manageAs({ by: asked.user, way: 'page' });
    const outcome = await mailboxes.confirm(secretOf(context));
    return outcome === 'confirmed' ? showDone(context, asked) : showGone(context);
  });
}

const showGone = (context: PageContext): void => showNoLink(context, context.state.visit.words.confirmation);

function showQuestion(context: PageContext, { user, mailbox }: AskedMailbox): void {
  const { visit } = context.state;
  const { confirmation } = visit.words;
  const content = html`<p>${confirmation.lead(user, mailbox)}</p>
${form(visit, context.path, html`<div><button class="primary">${confirmation.agree}</button></div>`, 'stack')}
<p class="small quiet">${confirmation.otherwise}</p>`;
  show(context, { title: confirmation.title, content, isNarrow: true });
}

function showDone(context: PageContext, { mailbox }: AskedMailbox): void {
  const { confirmation, fault } = context.state.visit.words;
  const content = html`${note('good', confirmation.done(mailbox))}<p><a class="button" href="/">${fault.back}</a></p>`;
  show(context, { title: confirmation.title, content, isNarrow: true });
}
