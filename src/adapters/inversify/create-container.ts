import 'reflect-metadata';
import { join } from 'node:path';
import { Container, type ContainerModule } from 'inversify';
import { CurrentSettings } from '../../application/manage/current-settings.ts';
import type { NameServerSettings, Settings } from '../../application/manage/settings.ts';
import { isWorker } from '../cluster/node-cluster.ts';
import { fileLockModule } from '../file-lock/file-lock.module.ts';
import { FileProcessLock } from '../file-lock/file-process-lock.ts';
import { adminModule } from '../http/admin/admin.module.ts';
import { httpModule } from '../http/http.module.ts';
import { openNameServerModule } from '../name-server/name-server.module.ts';
import type { ZoneStorePorts } from '../name-server/zone-store.ts';
import { prometheusModule } from '../prometheus/prometheus.module.ts';
import { rfc2136Module } from '../rfc2136/rfc2136.module.ts';
import { systemModule } from '../system/system.module.ts';
import { systemdModule } from '../systemd/systemd.module.ts';
import { tomlFileModule, tomlHostsModule, tomlSettingsModule, tomlUsersModule } from '../toml/toml.module.ts';
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
 * The settings are read when somebody needs them ({@link loadSettings}), and what it takes to serve is added
 * then ({@link loadService}).
 */
export function createContainer(files: Files): Container {
  // Without JIT, so that it runs where code generation from strings is forbidden.
  const container = new Container({ defaultScope: 'Singleton', jitless: true });
  container.bind(tokens.configurationFile).toConstantValue(files.configurationFile);
  container.bind(tokens.lockFile).toConstantValue(files.lockFile);
  container.load(tomlFileModule, tomlSettingsModule, tomlHostsModule, tomlUsersModule);
  container.load(systemModule, fileLockModule, rfc2136Module, applicationModule);
  return container;
}

/** Reads the settings and binds them. Rejects with a DynonymError that lists all that is wrong with them. */
export async function loadSettings(container: Container): Promise<void> {
  const settings = await container.get(tokens.settingsStore).load();
  container.bind(tokens.settings).toConstantValue(settings);
  container.bind(tokens.currentSettings).toConstantValue(new CurrentSettings(settings));
}

/** Adds what this process serves with: all by itself, as the first of several, or as a worker of that one. */
export async function loadService(container: Container): Promise<void> {
  if (isWorker()) {
    const { joinFirstProcess } = await import('../cluster/worker.module.ts');
    const workerModule = await joinFirstProcess(container.get(tokens.clock), container.get(tokens.logger));
    container.load(httpModule, prometheusModule, workerModule);
    followLogLevel(container);
    return;
  }
  await loadSettings(container);
  followLogLevel(container);
  await loadNameServer(container);
  const { workers } = container.get(tokens.settings).http;
  container.load(serviceModule, prometheusModule, adminModule);
  container.load(workers > 1 ? await workerPool() : httpModule);
  // What starts after all others knows that they have started.
  container.load(systemdModule);
}

/** Loaded where there are workers: what they say to one another is described by much that takes a while to set up. */
async function workerPool(): Promise<ContainerModule> {
  const { workerPoolModule } = await import('../cluster/worker-pool.module.ts');
  return workerPoolModule;
}

/** A server logs what its configuration says, from the start on and whenever that changes. */
function followLogLevel(container: Container): void {
  const current = container.get(tokens.currentSettings);
  const setLevel = container.get(tokens.setLogLevel);
  const follow = ({ log }: Settings) => setLevel(log?.level ?? 'info');
  follow(current.value);
  current.onChange(follow);
}

/** Opens the built-in name server, if there is one; without [dns] it takes the place of a primary elsewhere. */
async function loadNameServer(container: Container): Promise<void> {
  const { nameServer } = container.get(tokens.settings);
  if (nameServer === undefined) return;
  const module = await openNameServerModule(nameServer, zoneStorePorts(container, nameServer));
  if (nameServer.takesUpdates) container.unbind(tokens.dnsUpdater);
  container.load(module);
}

/** What the zones of a folder need of others. One process has the folder open: the lock in it sees to that. */
export function zoneStorePorts(container: Container, { data }: NameServerSettings): ZoneStorePorts {
  return {
    lock: new FileProcessLock(join(data, 'lock')),
    clock: container.get(tokens.clock),
    logger: container.get(tokens.logger),
  };
}
