import type { RequestListener } from 'node:http';
import Router from '@koa/router';
import Koa from 'koa';
import compose from 'koa-compose';
import { noMetrics } from '../../application/ports/metrics.ts';
import type { Network } from '../../domain/network.ts';
import { only, problem } from './answer.ts';
import { answerFaults } from './answer-faults.ts';
import { findClient } from './client-address.ts';
import type { HttpMiddleware, HttpState, Refuse } from './context.ts';
import { dnsUpdate } from './dns-update.ts';
import { dyndns2Update, refuseDyndns2 } from './dyndns2/route.ts';
import { echoAddress } from './ip-echo.ts';
import { readParameters } from './parameters.ts';
import { comparablePath, parseRequestTarget } from './request-target.ts';
import { DYNDNS2_PATHS, SERVED_PATHS } from './served-paths.ts';
import type { UpdateServices } from './update-services.ts';

/** Two update URLs with a space between them, which old FRITZ!Boxes send as one path. */
const GLUED_PATHS = new RegExp(`^(?:${DYNDNS2_PATHS.join('|')})(?:%20|\\+)`, 'i');

/**
 * All of the HTTP interface, as docs/http.md describes it. What is given back is Node's own kind of listener, so
 * that no type of Koa reaches programs that use dynonym as a library.
 *
 * @param served the paths that there are; without them, all
 */
export function createApp(
  services: UpdateServices,
  trustedProxies: () => readonly Network[],
  served?: readonly string[],
): RequestListener {
  const update = dyndns2Route(dyndns2Update(services));
  // The order matters: each step relies on those above it.
  const serve = compose([
    readTarget, // before all that looks at a path, or words an error as the one below does
    ...(services.metrics === noMetrics ? [] : [countRequests(services)]), // before all that answers
    answerFaults(services.logger), // before all that may fail
    ...(served === undefined ? [] : [limitTo(served)]), // before all that answers to a path
    findClient(trustedProxies), // before all that shows, logs or limits by address
    echoAddress, // before the router, to be spared it: see there
    inDocumentedSpelling(DYNDNS2_PATHS, update), // before the router, as above
    routes(services, update), // credentials are judged in the routes: most of them need none
    notFound, // what is left
  ]);

  const app = new Koa<HttpState>();
  // Not `app.callback()`: at the end of each request Koa would write the answer and look after what failed, which
  // `send` and `answerFaults` have done. That there was nothing to do cost a tenth of an update. What fails in telling
  // of a fault costs the connection; a rejection that nobody hears of would end the program.
  return (request, response) => {
    serve(app.createContext(request, response)).catch(() => response.destroy());
  };
}

function routes(services: UpdateServices, update: HttpMiddleware): HttpMiddleware {
  const router = new Router<HttpState>();
  router.all('/dns/update', only('GET', 'POST'), readParameters, dnsUpdate(services));
  router.all([...DYNDNS2_PATHS], update);
  router.all('/', readParameters, whereNamed, speak(refuseDyndns2), UPDATE_METHODS, dyndns2Update(services));
  // The form is wrong whatever it says, and as for all others method and credentials are judged before it.
  router.all(GLUED_PATHS, cutGlued, dyndns2Route(dyndns2Update(services, () => 'badagent')));
  // What it asks of a context beyond Koa's own, it puts there itself.
  return router.routes() as unknown as HttpMiddleware;
}

const UPDATE_METHODS = only('GET', 'POST', 'PUT');

const dyndns2Route = (update: HttpMiddleware): HttpMiddleware =>
  compose([speak(refuseDyndns2), UPDATE_METHODS, readParameters, update]);

/** Spares these paths the router, which takes a tenth of the time of an update. Nearly all updates are spelled so. */
function inDocumentedSpelling(paths: readonly string[], serve: HttpMiddleware): HttpMiddleware {
  const documented = new Set(paths);
  return (context, next) => (documented.has(context.req.url ?? '') ? serve(context, next) : next());
}

/** Koa is left with the path alone, so that nothing of it ever sees or shows a query. */
const readTarget: HttpMiddleware = (context, next) => {
  const { path, query } = parseRequestTarget(context.req.url ?? '');
  context.req.url = path;
  context.state.query = query;
  context.state.refuse = problem;
  return next();
};

/** From here on errors have the words of a protocol. */
const speak =
  (refuse: Refuse): HttpMiddleware =>
  (context, next) => {
    context.state.refuse = refuse;
    return next();
  };

/** What was glued on is a URL, which may hold a password: like a query, it is kept from all that shows a path. */
const cutGlued: HttpMiddleware = (context, next) => {
  context.req.url = context.path.replace(/(?:%20|\+).*$/, '');
  return next();
};

/** `/` is an update for those who name a host, and nothing for others. */
const whereNamed: HttpMiddleware = (context, next) => {
  const named = context.state.parameters.some(([name]) => name.toLowerCase() === 'hostname');
  return named ? next() : context.state.refuse(context, 404);
};

/** The routes that are counted one by one; a client cannot add to them. */
const COUNTED: ReadonlySet<string> = new Set(SERVED_PATHS);

function countRequests({ metrics, clock }: UpdateServices): HttpMiddleware {
  return async (context, next) => {
    const { req, res } = context;
    const path = req.url ?? '';
    const startedAt = clock.monotonic();
    await next();
    // The client left before there was anything to answer.
    if (!res.headersSent) return;
    const route = COUNTED.has(path) ? path : comparablePath(path);
    metrics.requestAnswered(
      COUNTED.has(route) ? route : 'other',
      res.statusCode,
      clock.monotonic() - startedAt,
    );
  };
}

function limitTo(served: readonly string[]): HttpMiddleware {
  const paths = new Set(served.map(comparablePath));
  return (context, next) =>
    paths.has(comparablePath(context.req.url ?? '')) ? next() : context.state.refuse(context, 404);
}

const notFound: HttpMiddleware = (context) => context.state.refuse(context, 404);
