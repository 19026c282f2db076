import { ContainerModule } from 'inversify';
import { tokens } from '../inversify/tokens.ts';
import { createApp } from './app.ts';
import { HttpListener } from './http-listener.ts';

/** Binds the listener that serves HTTP. */
export const httpModule = new ContainerModule(({ bind }) => {
  bind(tokens.httpListener).toResolvedValue(
    (authenticateUser, updateRecord, clock, logger, metrics, settings, current) => {
      const services = { authenticateUser, updateRecord, clock, logger, metrics };
      const app = createApp(services, () => current.value.http.trustedProxies);
      const place = { key: 'http.socket', socket: settings.http.socket };
      return new HttpListener(app.callback(), place, logger);
    },
    [
      tokens.authenticateUser,
      tokens.updateRecord,
      tokens.clock,
      tokens.logger,
      tokens.metrics,
      tokens.settings,
      tokens.currentSettings,
    ],
  );
});
