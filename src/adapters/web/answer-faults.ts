import Router from '@koa/router';
import { isStoreFault, STORE_RETRY } from '../../application/ports/store-fault.ts';
import type { Catalogue } from './catalogue.en.ts';
import { html } from './html.ts';
import { show } from './layout.ts';
import type { PageServices } from './page-services.ts';
import type { PageContext, PageMiddleware, PageState } from './visit.ts';

/** A fault is logged with its cause; the page says that there was one. */
export function answerFaults({ logger }: Pick<PageServices, 'logger'>): PageMiddleware {
  return async (context, next) => {
    try {
      await next();
    } catch (error) {
      const status = statusOf(error);
      if (status >= 500)
        logger.error('A page could not be shown', {
          path: context.state.pathForLog(),
          error: error as Error,
        });
      showFault(context, status);
    }
  };
}

/**
 * Answers to a path at which nothing is served, and to a method that a page does not take: with a page where a browser
 * asks for one, else in the words of the HTTP interface.
 */
export function offerPage(pages: Router<PageState>, steps: readonly PageMiddleware[]): PageMiddleware {
  const faults = new Router<PageState>();
  for (const step of steps) faults.use(step);
  faults.get('/*path', (context) => context.throw(allowedAt(pages, context).length > 0 ? 405 : 404));
  const showPage = faults.routes() as unknown as PageMiddleware;
  return (context, next) => {
    const allowed = allowedAt(pages, context);
    if (allowed.length > 0) context.set('Allow', allowed.join(', '));
    if (wantsPage(context)) return showPage(context, next);
    return allowed.length > 0 ? context.state.refuse(context, 405) : next();
  };
}

/** The methods that pages take at this path, where this one is none of them. */
function allowedAt(pages: Router<PageState>, { path, method }: PageContext): readonly string[] {
  const methods = pages.match(path, method).path.flatMap((layer) => layer.methods);
  return methods.includes(method) ? [] : [...new Set(methods)].toSorted();
}

/** Programs that take anything get text. A browser says that it prefers a page. */
const wantsPage = (context: PageContext): boolean =>
  ['GET', 'HEAD'].includes(context.method) &&
  context.accepts('text/plain', 'application/json', 'text/html') === 'text/html';

/** Koa and its parsers throw errors with the status of a request that they refuse. */
function statusOf(error: unknown): number {
  if (isStoreFault(error)) return 503;
  const status = (error as { status?: unknown }).status;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}

function showFault(context: PageContext, status: number): void {
  const { fault } = context.state.visit.words;
  const [title, lead] = wordsOf(status, fault);
  if (status === 503) context.set('Retry-After', String(STORE_RETRY));
  const content = html`<p>${lead}</p><p><a class="button" href="/">${fault.back}</a></p>`;
  show(context, { title, content, status });
}

function wordsOf(status: number, fault: Catalogue['fault']): readonly [title: string, lead: string] {
  switch (status) {
    case 405:
      return [fault.noPage, fault.noPageLead];
    case 413:
      return [fault.tooLarge, fault.tooLargeLead];
    case 500:
      return [fault.failed, fault.failedLead];
    case 503:
      return [fault.away, fault.awayLead];
    default:
      return [fault.notFound, fault.notFoundLead];
  }
}
