import { ContainerModule } from 'inversify';
import { tokens } from '../../inversify/tokens.ts';
import { HttpListener } from '../http-listener.ts';
import { createAdminApp } from './admin-app.ts';

/** Binds the listener of the operator's routes, if they are wanted. */
export const adminModule = new ContainerModule(({ bind }) => {
  bind(tokens.adminListeners).toResolvedValue(
    (settings, readiness, certificate, stores, metrics, loginLimits, logger) => {
      const { admin } = settings;
      if (admin === undefined) return [];
      const app = createAdminApp(
        { readiness, certificate, stores, metrics, logger, loginLimits },
        admin.login,
      );
      return [new HttpListener(app.callback(), { key: 'admin.socket', socket: admin.socket }, logger)];
    },
    [
      tokens.settings,
      tokens.reportReadiness,
      tokens.certificateHealth,
      tokens.trustedCopies,
      tokens.metricsReport,
      tokens.operatorLoginLimits,
      tokens.logger,
    ],
  );
});
