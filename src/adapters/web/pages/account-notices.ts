import type Router from '@koa/router';
import type { NoticeRequest } from '../../../application/manage/manage-users.ts';
import { BoundedMap } from '../../../domain/bounded-map.ts';
import { invalid, type Parsed, valid } from '../../../domain/errors.ts';
import {
  NOTICE_FORMS,
  type NoticeForm,
  type NoticeTarget,
  parseNoticeAddress,
  parseNoticeSecret,
  targetText,
} from '../../../domain/notice.ts';
import { copyable, field, form, note } from '../components.ts';
import { type Errors, readField, readForm } from '../forms.ts';
import { needUser } from '../guard.ts';
import { type Content, html, type Markup } from '../html.ts';
import { show } from '../layout.ts';
import { attemptTable, outcomeNote, testForm } from '../notice-parts.ts';
import type { PageServices } from '../page-services.ts';
import { type PageContext, type PageState, signedInOf } from '../visit.ts';
import { goTo } from './sign-in.ts';

/** Milliseconds between two tests of one user: they make this server send requests. */
const TEST_PAUSE = 5_000;

/** What the section says: of a form that was not right, or of a test. */
export type NoticesShown = {
  readonly typed?: Readonly<Record<string, string>>;
  readonly errors?: Errors;
  readonly message?: Markup;
};

/** A user's own webhooks: add, remove, test. */
export function noticePages(
  router: Router<PageState>,
  services: PageServices,
  showAccount: (context: PageContext, notices: NoticesShown, status: number) => Promise<void>,
): void {
  const testedAt = new BoundedMap<string, number>(10_000);
  const manage = (context: PageContext) =>
    services.manageAs({ by: signedInOf(context).user.name, way: 'page' }).users;

  router.post('/account/notices', needUser, async (context) => {
    const { reasons, notices } = context.state.visit.words;
    const typed = context.state.form;
    const fields = { to: readUrl, kind: readNoticeForm, secret: readField(parseNoticeSecret) };
    const read = readForm(typed, fields, reasons);
    if (!read.ok) return showAccount(context, { typed, errors: read.errors }, 422);
    const { to, kind: form, secret } = read.values;
    const wrong = (field: string, sentence: string) =>
      showAccount(context, { typed, errors: { [field]: sentence } }, 422);
    if (form === 'gotify' && secret === undefined) return wrong('secret', notices.secretNeeded);
    const takesSecret = form === 'ntfy' || form === 'gotify';
    const request: NoticeRequest = {
      to,
      form,
      secret: takesSecret ? secret : undefined,
      events: [],
      names: [],
    };
    const outcome = await manage(context).addNotice(signedInOf(context).user.name, request);
    switch (outcome.kind) {
      case 'added':
        return form === 'json' ? showSecret(context, outcome.target) : goTo(context, '/account?done=notice');
      case 'exists':
        return wrong('to', notices.exists);
      case 'too-many':
        return wrong('to', notices.tooMany);
      case 'unknown-user':
        return goTo(context, '/');
    }
  });

  router.post('/account/notices/remove', needUser, async (context) => {
    const { name } = signedInOf(context).user;
    await manage(context).removeNotice(name, context.state.form['id'] ?? '');
    goTo(context, '/account?done=notice-removed');
  });

  router.post('/account/notices/test', needUser, async (context) => {
    const { words } = context.state.visit;
    const { name, notices = [] } = signedInOf(context).user;
    const target = notices.find(({ id }) => id === context.state.form['id']);
    if (target === undefined) return context.throw(404);
    const now = services.clock.monotonic();
    if (now - (testedAt.get(name) ?? Number.NEGATIVE_INFINITY) < TEST_PAUSE) {
      return showAccount(context, { message: note('care', words.notices.testedJustNow) }, 429);
    }
    testedAt.set(name, now);
    const outcome = await services.testNotices.sendTo(target);
    return showAccount(context, { message: outcomeNote(outcome, targetText(target), words) }, 200);
  });
}

/** Notices of users go to a URL, not by mail. */
function readUrl(text: string): Parsed<NoticeTarget['to']> {
  const address = parseNoticeAddress(text.trim());
  return address.ok && address.value.kind === 'webhook'
    ? address
    : invalid('notices of users go to a URL with https or http');
}

function readNoticeForm(text: string): Parsed<NoticeForm> {
  const form = NOTICE_FORMS.find((one) => one === text);
  return form === undefined ? invalid('choose one of the forms') : valid(form);
}

/** Shows the new key of the signatures, this once. */
function showSecret(context: PageContext, target: NoticeTarget): void {
  const { words } = context.state.visit;
  const { notices } = words;
  const content = html`<p>${notices.secretLead(targetText(target))}</p>
${copyable('secret', target.secret ?? '', words)}
<p><a class="button" href="/account#notices">${notices.back}</a></p>`;
  show(context, { title: notices.secretTitle, menu: '/account', content });
}

/** Where notices about the user's names go. */
export function noticeSection(
  { state }: PageContext,
  services: PageServices,
  { typed = {}, errors = {}, message }: NoticesShown,
): Markup {
  const { visit } = state;
  const { words } = visit;
  const { notices } = words;
  const { user } = signedInOf({ state } as PageContext);
  const chosen = typed['kind'] ?? 'json';
  const options = NOTICE_FORMS.map(
    (one) => html`<option value="${one}"${one === chosen && html` selected`}>${notices.forms[one]}</option>`,
  );
  return html`<section aria-labelledby="notices"><h2 id="notices">${notices.title}</h2>
<p class="quiet">${notices.lead}</p>
${message}${(user.notices ?? []).map((target) => targetOf(visit, services, target))}
${form(
  visit,
  '/account/notices',
  html`${field('to', notices.to, { value: typed['to'] ?? '', error: errors['to'], hint: notices.toHint })}
<div><label for="kind">${notices.form}</label><select id="kind" name="kind">${options}</select></div>
${field('secret', notices.secret, { error: errors['secret'], hint: notices.secretHint, optional: true })}
<div><button>${notices.add}</button></div>`,
  'stack',
)}</section>`;

  function targetOf(
    at: typeof visit,
    { sendNotices, clock }: Pick<PageServices, 'sendNotices' | 'clock'>,
    target: NoticeTarget,
  ): Content {
    const { waiting, attempts } = sendNotices.stateOf(target.id);
    const id = html`<input type="hidden" name="id" value="${target.id}">`;
    const label = html`<span class="hidden"> ${targetText(target)}</span>`;
    return html`<div class="card target"><h3>${targetText(target)}</h3>
<p class="small quiet">${notices.forms[target.form]} ${notices.waiting(waiting)}</p>
${attemptTable(attempts.slice(0, 3), clock.now(), words)}
<div class="line">${testForm(at, '/account/notices/test', target)}
${form(at, '/account/notices/remove', html`${id}<button class="danger">${notices.remove}${label}</button>`)}</div></div>`;
  }
}
