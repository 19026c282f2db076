import Router from '@koa/router';
import Koa from 'koa';
import guard from 'koa-basic-auth';
import type { ReportReadiness } from '../../../application/check/report-readiness.ts';
import type { AdminSettings } from '../../../application/manage/settings.ts';
import type { CertificateHealth, CertificateState } from '../../../application/ports/certificate-health.ts';
import type { Logger } from '../../../application/ports/logger.ts';
import type { LoginLimits } from '../../../application/ports/login-limits.ts';
import type { MetricsReport } from '../../../application/ports/metrics.ts';
import type { StoreHealth, StoreState } from '../../../application/ports/store-health.ts';
import { parsePeerAddress } from '../../../domain/ip-address.ts';
import { socketText } from '../../../domain/socket-address.ts';
import { retryAfter } from '../update-answer.ts';

/** What the operator's routes tell. */
export type AdminServices = {
  readonly readiness: Pick<ReportReadiness, 'execute'>;
  readonly certificate: CertificateHealth;
  /** At most one: empty where users and hosts are in files. */
  readonly stores: readonly StoreHealth[];
  readonly metrics: MetricsReport;
  readonly logger: Logger;
  /** Of the operator's login alone: to guess passwords of users does not keep monitoring out. */
  readonly loginLimits: LoginLimits;
};

/** The routes of operators and their programs, as docs/monitoring.md describes them. */
export function createAdminApp(
  { readiness, certificate, stores, metrics, logger, loginLimits }: AdminServices,
  login: AdminSettings['login'],
): Koa {
  const app = new Koa();
  app.on('error', (error: Error & { status?: number }) => {
    // A login that is missing or wrong is an error to Koa.
    if (error.status === undefined) logger.error('The operator could not be answered', { error });
  });
  if (login !== undefined) app.use(letIn(login, loginLimits));
  app.use(async (context, next) => {
    // The state of this moment.
    context.set('Cache-Control', 'no-store');
    await next();
  });

  const router = new Router();
  router.get('/healthz', (context) => {
    context.body = 'alive\n';
  });
  router.get('/readyz', async (context) => {
    const [primaries, https] = await Promise.all([readiness.execute(), certificate.state()]);
    const answer = primaries.every(({ trouble }) => trouble === undefined);
    const storeStates = stores.map((store) => store.state());
    const known = storeStates.every((state) => state.answers || state.knownFor > 0);
    context.status = answer && known && https?.isGood !== false ? 200 : 503;
    const lines = primaries.map(
      ({ primary, trouble = 'reachable' }) => `${socketText(primary)} ${trouble}\n`,
    );
    // This socket opens after those of the built-in name server, whose zones have all been read by then.
    if (lines.length === 0) lines.push('the built-in name server takes the updates\n');
    lines.push(...storeStates.map((state) => `${storeLine(state)}\n`));
    if (https !== undefined) lines.push(`${certificateLine(https)}\n`);
    context.body = lines.join('');
  });
  router.get('/metrics', async (context) => {
    const text = await metrics.text();
    context.set('Content-Type', metrics.contentType);
    context.body = text;
  });
  app.use(router.routes());
  app.use(router.allowedMethods());
  return app;
}

function certificateLine({ notAfter, isGood, trouble }: CertificateState): string {
  const end = notAfter === undefined ? '' : new Date(notAfter).toISOString();
  const quality = notAfter === undefined ? 'not there' : `${isGood ? 'good until' : 'not good, ends'} ${end}`;
  return `certificate ${quality}${trouble === undefined ? '' : `; ${trouble}`}`;
}

function storeLine(state: StoreState): string {
  if (state.answers) return 'store reachable';
  const { knownFor } = state;
  return knownFor > 0
    ? `store away; users who are known go on for ${Math.ceil(knownFor / 1_000)} s`
    : 'store away';
}

/** Lets the operator through. An address from which the login was wrong too often is turned away for a while. */
function letIn(login: NonNullable<AdminSettings['login']>, limits: LoginLimits): Koa.Middleware {
  const judge = guard({ name: login.user, pass: login.password });
  return async (context, next) => {
    const secret = context.get('Authorization');
    // A client that shows no credentials waits for the challenge, and has not failed.
    if (secret === '') return judge(context, next);
    const from = parsePeerAddress(context.req.socket.remoteAddress ?? '');
    // The connection is gone already, and with it the client.
    if (!from.ok) return void context.res.destroy();
    let wrong: unknown;
    try {
      await judge(context, async () => {});
    } catch (error) {
      wrong = error;
    }
    // There is one login, so that guesses count together, whatever names they come with.
    const attempt = { from: from.value, name: login.user, secret, passwordHash: undefined };
    const pause = await limits.settle(attempt, wrong === undefined ? 'right' : 'wrong');
    if (pause !== undefined) {
      retryAfter(context, pause.milliseconds);
      context.status = 429;
      return;
    }
    if (wrong !== undefined) throw wrong;
    await next();
  };
}
