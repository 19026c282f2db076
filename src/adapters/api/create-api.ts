import Router from '@koa/router';
import type { Middleware } from 'koa';
import { isStoreFault, STORE_RETRY } from '../../application/ports/store-fault.ts';
import { includesScope } from '../../domain/update-token.ts';
import type { OpenApi } from '../inversify/tokens.ts';
import type { ApiServices } from './api-services.ts';
import { authenticate, refuseScope } from './authenticate.ts';
import type { ApiContext, ApiMiddleware, ApiState } from './context.ts';
import { openApiOf } from './open-api.ts';
import { PROBLEMS, type Problem, passingProblem, problem, problemBody } from './problems.ts';
import { RateLimit } from './rate-limit.ts';
import { readRequest } from './read-request.ts';
import type { Answer, AnyRoute } from './route.ts';
import { accountRoutes } from './routes/account.ts';
import { hostRoutes } from './routes/hosts.ts';
import { invitationRoutes } from './routes/invitations.ts';
import { noticeRoutes } from './routes/notices.ts';
import { serverRoutes } from './routes/server.ts';
import { sessionRoutes } from './routes/sessions.ts';
import { tokenRoutes } from './routes/tokens.ts';
import { userRoutes } from './routes/users.ts';

const BASE = '/api/v1';

/** All that the API can do. The router and the document are made of this table. */
const ROUTES: readonly AnyRoute[] = [
  ...accountRoutes,
  ...hostRoutes,
  ...tokenRoutes,
  ...sessionRoutes,
  ...noticeRoutes,
  // For operators:
  ...userRoutes,
  ...invitationRoutes,
  ...serverRoutes,
];

export const apiDocument = (url: URL): OpenApi => openApiOf(ROUTES, `${url.origin}${BASE}`);

/** The API for programs, as docs/api.md describes it. A request outside of `/api/` goes on to what comes next. */
export function createApi(services: ApiServices): Middleware {
  const router = new Router<ApiState>();
  router.use(answerFaults(services), refuseInsecure(services));
  const document = JSON.stringify(apiDocument(services.web.url));
  router.get(`${BASE}/openapi.json`, (context) => answerJson(context, 200, document));
  const limit = new RateLimit(services.clock);
  for (const route of ROUTES) {
    router.register(pathOf(route), [route.method], serve(route, services, limit));
  }
  for (const path of new Set(ROUTES.map(pathOf))) router.all(path, refuseMethod(path));
  router.all('/api/*path', (context) => answer(context, problem('not-found')));
  return router.routes() as unknown as Middleware;
}

const pathOf = ({ path }: AnyRoute): string => BASE + path.replace(/\{(\w+)\}/g, ':$1');

/** Finds out who calls, whether they may, and what they ask. Then the route answers. */
function serve(route: AnyRoute, services: ApiServices, limit: RateLimit): ApiMiddleware {
  return async (context) => answer(context, await answerTo(context), route.status ?? 200);

  async function answerTo(context: ApiContext): Promise<Answer<unknown>> {
    const { origin: from } = context.state;
    const caller = await authenticate(context.req.headers.authorization, from.address, services);
    if ('problem' in caller) return caller;
    const wait = limit.take(`${caller.user.name} ${caller.token}`);
    if (wait > 0) return passingProblem('paused', wait / 1000);
    const { scope, wholeAccount } = caller.right;
    if (!includesScope(scope, route.scope)) {
      return refuseScope('This token may not do this, or its owner may not.', route.scope);
    }
    if (route.wholeAccount && !wholeAccount) {
      return problem('not-allowed', { detail: 'This token is limited to names or networks.' });
    }
    const request = await readRequest(context, route);
    if ('problem' in request) return request;
    return route.handle({ ...caller, ...request, from, params: context['params'] }, services);
  }
}

function answer(context: ApiContext, answer: Answer<unknown>, status = 200): void {
  context.set(answer.headers ?? {});
  if ('problem' in answer) {
    answerJson(context, PROBLEMS[answer.problem][0], JSON.stringify(problemBody(answer)));
    context.set('Content-Type', 'application/problem+json');
  } else if (answer.body === undefined) {
    context.status = 204;
  } else {
    answerJson(context, status, JSON.stringify(answer.body));
  }
}

function answerJson(context: ApiContext, status: number, json: string): void {
  context.status = status;
  context.set('Content-Type', 'application/json');
  context.body = `${json}\n`;
}

/** Faults are logged with their cause. Koa throws an error with a status where it cannot read a path. */
function answerFaults({ logger }: ApiServices): ApiMiddleware {
  return async (context, next) => {
    context.set('X-Content-Type-Options', 'nosniff');
    try {
      await next();
    } catch (error) {
      const isUnreadable = (error as { status?: unknown }).status === 400;
      if (!isUnreadable) {
        logger.error('A request of the API failed', { path: context.path, error: error as Error });
      }
      answer(context, isUnreadable ? problem('not-found') : problemOf(error));
    }
  };
}

const problemOf = (fault: unknown): Problem =>
  isStoreFault(fault)
    ? passingProblem('not-confirmed', STORE_RETRY, 'The server cannot use its database now.')
    : problem('failed');

/** Refuses plain HTTP, unless the address of the pages uses it. With such an address, tokens stay on this machine. */
function refuseInsecure({ web }: ApiServices): ApiMiddleware {
  return (context, next) =>
    context.state.secure || web.url.protocol === 'http:' ? next() : answer(context, problem('insecure'));
}

function refuseMethod(path: string): ApiMiddleware {
  const methods = ROUTES.filter((route) => pathOf(route) === path).map(({ method }) => method);
  return (context) => {
    context.set('Allow', methods.join(', '));
    answer(context, problem('wrong-method'));
  };
}
