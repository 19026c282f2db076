import type { SecureContextOptions } from 'node:tls';
import { ContainerModule } from 'inversify';
import type { FurtherListener, TlsSettings } from '../../application/manage/settings.ts';
import type { Clock } from '../../application/ports/clock.ts';
import type { Logger } from '../../application/ports/logger.ts';
import { PeriodicWork } from '../../application/service/periodic-work.ts';
import { tokens } from '../inversify/tokens.ts';
import { createApp } from './app.ts';
import { Certificate } from './certificate.ts';
import { tellOfEnd } from './certificate-end.ts';
import { connectionLimit } from './connection-limit.ts';
import { ConnectionsPerSite } from './connections-per-site.ts';
import { HTTP_LIMITS, HttpListener } from './http-listener.ts';
import { inheritedSockets } from './inherited-sockets.ts';
import { ListenerGroup } from './listener-group.ts';
import { selfSigned } from './self-signed.ts';

/** Milliseconds between two looks for the end of the certificate. One that ends soon is told of after each of them. */
const DAY = 86_400_000;

/** Binds the listener that serves HTTP, and what watches its certificate. */
export const httpModule = new ContainerModule(({ bind, onActivation }) => {
  bind(tokens.httpListener).toDynamicValue((context) => {
    const [settings, current] = [context.get(tokens.settings), context.get(tokens.currentSettings)];
    const [clock, logger] = [context.get(tokens.clock), context.get(tokens.logger)];
    const services = {
      authenticateUser: context.get(tokens.authenticateUser),
      updateRecord: context.get(tokens.updateRecord),
      answerChallenges: context.get(tokens.answerChallenges),
      registerAccount: context.get(tokens.registerAccount),
      audit: context.get(tokens.audit),
      metrics: context.get(tokens.metrics),
      clock,
      logger,
    };
    const { pages: shown, otherwise } = context.get(tokens.pages);
    const pages = [...shown, ...context.get(tokens.api)];
    const { socket, tls, listeners } = settings.http;
    const sites = new ConnectionsPerSite(() => current.value.http);
    const inherited = inheritedSockets(process.env);
    const sockets = Math.max(1, inherited.length) + listeners.length;
    const limits = {
      ...HTTP_LIMITS,
      maxConnections: connectionLimit(sockets, HTTP_LIMITS.maxConnections),
    };
    const standIn = standInFor(tls, clock, logger);
    const open = (key: string, { socket, tls: isSecure, routes }: FurtherListener, descriptor?: number) => {
      const app = createApp(services, () => current.value.http.trustedProxies, { routes, pages, otherwise });
      const certificate = isSecure && tls ? new Certificate(tls, clock, logger, standIn) : undefined;
      return new HttpListener(app, { key, socket, descriptor, certificate }, logger, limits, sites);
    };
    const first = { socket, tls: tls !== undefined, routes: undefined };
    return new ListenerGroup([
      ...(inherited.length === 0
        ? [open('http.socket', first)]
        : inherited.map((descriptor) => open('http.socket', first, descriptor))),
      ...listeners.map((listener, index) => open(`http.listeners[${index}].socket`, listener)),
    ]);
  });
  onActivation(tokens.listeners, (context, others) => {
    const { tls } = context.get(tokens.settings).http;
    if (tls === undefined) return others;
    const [clock, events] = [context.get(tokens.clock), context.get(tokens.events)];
    const look = () => tellOfEnd(tls.cert, clock, events);
    return [...others, new PeriodicWork(look, DAY, clock, () => {})];
  });
});

/** The certificate of all listeners until an authority has given the first one. It is made once, when it is needed. */
function standInFor(
  tls: TlsSettings | undefined,
  clock: Clock,
  logger: Logger,
): (() => Promise<SecureContextOptions>) | undefined {
  const acme = tls?.acme;
  if (acme === undefined) return undefined;
  let made: Promise<SecureContextOptions> | undefined;
  return () => {
    if (made === undefined) {
      logger.warn('HTTPS has a self-signed certificate until the authority has given one', {
        names: acme.names,
      });
      made = selfSigned(acme.names, clock);
    }
    return made;
  };
}
