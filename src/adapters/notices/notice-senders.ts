import type { CurrentSettings } from '../../application/manage/current-settings.ts';
import type { NoticeOutcome, NoticeSender } from '../../application/ports/notice-sender.ts';
import type { Notice, NoticeTarget } from '../../domain/notice.ts';
import { digestOf } from './digest-mail.ts';
import { sendMail } from './mail-sender.ts';
import type { WebhookSender } from './webhook-sender.ts';

/** Sends notices by the way of their target. */
export class NoticeSenders implements NoticeSender {
  readonly #webhooks: WebhookSender;
  readonly #current: CurrentSettings;

  constructor(webhooks: WebhookSender, current: CurrentSettings) {
    this.#webhooks = webhooks;
    this.#current = current;
  }

  async send(target: NoticeTarget, notices: readonly Notice[]): Promise<NoticeOutcome> {
    const { to, language, unconfirmed } = target;
    if (unconfirmed !== undefined) {
      return { kind: 'failed', reason: 'the address is not confirmed', refused: true };
    }
    if (to.kind === 'mail') {
      const { mail, web } = this.#current.value;
      if (mail !== undefined) {
        return sendMail(mail, to.mailbox, digestOf(notices, { language, web: web?.url }));
      }
      return { kind: 'failed', reason: 'there is no [mail] in the configuration', refused: false };
    }
    for (const notice of notices) {
      const outcome = await this.#webhooks.send(target, to.url, notice);
      if (outcome.kind === 'failed') return outcome;
    }
    return { kind: 'taken' };
  }
}
