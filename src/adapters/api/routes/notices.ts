import * as z from 'zod';
import type { NoticeOutcome } from '../../../application/ports/notice-sender.ts';
import { isAtOrBelow, parseDomainName } from '../../../domain/domain-name.ts';
import {
  MAIL_LANGUAGES,
  NAME_EVENTS,
  NOTICE_FORMS,
  type NoticeTarget,
  parseNoticeAddress,
  parseNoticeSecret,
  SECRET_OF_FORM,
  takesToken,
  targetText,
} from '../../../domain/notice.ts';
import type { ApiServices } from '../api-services.ts';
import { invalidAt, passingProblem, problem } from '../problems.ts';
import { DONE, manage, route } from '../route.ts';
import { text, time, timeText } from '../schemas.ts';

const AttemptSchema = z
  .object({
    at: time,
    event: z.string(),
    text: z.string(),
    outcome: z.enum(['sent', 'failed', 'dropped']),
    reason: z.string().optional(),
  })
  .meta({ id: 'Attempt', description: 'An attempt to send a notice.' });

/** What operators and users see of a target. */
export const AnyTarget = z.object({
  id: z.string(),
  target: z.string().meta({ description: 'Without the path of a URL, which may be a secret.' }),
  events: z.array(z.string()).meta({ description: 'None: all.' }),
  waiting: z.int(),
  attempts: z.array(AttemptSchema).meta({ description: 'The last ones since the start, the latest first.' }),
});

export function shownTarget(
  target: NoticeTarget,
  { sendNotices }: Pick<ApiServices, 'sendNotices'>,
): z.input<typeof AnyTarget> {
  const { waiting, attempts } = sendNotices.stateOf(target.id);
  return {
    id: target.id,
    target: targetText(target),
    events: [...target.events],
    waiting,
    attempts: attempts.map(({ notice: { event, text }, at, ...attempt }) => ({
      at: timeText(at),
      event,
      text,
      ...attempt,
    })),
  };
}

export const TestedSchema = z.object({
  outcome: z.enum(['taken', 'failed']),
  reason: z.string().nullable().meta({ description: 'Why it failed.' }),
});

export const shownOutcome = (outcome: NoticeOutcome): z.input<typeof TestedSchema> => ({
  outcome: outcome.kind,
  reason: outcome.kind === 'failed' ? outcome.reason : null,
});

const untilConfirmed = time.nullable().meta({
  description: 'Set while a mail address is not confirmed: until when the link in the mail is good.',
});

const OwnTarget = AnyTarget.extend({
  names: z.array(z.string()).meta({ description: 'None: all of yours.' }),
  language: z.enum(MAIL_LANGUAGES).nullable().meta({ description: 'Of the mails.' }),
  unconfirmed_until: untilConfirmed,
}).meta({ id: 'OwnTarget', description: 'Where notices about your names go.' });

/** What a mail server says is for the operator alone. */
const MAIL_FAILED = 'the mail server did not take the mail';

function shownOwn(target: NoticeTarget, services: ApiServices): z.input<typeof OwnTarget> {
  const shown = shownTarget(target, services);
  const attempts = shown.attempts.map((attempt) =>
    target.to.kind === 'mail' && attempt.reason !== undefined ? { ...attempt, reason: MAIL_FAILED } : attempt,
  );
  return {
    ...shown,
    attempts,
    names: [...target.names],
    language: target.language ?? null,
    unconfirmed_until: untilOf(target),
  };
}

const untilOf = ({ unconfirmed }: NoticeTarget) =>
  unconfirmed === undefined ? null : timeText(unconfirmed.until);

const NewTarget = z.strictObject({
  to: text(parseNoticeAddress, 'A URL with https or http, or a mail address after mailto:.'),
  form: z.enum(NOTICE_FORMS).default('json').meta({ description: 'How the body of a webhook is written.' }),
  secret: text(parseNoticeSecret, 'The access token of ntfy or Gotify.').optional(),
  events: z.array(z.enum(NAME_EVENTS)).max(NAME_EVENTS.length).default([]),
  names: z.array(text(parseDomainName, 'It, and names below it: one of them is yours.')).max(100).default([]),
  language: z.enum(MAIL_LANGUAGES).default('en').meta({ description: 'Of mails to that address.' }),
});

const TOO_MANY = invalidAt('#/to', 'you have as many targets as a user may have; remove one first');

const OWN = { scope: 'api:write', wholeAccount: true } as const;

export const noticeRoutes = [
  route({
    ...OWN,
    method: 'GET',
    path: '/account/notices',
    scope: 'api:read',
    summary: 'Where notices about your names go, and how that goes',
    shown: z.object({ targets: z.array(OwnTarget) }),
    async handle({ user }, services) {
      return { body: { targets: (user.notices ?? []).map((target) => shownOwn(target, services)) } };
    },
  }),
  route({
    ...OWN,
    method: 'POST',
    path: '/account/notices',
    summary: 'Have notices sent to a webhook or by mail',
    description:
      'A mail address gets one mail with a link, good once and for a day, and no notice before somebody agrees there. To send the link again, ask again.',
    body: NewTarget,
    shown: z.object({
      id: z.string(),
      secret: z
        .string()
        .nullable()
        .meta({ description: 'The key of the signatures in the form json, shown only now.' }),
      unconfirmed_until: untilConfirmed,
    }),
    status: 201,
    problems: ['exists'],
    async handle(call, services) {
      const { user } = call;
      const { to, form, secret, language } = call.body;
      const events = [...new Set(call.body.events)];
      const names = [...new Set(call.body.names)];
      const foreign = call.body.names.flatMap((name, index) =>
        user.domains.some((own) => isAtOrBelow(own, name))
          ? []
          : [{ pointer: `#/names/${index}`, detail: 'this is none of your names' }],
      );
      if (foreign.length > 0) return problem('invalid', { errors: foreign });
      const { users, mailboxes } = manage(call, services);
      const made = (target: NoticeTarget) => ({
        body: {
          id: target.id,
          secret: target.form === 'json' ? (target.secret ?? null) : null,
          unconfirmed_until: untilOf(target),
        },
      });
      if (to.kind === 'mail') {
        if (form !== 'json') return invalidAt('#/form', 'this has no meaning for mail');
        if (secret !== undefined) return invalidAt('#/secret', 'this has no meaning for mail');
        const { mailbox } = to;
        const outcome = await mailboxes.ask(user.name, { mailbox, events, names, language });
        switch (outcome.kind) {
          case 'asked':
            return made(outcome.target);
          case 'exists':
            return problem('exists');
          case 'too-many':
            return TOO_MANY;
          case 'no-mail':
            return invalidAt('#/to', 'this server sends no mail: its configuration has no [mail]');
          case 'too-often': {
            const detail = 'Several such mails were sent there, or for you. Try again in an hour.';
            return passingProblem('paused', 3600, detail);
          }
          case 'not-sent':
            return passingProblem('not-confirmed', 60, 'The mail could not be sent.');
          case 'unknown-user':
            return problem('not-found');
        }
      }
      if (SECRET_OF_FORM[form] === 'needed token' && secret === undefined) {
        return invalidAt('#/secret', 'Gotify needs the token of an application');
      }
      if (!takesToken(form) && secret !== undefined) return invalidAt('#/secret', 'this form takes none');
      const outcome = await users.addNotice(user.name, { to, form, secret, events, names });
      switch (outcome.kind) {
        case 'added':
          return made(outcome.target);
        case 'exists':
          return problem('exists');
        case 'too-many':
          return TOO_MANY;
        case 'unknown-user':
          return problem('not-found');
      }
    },
  }),
  route({
    ...OWN,
    method: 'POST',
    path: '/account/notices/{id}/test',
    summary: 'Send a test notice to one of your targets',
    shown: TestedSchema,
    async handle({ user, params }, { testNotices }) {
      const target = user.notices?.find(({ id }) => id === params['id']);
      if (target === undefined) return problem('not-found');
      if (target.unconfirmed !== undefined) {
        return problem('not-found', { detail: 'The mail address is not confirmed.' });
      }
      const outcome = await testNotices.sendOwn(user.name, target);
      if (outcome.kind === 'too-soon') return passingProblem('paused', 5);
      const shown = shownOutcome(outcome);
      const isHidden = target.to.kind === 'mail' && shown.reason !== null;
      return { body: isHidden ? { ...shown, reason: MAIL_FAILED } : shown };
    },
  }),
  route({
    ...OWN,
    method: 'DELETE',
    path: '/account/notices/{id}',
    summary: 'Have no more notices sent there',
    async handle(call, services) {
      const { users } = manage(call, services);
      const outcome = await users.removeNotice(call.user.name, call.params['id'] ?? '');
      return outcome === 'removed' ? DONE : problem('not-found');
    },
  }),
];
