import { field } from './components.ts';
import type { Markup } from './html.ts';
import type { PageServices } from './page-services.ts';
import { type PageContext, signedInOf } from './visit.ts';

// Whoever finds an open browser must not take the account over. So some changes ask for the password, unless somebody
// signed in at this browser some minutes ago.

type Needed = Pick<PageServices, 'authenticateUser' | 'sessions'>;

/** True when the sign-in is fresh, or the form has the password. */
export async function isSurelyTheUser(context: PageContext, services: Needed): Promise<boolean> {
  const { session } = signedInOf(context);
  return services.sessions.isFresh(session) || (await hasPassword(context, services));
}

/** True when the field `current` of the form has the password of the user. A token is none. */
export async function hasPassword(
  context: PageContext,
  { authenticateUser }: Pick<PageServices, 'authenticateUser'>,
): Promise<boolean> {
  const { client, form } = context.state;
  const { name: user } = signedInOf(context).user;
  const credentials = { kind: 'password', user, password: form['current'] ?? '' } as const;
  const outcome = await authenticateUser.execute(credentials, client.address);
  return outcome.kind === 'authenticated' && outcome.principal.token === undefined;
}

/** The field that such a form has, where it needs one. */
export function passwordField(
  context: PageContext,
  { sessions }: Pick<PageServices, 'sessions'>,
  error?: string,
): Markup | undefined {
  const { account } = context.state.visit.words;
  const options = {
    id: 'current-again',
    type: 'password',
    autocomplete: 'current-password',
    hint: account.currentHint,
  } as const;
  return sessions.isFresh(signedInOf(context).session)
    ? undefined
    : field('current', account.current, { ...options, ...(error !== undefined && { error }) });
}
