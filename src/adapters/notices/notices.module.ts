import { ContainerModule } from 'inversify';
import { tokens } from '../inversify/tokens.ts';
import { ConfirmationMail } from './confirmation-mail.ts';
import { NoticeSenders } from './notice-senders.ts';
import { WebhookSender } from './webhook-sender.ts';

/** Sends notices by webhook and by mail. */
export const noticesModule = new ContainerModule(({ bind }) => {
  bind(tokens.noticeSender).toResolvedValue(
    (clock, current) => new NoticeSenders(new WebhookSender(clock), current),
    [tokens.clock, tokens.currentSettings],
  );
  bind(tokens.confirmationSender).toResolvedValue(
    (current, logger) => new ConfirmationMail(current, logger),
    [tokens.currentSettings, tokens.logger],
  );
});
