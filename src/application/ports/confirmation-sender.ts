import type { MailLanguage } from '../../domain/notice.ts';

export type ConfirmationLink = { readonly secret: string; readonly language: MailLanguage };

/** Asks whoever reads a mailbox whether notices may go there. */
export interface ConfirmationSender {
  /** False where the settings have no mail server. */
  readonly isPossible: boolean;

  /**
   * Mails a link with the secret. Resolves to whether the mail server took the mail. Ends within half a minute, and never
   * rejects for what the mail server does.
   */
  ask(mailbox: string, link: ConfirmationLink): Promise<boolean>;
}
