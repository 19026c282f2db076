import { ContainerModule } from 'inversify';
import { tokens } from '../inversify/tokens.ts';
import { createApp } from './app.ts';
import { HttpListener } from './http-listener.ts';

/** Binds the listener that serves HTTP. */
export const httpModule = new ContainerModule(({ bind }) => {
  bind(tokens.httpListener).toResolvedValue(
    (authenticateUser, updateRecord, clock, logger, settings) => {
      const app = createApp({ authenticateUser, updateRecord, clock, logger }, settings.http.trustedProxies);
      return new HttpListener(app.callback(), settings.http.socket, logger);
    },
    [tokens.authenticateUser, tokens.updateRecord, tokens.clock, tokens.logger, tokens.settings],
  );
});
