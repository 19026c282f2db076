import type Router from '@koa/router';
import type { MailRequest } from '../../../application/manage/mailboxes.ts';
import type { NoticeRequest } from '../../../application/manage/manage-users.ts';
import { invalid, type Parsed, valid } from '../../../domain/errors.ts';
import {
  NOTICE_FORMS,
  type NoticeForm,
  type NoticeTarget,
  parseMailAddress,
  parseNoticeAddress,
  parseNoticeSecret,
  SECRET_OF_FORM,
  takesToken,
  targetText,
} from '../../../domain/notice.ts';
import type { Catalogue } from '../catalogue.en.ts';
import { copyable, exactTime, field, form, note } from '../components.ts';
import { type Errors, readField, readForm, type Typed } from '../forms.ts';
import { needUser } from '../guard.ts';
import { html, type Markup } from '../html.ts';
import { show } from '../layout.ts';
import { filterFields, filterText, readFilters } from '../notice-filters.ts';
import { attemptTable, outcomeNote, shownTarget, testForm } from '../notice-parts.ts';
import type { PageServices } from '../page-services.ts';
import { goTo, manageBy, type PageContext, type PageState, signedInOf, type Visit } from '../visit.ts';

/** What the section of notices shows: a form that was wrong, or the outcome of a test. */
export type NoticesShown = {
  readonly webhook?: Typed;
  readonly mail?: Typed;
  readonly errors?: Errors;
  readonly message?: Markup;
};

/** A user's own webhooks and mailboxes: add, remove, test. */
export function noticePages(
  router: Router<PageState>,
  services: PageServices,
  showAccount: (context: PageContext, notices: NoticesShown, status: number) => Promise<void>,
): void {
  router.post('/account/notices', needUser, async (context) => {
    const { reasons, notices } = context.state.visit.words;
    const { user } = signedInOf(context);
    const typed = context.state.form;
    const fields = { to: readUrl, kind: readNoticeForm, secret: readField(parseNoticeSecret) };
    const read = readForm(typed, fields, reasons);
    if (!read.ok) return showAccount(context, { webhook: typed, errors: read.errors }, 422);
    const { to, kind: form, secret } = read.values;
    const wrong = (field: string, sentence: string) =>
      showAccount(context, { webhook: typed, errors: { [field]: sentence } }, 422);
    if (SECRET_OF_FORM[form] === 'needed token' && secret === undefined)
      return wrong('secret', notices.secretNeeded);
    const request: NoticeRequest = {
      to,
      form,
      secret: takesToken(form) ? secret : undefined,
      ...readFilters(typed, user.domains),
    };
    const outcome = await manageBy(context, services).users.addNotice(user.name, request);
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

  router.post('/account/notices/mail', needUser, (context) => {
    const { words } = context.state.visit;
    const typed = context.state.form;
    const read = readForm(typed, { mailbox: (text) => parseMailAddress(text.trim()) }, words.reasons);
    if (!read.ok) return showAccount(context, { mail: typed, errors: read.errors }, 422);
    const filters = readFilters(typed, signedInOf(context).user.domains);
    return ask(context, { ...read.values, ...filters }, typed);
  });

  /** Sends the link again. The filters stay. */
  router.post('/account/notices/mail/again', needUser, (context) => {
    const target = ownTarget(context);
    if (target?.to.kind !== 'mail' || target.unconfirmed === undefined) return context.throw(404);
    const { events, names, to } = target;
    return ask(context, { mailbox: to.mailbox, events, names }, { mailbox: to.mailbox });
  });

  async function ask(
    context: PageContext,
    request: Omit<MailRequest, 'language'>,
    typed: Typed,
  ): Promise<void> {
    const { code, notices } = context.state.visit.words;
    const wrong = (sentence: string, status = 422) =>
      showAccount(context, { mail: typed, errors: { mailbox: sentence } }, status);
    const { mailboxes } = manageBy(context, services);
    const language = code === 'de' ? 'de' : 'en';
    const outcome = await mailboxes.ask(signedInOf(context).user.name, { ...request, language });
    switch (outcome.kind) {
      case 'asked':
        return goTo(context, '/account?done=notice-asked');
      case 'exists':
        return wrong(notices.exists);
      case 'too-many':
        return wrong(notices.tooMany);
      case 'too-often':
        return wrong(notices.tooOften, 429);
      case 'not-sent':
        return wrong(notices.mailNotSent, 503);
      case 'no-mail':
        return context.throw(404);
      case 'unknown-user':
        return goTo(context, '/');
    }
  }

  router.post('/account/notices/remove', needUser, async (context) => {
    const { name } = signedInOf(context).user;
    await manageBy(context, services).users.removeNotice(name, context.state.form['id'] ?? '');
    goTo(context, '/account?done=notice-removed');
  });

  router.post('/account/notices/test', needUser, async (context) => {
    const { words } = context.state.visit;
    const { name } = signedInOf(context).user;
    const target = ownTarget(context);
    if (target === undefined || target.unconfirmed !== undefined) return context.throw(404);
    const outcome = await services.testNotices.sendOwn(name, target);
    if (outcome.kind === 'too-soon') {
      return showAccount(context, { message: note('care', words.notices.testedJustNow) }, 429);
    }
    return showAccount(
      context,
      { message: outcomeNote(forUser(target, outcome, words), target, words) },
      200,
    );
  });
}

/** The target whose button was pressed, if it is one of the user's own. */
const ownTarget = (context: PageContext): NoticeTarget | undefined =>
  signedInOf(context).user.notices?.find(({ id }) => id === context.state.form['id']);

/** What a mail server says is for the operator alone. */
const forUser = <Result extends object>(
  { to }: NoticeTarget,
  result: Result,
  { notices }: Catalogue,
): Result =>
  to.kind === 'mail' && 'reason' in result && result.reason !== undefined
    ? { ...result, reason: notices.mailFailed }
    : result;

/** The address of a webhook. Mailboxes have a form of their own. */
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
  context: PageContext,
  services: PageServices,
  { webhook = {}, mail = {}, errors = {}, message }: NoticesShown,
): Markup {
  const { visit } = context.state;
  const { notices } = visit.words;
  const { user } = signedInOf(context);
  const chosen = webhook['kind'] ?? 'json';
  const options = NOTICE_FORMS.map(
    (one) => html`<option value="${one}"${one === chosen && html` selected`}>${notices.forms[one]}</option>`,
  );
  const { mailboxes } = manageBy(context, services);
  return html`<section aria-labelledby="notices"><h2 id="notices">${notices.title}</h2>
<p class="quiet">${notices.lead}</p>
${message}${(user.notices ?? []).map((target) =>
  target.unconfirmed === undefined
    ? targetCard(visit, services, target)
    : unconfirmedCard(visit, services, target),
)}
${form(
  visit,
  '/account/notices',
  html`${field('to', notices.to, { value: webhook['to'] ?? '', error: errors['to'], hint: notices.toHint })}
<div><label for="kind">${notices.form}</label><select id="kind" name="kind">${options}</select></div>
${field('secret', notices.secret, { error: errors['secret'], hint: notices.secretHint, optional: true })}
${filterFields(webhook, user.domains, visit.words)}
<div><button>${notices.add}</button></div>`,
  'stack',
)}
${
  mailboxes.arePossible &&
  form(
    visit,
    '/account/notices/mail',
    html`${field('mailbox', notices.mailbox, { type: 'email', value: mail['mailbox'] ?? '', error: errors['mailbox'], hint: notices.mailboxHint, autocomplete: 'email' })}
${filterFields(mail, user.domains, visit.words)}
<div><button>${notices.addMailbox}</button></div>`,
    'stack',
  )
}</section>`;
}

function targetCard(
  visit: Visit,
  { sendNotices, clock }: Pick<PageServices, 'sendNotices' | 'clock'>,
  target: NoticeTarget,
): Markup {
  const { words } = visit;
  const { notices } = words;
  const { waiting, attempts } = sendNotices.stateOf(target.id);
  const kind = target.to.kind === 'mail' ? notices.byMail : notices.forms[target.form];
  return html`<div class="card target"><h3>${shownTarget(target)}</h3>
<p class="small quiet">${kind}<br>${filterText(target, words)} ${notices.waiting(waiting)}</p>
${attemptTable(
  attempts.slice(0, 3).map((attempt) => forUser(target, attempt, words)),
  clock.now(),
  words,
)}
<div class="line">${testForm(visit, '/account/notices/test', target)}
${removeForm(visit, target)}</div></div>`;
}

function unconfirmedCard(visit: Visit, { clock }: Pick<PageServices, 'clock'>, target: NoticeTarget): Markup {
  const { words } = visit;
  const { notices } = words;
  const mailbox = shownTarget(target);
  const until = target.unconfirmed?.until ?? 0;
  const state = until <= clock.now() ? notices.linkEnded : notices.unconfirmed(exactTime(until, words));
  const again = html`<input type="hidden" name="id" value="${target.id}"><button>${notices.askAgain}<span class="hidden"> ${mailbox}</span></button>`;
  return html`<div class="card target"><h3>${mailbox}</h3>
<p class="small quiet">${state}<br>${filterText(target, words)}</p>
<div class="line">${form(visit, '/account/notices/mail/again', again)}
${removeForm(visit, target)}</div></div>`;
}

const removeForm = (visit: Visit, target: NoticeTarget): Markup =>
  form(
    visit,
    '/account/notices/remove',
    html`<input type="hidden" name="id" value="${target.id}"><button class="danger">${visit.words.notices.remove}<span class="hidden"> ${shownTarget(target)}</span></button>`,
  );
