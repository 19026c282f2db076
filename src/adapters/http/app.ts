import type { RequestListener } from 'node:http';
import Router from '@koa/router';
import Koa from 'koa';
import { noMetrics } from '../../application/ports/metrics.ts';
import type { Network } from '../../domain/network.ts';
import type { Page } from '../inversify/tokens.ts';
import { acmeDnsAccounts, acmeDnsHealth, acmeDnsUpdate, acmeDnsUpdateAtRoot } from './acme/acme-dns.ts';
import { acmeDnsRegister } from './acme/acme-dns-register.ts';
import { speakAcmeDns } from './acme/acme-dns-words.ts';
import { httpreq } from './acme/httpreq.ts';
import { answerAsText, only, problem } from './answer.ts';
import { answerFaults } from './answer-faults.ts';
import { findClient } from './client-address.ts';
import type { HttpMiddleware, HttpState } from './context.ts';
import { countRequests } from './count-requests.ts';
import { dnsUpdate, speakOriginal } from './dns-update.ts';
import { readDeletion } from './dyndns2/deletion.ts';
import { recogniseDuckDns } from './dyndns2/duck-dns.ts';
import { duckDnsChallenge } from './dyndns2/duck-dns-challenge.ts';
import { dyndns2Update, speak } from './dyndns2/route.ts';
import { deletion, dyndns1, dyndns2 } from './dyndns2/words.ts';
import { tellAddress, tellAddressLine, tellPort, tellSocket } from './ip-echo.ts';
import { showPages } from './pages.ts';
import { readParameters } from './parameters.ts';
import { refuseForeign } from './refuse-foreign.ts';
import { comparablePath, parseRequestTarget } from './request-target.ts';
import { DYNDNS2_PATHS, servedRouteOf } from './served-paths.ts';
import type { UpdateServices } from './update-services.ts';

export type AppOptions = {
  /** The paths that are served. Undefined: all. */
  readonly routes?: readonly string[] | undefined;
  /** Pages for people, and the API. A listener that is limited to some paths does not serve them. */
  readonly pages?: readonly Page[];
  /** With pages: what answers to a path at which nothing is served. */
  readonly otherwise?: readonly Page[];
};

/**
 * All of the HTTP interface, as docs/http.md describes it. The result is a listener of `node:http`, so that programs
 * which use dynonym as a library see no type of Koa.
 */
export function createApp(
  services: UpdateServices,
  trustedProxies: () => readonly Network[],
  { routes: served, pages = [], otherwise = [] }: AppOptions = {},
): RequestListener {
  const app = new Koa<HttpState>();
  // A connection that breaks is nothing unusual, and `answerFaults` logs what fails in a request.
  app.on('error', (error: Error) => services.logger.debug('A connection ended with an error', { error }));

  // The order matters: each step relies on those above it.
  app.use(answerAsText); // before all that answers
  app.use(readTarget); // before all that looks at a path or answers with an error
  if (services.metrics !== noMetrics) app.use(countRequests(services)); // before all that answers
  app.use(answerFaults(services.logger)); // before all that may fail
  if (served !== undefined) app.use(limitTo(served)); // before all that answers to a path
  app.use(findClient(trustedProxies)); // before all that shows, logs or limits by address
  const hasPages = pages.length > 0 && served === undefined;
  if (hasPages) app.use(showPages(pages, trustedProxies)); // before `/` is an update
  app.use(routes(services).routes()); // credentials are judged in the routes: most of them need none
  if (hasPages) app.use(showPages(otherwise, trustedProxies)); // for browsers, at all other paths
  app.use(notFound); // for all other paths
  return app.callback();
}

/**
 * A new path is a line here and a word in served-paths.ts. One with a variable part also needs a case in
 * {@link servedRouteOf}.
 */
function routes(services: UpdateServices): Router<HttpState> {
  const router = new Router<HttpState>();
  router.use(refuseForeign);
  const reads = only('GET', 'HEAD');
  const updates = only('GET', 'POST', 'PUT');
  const update = dyndns2Update(services);

  router.all('/ip', reads, tellAddress);
  router.all('/port', reads, tellPort);
  router.all('/socket', reads, tellSocket);
  router.all(['/checkip', '/myip', '/nic/checkip.html'], reads, tellAddressLine);

  router.all('/dns/update', speakOriginal, only('GET', 'POST'), readParameters, dnsUpdate(services));

  router.all('/acme/present', only('POST'), httpreq(services, 'present'));
  router.all('/acme/cleanup', only('POST'), httpreq(services, 'cleanUp'));

  router.all('/acme-dns/health', speakAcmeDns, reads, acmeDnsHealth);
  router.all('/acme-dns/register', speakAcmeDns, only('POST'), acmeDnsRegister(services));
  router.all('/acme-dns/update', speakAcmeDns, only('POST'), acmeDnsUpdate(services));
  const accounts = acmeDnsAccounts(services);
  router.all(
    ['/acme-dns/accounts', '/acme-dns/accounts/:domain'],
    speakAcmeDns,
    only('GET', 'POST'),
    accounts,
  );

  router.all('/nic/update', speak(dyndns2), updates, readParameters, update);
  router.all('/v3/update', speak(dyndns2), updates, readParameters, update);
  router.all('/dyndns/update', speak(dyndns2), updates, readParameters, update);
  router.all(
    '/update',
    acmeDnsUpdateAtRoot(services),
    speak(dyndns2),
    updates,
    readParameters,
    recogniseDuckDns,
    duckDnsChallenge(services),
    update,
  );
  router.all('/nic/delete', speak(deletion), updates, readParameters, dyndns2Update(services, readDeletion));
  router.all('/nic/dyndns', speak(dyndns1), updates, readParameters, update);
  router.all('/', readParameters, whereNamed, speak(dyndns2), updates, update);
  router.all(GLUED_PATHS, cutGlued, speak(dyndns2), updates, readParameters, refuseGlued, update);
  return router;
}

/** Gives Koa the path without the query, so that no part of Koa ever sees or shows a query. */
const readTarget: HttpMiddleware = (context, next) => {
  const { path, query } = parseRequestTarget(context.req.url ?? '');
  context.req.url = path;
  context.originalUrl = path;
  context.state.query = query;
  context.state.refuse = problem;
  return next();
};

function limitTo(served: readonly string[]): HttpMiddleware {
  const paths = new Set(served.map(comparablePath));
  return (context, next) => {
    const route = servedRouteOf(context.path);
    return route !== undefined && paths.has(route) ? next() : context.state.refuse(context, 404);
  };
}

/** `/` is an update if the request has a `hostname`. Else it is not found. */
const whereNamed: HttpMiddleware = (context, next) => {
  const named = context.state.parameters.some(([name]) => name.toLowerCase() === 'hostname');
  return named ? next() : context.state.refuse(context, 404);
};

/** Two update URLs with a space between them, which old FRITZ!Boxes send as one path. */
const GLUED_PATHS = new RegExp(`^(?:${DYNDNS2_PATHS.join('|')})(?:%20|\\+)`, 'i');

/** The second URL may hold a password. So it is cut off, like a query, before anything shows the path. */
const cutGlued: HttpMiddleware = (context, next) => {
  context.req.url = context.path.replace(/(?:%20|\+).*$/, '');
  return next();
};

/** Says that the form is wrong, and no more: method and credentials are judged first, as for every request. */
const refuseGlued: HttpMiddleware = (context, next) => {
  context.state.malformed = 'two URLs stand in one';
  return next();
};

const notFound: HttpMiddleware = (context) => context.state.refuse(context, 404);
