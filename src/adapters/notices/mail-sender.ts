import type { MailSettings } from '../../application/manage/settings.ts';
import type { NoticeOutcome } from '../../application/ports/notice-sender.ts';
import { reasonOf } from '../files/system-error.ts';

/** Milliseconds for one step of the conversation. */
const PATIENCE = 10_000;

export type Mail = {
  readonly subject: string;
  readonly text: string;
  /** The page on which such mails are stopped. Mail programs offer it (List-Unsubscribe, RFC 2369 section 3.2). */
  readonly stopAt?: string | undefined;
};

/** Never rejects for what the mail server does. */
export async function sendMail(
  { host, port, tls, from, login }: MailSettings,
  to: string,
  { subject, text, stopAt }: Mail,
): Promise<NoticeOutcome> {
  // It is loaded when there is a mail, so that no start waits for it.
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({
    host,
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    ...(login && { auth: { user: login.user, pass: login.password } }),
    connectionTimeout: PATIENCE,
    greetingTimeout: PATIENCE,
    socketTimeout: PATIENCE,
    // nodemailer must not send the content of a file or a URL in place of a text.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    await transport.sendMail({
      from,
      to,
      subject,
      text,
      headers: { 'Auto-Submitted': 'auto-generated' },
      ...(stopAt !== undefined && { list: { unsubscribe: stopAt } }),
    });
    return { kind: 'taken' };
  } catch (error) {
    return { kind: 'failed', reason: reasonOf(error), refused: false };
  } finally {
    transport.close();
  }
}
