import type { NoticeAttempt } from '../../application/notices/notice-record.ts';
import type { NoticeOutcome } from '../../application/ports/notice-sender.ts';
import { type NoticeTarget, targetText } from '../../domain/notice.ts';
import { reasonOfAttempt, sentenceOfNotice } from '../notice-words/notice-words.ts';
import type { Catalogue } from './catalogue.en.ts';
import { form, note, sign, table, timeAgo } from './components.ts';
import { type Content, html, type Markup } from './html.ts';
import type { Visit } from './visit.ts';

// What the pages of the operator and of the account show of a target of notices.

/** The target without what may be secret in it. */
export const shownTarget = (target: Pick<NoticeTarget, 'to'>): string =>
  target.to.kind === 'mail' ? target.to.mailbox : targetText(target);

/** What came of a test. */
export const outcomeNote = (outcome: NoticeOutcome, target: NoticeTarget, words: Catalogue): Markup =>
  outcome.kind === 'taken'
    ? note('good', words.notices.tested(shownTarget(target)))
    : note(
        'bad',
        words.notices.testFailed(shownTarget(target), reasonOfAttempt(outcome.reason, words.notices.told)),
      );

export const testForm = (visit: Visit, action: string, target: NoticeTarget): Markup =>
  form(
    visit,
    action,
    html`<input type="hidden" name="id" value="${target.id}"><button>${visit.words.notices.test}<span class="hidden"> ${shownTarget(target)}</span></button>`,
  );

const LOOKS = { sent: 'up-to-date', failed: 'failed', dropped: 'off' } as const;

/** The last attempts. */
export function attemptTable(attempts: readonly NoticeAttempt[], now: number, words: Catalogue): Content {
  const { notices } = words;
  if (attempts.length === 0) return html`<p class="quiet">${notices.nothingSent}</p>`;
  const rows = attempts.map(
    ({ at, notice, outcome, reason }) => html`<tr><td>${timeAgo(at, now, words)}</td>
<td>${sentenceOfNotice(notice, notices.told)}${reason !== undefined && html`<br><small class="quiet">${reasonOfAttempt(reason, notices.told)}</small>`}</td>
<td><span class="state ${LOOKS[outcome]}">${sign(LOOKS[outcome])}${notices.outcomes[outcome]}</span></td></tr>`,
  );
  return table([notices.when, notices.notice, notices.outcome], rows);
}
