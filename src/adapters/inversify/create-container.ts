import 'reflect-metadata';
import { Container } from 'inversify';
import { fileLockModule } from '../file-lock/file-lock.module.ts';
import { httpModule } from '../http/http.module.ts';
import { rfc2136Module } from '../rfc2136/rfc2136.module.ts';
import { systemModule } from '../system/system.module.ts';
import { tomlModule } from '../toml/toml.module.ts';
import { applicationModule } from './application.module.ts';
import { serviceModule } from './service.module.ts';
import { tokens } from './tokens.ts';

/** Where the program keeps what outlives it. */
export type Files = {
  readonly configurationFile: string;
  readonly lockFile: string;
};

/**
 * The composition root: every port with its adapter. Nothing is made before it is asked for, each thing once.
 * Whoever wants another adapter rebinds its token before the first `get`.
 *
 * The settings are read when the service is opened, so whoever needs them asks for that first
 * ({@link loadSettings}).
 */
export function createContainer(files: Files): Container {
  // Without JIT, so that it runs where code generation from strings is forbidden.
  const container = new Container({ defaultScope: 'Singleton', jitless: true });
  container.bind(tokens.configurationFile).toConstantValue(files.configurationFile);
  container.bind(tokens.lockFile).toConstantValue(files.lockFile);
  container.load(
    systemModule,
    tomlModule,
    fileLockModule,
    rfc2136Module,
    httpModule,
    applicationModule,
    serviceModule,
  );
  return container;
}

/** Reads the settings and binds them. Rejects with a DynonymError that lists all that is wrong with them. */
export async function loadSettings(container: Container): Promise<void> {
  const settings = await container.get(tokens.settingsStore).load();
  container.bind(tokens.settings).toConstantValue(settings);
}
