import type {
  ConfirmationLink,
  ConfirmationSender,
} from '../../src/application/ports/confirmation-sender.ts';

/** Keeps the links that it was asked to mail. */
export class ScriptedConfirmationSender implements ConfirmationSender {
  isPossible = true;
  /** Whether the mail server takes mails. */
  takes = true;
  readonly asked: (ConfirmationLink & { readonly mailbox: string })[] = [];

  async ask(mailbox: string, link: ConfirmationLink): Promise<boolean> {
    this.asked.push({ mailbox, ...link });
    return this.takes;
  }
}
