import { ContainerModule } from 'inversify';
import type { FurtherListener } from '../../application/settings.ts';
import { tokens } from '../inversify/tokens.ts';
import { createApp } from './app.ts';
import { Certificate } from './certificate.ts';
import { HttpListener } from './http-listener.ts';
import { inheritedSocket } from './inherited-socket.ts';
import { ListenerGroup } from './listener-group.ts';

/** Binds the listener that serves HTTP. */
export const httpModule = new ContainerModule(({ bind }) => {
  bind(tokens.httpListener).toResolvedValue(
    (authenticateUser, updateRecord, clock, logger, audit, metrics, settings, current) => {
      const services = { authenticateUser, updateRecord, clock, logger, audit, metrics };
      const { socket, tls, listeners } = settings.http;
      const open = (key: string, { socket, tls: isSecure, routes }: FurtherListener, descriptor?: number) => {
        const app = createApp(services, () => current.value.http.trustedProxies, routes);
        const certificate = isSecure && tls ? new Certificate(tls, clock, logger) : undefined;
        return new HttpListener(app, { key, socket, descriptor, certificate }, logger);
      };
      return new ListenerGroup([
        open(
          'http.socket',
          { socket, tls: tls !== undefined, routes: undefined },
          inheritedSocket(process.env),
        ),
        ...listeners.map((listener, index) => open(`http.listeners[${index}].socket`, listener)),
      ]);
    },
    [
      tokens.authenticateUser,
      tokens.updateRecord,
      tokens.clock,
      tokens.logger,
      tokens.audit,
      tokens.metrics,
      tokens.settings,
      tokens.currentSettings,
    ],
  );
});
