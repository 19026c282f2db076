import type { CurrentSettings } from '../../application/manage/current-settings.ts';
import type { ConfirmationLink, ConfirmationSender } from '../../application/ports/confirmation-sender.ts';
import type { Logger } from '../../application/ports/logger.ts';
import type { MailLanguage } from '../../domain/notice.ts';
import { type Mail, sendMail } from './mail-sender.ts';

/**
 * Asks by mail whether notices may come. The mail does not name the user: users choose their names, and the mail may
 * reach a stranger.
 */
export class ConfirmationMail implements ConfirmationSender {
  readonly #current: CurrentSettings;
  readonly #logger: Logger;

  constructor(current: CurrentSettings, logger: Logger) {
    this.#current = current;
    this.#logger = logger;
  }

  get isPossible(): boolean {
    const { mail, web } = this.#current.value;
    return mail !== undefined && web !== undefined;
  }

  async ask(mailbox: string, { secret, language }: ConfirmationLink): Promise<boolean> {
    const { mail, web } = this.#current.value;
    if (mail === undefined || web === undefined) return false;
    const { host, href } = new URL(`/confirmation/${secret}`, web.url);
    const outcome = await sendMail(mail, mailbox, WORDS[language](host, href));
    if (outcome.kind === 'taken') return true;
    this.#logger.warn('A mail that asks for a confirmation could not be sent', { reason: outcome.reason });
    return false;
  }
}

const WORDS: Readonly<Record<MailLanguage, (host: string, link: string) => Mail>> = {
  en: (host, link) => ({
    subject: `Notices of ${host}: please confirm this address`,
    text: `A user of ${host} wants notices about names in the DNS to be sent to this address.

If that is you, open this link within a day and agree there:

${link}

If it is not, there is nothing to do. Nothing is sent to this address without your consent.
`,
  }),
  de: (host, link) => ({
    subject: `Mitteilungen von ${host}: bitte diese Adresse bestätigen`,
    text: `Jemand möchte, dass ${host} an diese Adresse mitteilt, was mit seinen Namen im DNS geschieht.

Wenn Sie das sind, öffnen Sie innerhalb eines Tages diesen Link und stimmen Sie dort zu:

${link}

Wenn nicht, brauchen Sie nichts zu tun. Ohne Ihre Zustimmung wird nichts an diese Adresse gesendet.
`,
  }),
};
