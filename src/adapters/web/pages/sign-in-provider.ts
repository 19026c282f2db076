import type Router from '@koa/router';
import type { SignInByProvider } from '../../../application/login/sign-in-by-provider.ts';
import { DynonymError } from '../../../domain/errors.ts';
import { beginSession } from '../begin-session.ts';
import { note } from '../components.ts';
import type { PageServices } from '../page-services.ts';
import { goTo, isOwnPath, type PageContext, type PageState } from '../visit.ts';
import { showSignIn } from './sign-in.ts';

/** Sign-in at an OpenID Connect provider, where one is configured. */
export function providerSignIn(router: Router<PageState>, services: PageServices): void {
  const { signInByProvider: provider, logger } = services;
  if (provider === undefined) return;

  router.get('/sign-in/oidc', (context) =>
    orSay(context, provider, async () => {
      const next = new URLSearchParams(context.state.query).get('next') ?? '/';
      goTo(context, await provider.begin(context.state.visit.formToken, next));
    }),
  );

  router.get('/sign-in/oidc/callback', (context) =>
    orSay(context, provider, async () => {
      const { visit, query, client } = context.state;
      const outcome = await provider.finish(visit.formToken, query, client.address);
      if (outcome.kind === 'refused') {
        logger.warn('A sign-in by the provider was refused', {
          from: client.address.text,
          reason: outcome.reason,
        });
        return say(context, provider, 403);
      }
      await beginSession(context, services, outcome.user, { byProvider: true });
      goTo(context, isOwnPath(outcome.next) ? outcome.next : '/');
    }),
  );

  /** If the provider does not answer, the sign-in page says so. It still offers the other ways to sign in. */
  async function orSay(context: PageContext, by: SignInByProvider, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof DynonymError)) throw error;
      logger.error('Nobody can sign in by the provider', { error });
      say(context, by, 503);
    }
  }

  function say(context: PageContext, { name }: SignInByProvider, status: number): void {
    const { signIn } = context.state.visit.words;
    const message = note('bad', status === 503 ? signIn.providerAway(name) : signIn.providerRefused(name));
    showSignIn(context, services, { message, status });
  }
}
