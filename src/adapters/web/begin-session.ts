import { SESSION_LIFE } from '../../application/login/sessions.ts';
import type { Session } from '../../application/ports/session-store.ts';
import type { User } from '../../domain/user.ts';
import type { PageServices } from './page-services.ts';
import { cookiesOf, type PageContext } from './visit.ts';

/** Signs a user in at this browser. Whatever session its cookie named before, this is a new one. */
export async function beginSession(
  context: PageContext,
  { sessions, web }: Pick<PageServices, 'sessions' | 'web'>,
  user: User,
  { byProvider }: Pick<Session, 'byProvider'> = {},
): Promise<void> {
  const agent = context.get('User-Agent');
  const from = context.state.client.address.text;
  const secret = await sessions.begin(user, { agent, from, byProvider });
  const { session, options } = cookiesOf(web.url);
  context.cookies.set(session, secret, { ...options, maxAge: SESSION_LIFE });
}
