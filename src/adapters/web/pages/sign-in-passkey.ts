import type Router from '@koa/router';
import { beginSession } from '../begin-session.ts';
import { note } from '../components.ts';
import type { PageServices } from '../page-services.ts';
import { goTo, isOwnPath, type PageState } from '../visit.ts';
import { showPaused, showSignIn } from './sign-in.ts';

/** Sign-in with a passkey. The browser shows which ones it has; no user name is typed. */
export function passkeySignIn(router: Router<PageState>, services: PageServices): void {
  const { passkeys, web } = services;

  router.post('/sign-in/passkey/challenge', async (context) => {
    context.body = {
      challenge: await passkeys.challenge(context.state.visit.formToken),
      rpId: web.url.hostname,
      userVerification: 'required',
    };
  });

  router.post('/sign-in/passkey', async (context) => {
    const { visit, client, form } = context.state;
    const { answer = '', next = '' } = form;
    const outcome = await passkeys.signIn(visit.formToken, answer, client.address);
    if (outcome.kind === 'paused') return showPaused(context, services, outcome, { next });
    if (outcome.kind === 'rejected') {
      const message = note('bad', visit.words.signIn.wrongPasskey);
      return showSignIn(context, services, { next, message, status: 422 });
    }
    await beginSession(context, services, outcome.user);
    goTo(context, isOwnPath(next) ? next : '/');
  });
}
