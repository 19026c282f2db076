import Router from '@koa/router';
import type { Middleware } from 'koa';
import { serveAsset } from './assets.ts';
import { formOf, refuseForgery, refuseInsecure, setSecurityHeaders } from './guard.ts';
import { html } from './html.ts';
import { show } from './layout.ts';
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
import { openVisit, type PageContext, type PageMiddleware, type PageState } from './visit.ts';

/**
 * All pages, as docs/pages.md describes them. Other requests go on to the routes. The HTTP interface has set
 * `PageState` before: the client, the query, and whether the request came by HTTPS.
 */
export function createPages(services: PageServices): Middleware {
  const router = new Router<PageState>();
  router.get('/assets/:name', setSecurityHeaders, serveAsset);
  // The order matters: each step relies on those before it. Only what is a page goes through them.
  const steps: PageMiddleware[] = [
    setSecurityHeaders,
    openVisit(services), // before all that shows words
    refuseInsecure(services),
    answerFaults(services),
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
  return router.routes() as unknown as Middleware;
}

const readForm: PageMiddleware = async (context, next) => {
  const body = context.method === 'POST' ? await context.state.readBody() : '';
  if (body === undefined) return context.throw(413);
  context.state.form = formOf(body);
  await next();
};

/** A fault is logged with its cause; the page says that there was one. */
function answerFaults({ logger }: PageServices): PageMiddleware {
  return async (context, next) => {
    try {
      await next();
    } catch (error) {
      const status = statusOf(error);
      if (status >= 500)
        logger.error('a page could not be shown', {
          path: withoutSecret(context.path),
          error: error as Error,
        });
      showFault(context, status);
    }
  };
}

/** A link that was given to somebody is a secret until it is used. */
const withoutSecret = (path: string): string => path.replace(/^(\/(?:invitation|confirmation)\/).+/, '$1…');

/** Koa and its parsers throw errors with the status of a request that they refuse. */
function statusOf(error: unknown): number {
  const status = (error as { status?: unknown }).status;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}

function showFault(context: PageContext, status: number): void {
  const { fault } = context.state.visit.words;
  const [title, lead] =
    status === 500 ? [fault.failed, fault.failedLead] : [fault.notFound, fault.notFoundLead];
  show(context, {
    title,
    content: html`<p>${lead}</p><p><a class="button" href="/">${fault.back}</a></p>`,
    status,
  });
}
