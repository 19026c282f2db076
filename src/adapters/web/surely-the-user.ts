import { field } from './components.ts';
import type { Markup } from './html.ts';
import type { PageServices } from './page-services.ts';
import { sayPaused } from './paused.ts';
import { type PageContext, signedInOf } from './visit.ts';

// Whoever finds an open browser must not take the account over. So some changes ask for the password, unless somebody
// signed in at this browser some minutes ago.

type Needed = Pick<PageServices, 'authenticateUser' | 'sessions'>;

/** Why the field `current` of a form does not prove who sits there, with the status of the answer that says so. */
export type PasswordFault = { readonly sentence: string; readonly status: 422 | 429 | 503 };

/** Undefined when the sign-in is fresh, or the form has the password. */
export async function faultOfUser(
  context: PageContext,
  services: Needed,
): Promise<PasswordFault | undefined> {
  const { session } = signedInOf(context);
  return services.sessions.isFresh(session) ? undefined : faultOfPassword(context, services);
}

/**
 * Undefined when the field `current` of the form has the password of the user. A token is none. A password that was not
 * verified is not called wrong, because the user would believe it and give up a right one.
 */
export async function faultOfPassword(
  context: PageContext,
  { authenticateUser }: Pick<PageServices, 'authenticateUser'>,
): Promise<PasswordFault | undefined> {
  const { client, form, visit } = context.state;
  const { account, signIn } = visit.words;
  const { name: user } = signedInOf(context).user;
  const credentials = { kind: 'password', user, password: form['current'] ?? '' } as const;
  const outcome = await authenticateUser.execute(credentials, client.address);
  switch (outcome.kind) {
    case 'paused':
      return { sentence: sayPaused(context, outcome), status: 429 };
    case 'overloaded':
      return { sentence: signIn.overloaded, status: 503 };
    case 'rejected':
      return { sentence: account.wrongCurrent, status: 422 };
    case 'authenticated':
      return outcome.principal.token === undefined
        ? undefined
        : { sentence: account.wrongCurrent, status: 422 };
  }
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
