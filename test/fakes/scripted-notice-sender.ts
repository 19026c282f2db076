import type { NoticeOutcome, NoticeSender } from '../../src/application/ports/notice-sender.ts';
import type { Notice, NoticeTarget } from '../../src/domain/notice.ts';

export type SentNotices = { readonly target: NoticeTarget; readonly notices: readonly Notice[] };

/** Does as the test says, and keeps what it was asked to send. */
export class ScriptedNoticeSender implements NoticeSender {
  readonly sent: SentNotices[] = [];
  /** What comes of it. */
  answer: (sent: SentNotices) => NoticeOutcome | Promise<NoticeOutcome> = () => ({ kind: 'taken' });

  async send(target: NoticeTarget, notices: readonly Notice[]): Promise<NoticeOutcome> {
    const sent = { target, notices };
    this.sent.push(sent);
    return this.answer(sent);
  }

  /** The texts of everything that was sent, in order. */
  get texts(): readonly string[] {
    return this.sent.flatMap(({ notices }) => notices.map(({ text }) => text));
  }
}
