import Router from '@koa/router';
import type { Middleware } from 'koa';
import { answerFaults, offerPage } from './answer-faults.ts';
import { serveAsset } from './assets.ts';
import { formOf, refuseForgery, refuseInsecure, setSecurityHeaders } from './guard.ts';
import type { PageServices } from './page-services.ts';
import { accountPages } from './pages/account.ts';
import { apiPage } from './pages/api.ts';
import { arrivalEvents } from './pages/arrivals.ts';
import { certificatesPage } from './pages/certificates.ts';
import { confirmationPage } from './pages/confirmation.ts';
import { hostPage } from './pages/host.ts';
import { hostsPage } from './pages/hosts.ts';
import { invitationPage } from './pages/invitation.ts';
import { operatorPages } from './pages/operator/operator-pages.ts';
import { setUpPage } from './pages/set-up.ts';
import { signInPages } from './pages/sign-in.ts';
import { passkeySignIn } from './pages/sign-in-passkey.ts';
import { providerSignIn } from './pages/sign-in-provider.ts';
import { chooseLanguage, openVisit, type PageMiddleware, type PageState } from './visit.ts';

/** What shows the pages, and what answers a request that nothing else has taken. */
export type CreatedPages = { readonly pages: Middleware; readonly otherwise: Middleware };

/**
 * All pages, as docs/pages.md describes them. Other requests go on to the routes. The HTTP interface has set
 * `PageState` before: the client, the query, and whether the request came by HTTPS.
 */
export function createPages(services: PageServices): CreatedPages {
  const router = new Router<PageState>();
  router.get('/assets/:name', setSecurityHeaders, serveAsset);
  // The order matters: each step relies on those before it. Only what is a page goes through them.
  const steps: PageMiddleware[] = [
    setSecurityHeaders,
    chooseLanguage(services), // before all that shows words
    answerFaults(services), // before all that may fail
    openVisit(services),
    refuseInsecure(services),
    readForm,
    refuseForgery(services), // before all that changes something
  ];
  for (const step of steps) router.use(step);
  hostsPage(router, services);
  hostPage(router, services);
  arrivalEvents(router, services); // before the pages of single tokens
  setUpPage(router, services);
  certificatesPage(router, services);
  signInPages(router, services);
  passkeySignIn(router, services);
  providerSignIn(router, services);
  accountPages(router, services);
  operatorPages(router, services);
  invitationPage(router, services);
  confirmationPage(router, services);
  apiPage(router, services);
  return {
    pages: router.routes() as unknown as Middleware,
    otherwise: offerPage(router, steps) as unknown as Middleware,
  };
}

const readForm: PageMiddleware = async (context, next) => {
  const body = context.method === 'POST' ? await context.state.readBody() : '';
  if (body === undefined) return context.throw(413);
  context.state.form = formOf(body);
  await next();
};
