import type { Container } from 'inversify';
import { CheckStore } from '../../application/check/check-store.ts';
import { CopyStore, type StorePlace } from '../../application/manage/copy-store.ts';
import { whenStarted } from '../../application/ports/listener.ts';
import { noMetrics } from '../../application/ports/metrics.ts';
import type { CliContext, NamedPlace } from '../cli/context.ts';
import { openDemoSite } from '../demo/demo-site.ts';
import { UpdateLines } from '../demo/update-lines.ts';
import { importReaders } from '../import/readers.ts';
import { Database } from '../postgres/database.ts';
import { postgresInvitationsModule } from '../postgres/other-stores.module.ts';
import { PostgresInspector } from '../postgres/postgres-inspector.ts';
import { migrate } from '../postgres/schema.ts';
import { SystemClock } from '../system/system-clock.ts';
import { createContainer, loadService, loadSettings, loadStores, zoneFolder } from './create-container.ts';
import type { Files } from './files.ts';
import { willClose } from './opened.ts';
import { tokens } from './tokens.ts';

// What the commands work with, on the real adapters.

function containerFor(files: Files): Container {
  const container = createContainer(files);
  willClose(container.get(tokens.shutdown));
  return container;
}

export const openManagement: CliContext['openManagement'] = async (configurationFile) => {
  const container = containerFor({ configurationFile, lockFile: '' });
  loadStores(container, await container.get(tokens.settingsStore).store());
  return {
    users: container.get(tokens.userStore),
    hosts: container.get(tokens.hostStore),
    managementHistory: container.get(tokens.managementHistory),
    manageUsers: container.get(tokens.manageUsers),
    manageHosts: container.get(tokens.manageHosts),
    configure: container.get(tokens.configure),
  };
};

export const openImport: CliContext['openImport'] = async (configurationFile) => {
  const container = containerFor({ configurationFile, lockFile: '' });
  const settings = container.get(tokens.settingsStore);
  loadStores(container, await settings.store());
  return {
    readers: importReaders,
    importUsers: container.get(tokens.importUsers),
    accountZone: async () => (await settings.load()).acme?.zone,
  };
};

export const openHistory: CliContext['openHistory'] = async (configurationFile) => {
  const container = containerFor({ configurationFile, lockFile: '' });
  await loadSettings(container);
  container.bind(tokens.metrics).toConstantValue(noMetrics); // nothing is told, so nothing is lost
  const history = container.get(tokens.history);
  return { history, listNames: container.get(tokens.listNames) };
};

export const openService: CliContext['openService'] = async ({ configFile, lockFile }) => {
  const container = containerFor({ configurationFile: configFile, lockFile });
  try {
    await loadService(container);
    const service = container.get(tokens.runService);
    return {
      run: async (stop, hurry) => {
        await container.get(tokens.warnOfConfiguration).start();
        return service.run(stop, hurry);
      },
      reload: container.get(tokens.reload),
    };
  } catch (error) {
    // Closes what was opened before the fault.
    await container.get(tokens.shutdown).close();
    throw error;
  }
};

export const openStore: CliContext['openStore'] = async (configurationFile, address) => {
  const container = containerFor({ configurationFile, lockFile: '' });
  const found = address ?? (await container.get(tokens.settingsStore).load()).store?.address;
  if (found === undefined) return undefined;
  const database = new Database(found);
  container.get(tokens.shutdown).register('PostgreSQL', () => database.close());
  const inspector = new PostgresInspector(found, container.get(tokens.clock));
  return { migrate: () => migrate(database), inspector, checkStore: new CheckStore(inspector) };
};

export const openCopy: CliContext['openCopy'] = async (configurationFile, from, to) => {
  const source = await openPlace(configurationFile, from);
  if (source === undefined) return { unusable: from };
  const target = await openPlace(configurationFile, to);
  if (target === undefined) return { unusable: to };
  return { copyStore: new CopyStore(source, target, new SystemClock()) };
};

/** What a file is promised to carry, and what PostgreSQL answers well at once. */
const SIZES = {
  toml: { most: 10_000, atOnce: 2_000 },
  postgres: { most: Number.POSITIVE_INFINITY, atOnce: 200 },
} as const;

async function openPlace(configurationFile: string, place: NamedPlace): Promise<StorePlace | undefined> {
  const file = place.kind === 'toml' ? place.file : configurationFile;
  const container = containerFor({ configurationFile: file, lockFile: '' });
  if (place.kind === 'toml') {
    if ((await container.get(tokens.settingsStore).load()).store !== undefined) return undefined;
  } else {
    const address = place.address ?? (await container.get(tokens.settingsStore).load()).store?.address;
    if (address === undefined) return undefined;
    loadStores(container, { address, stale: 0, cachedUsers: 0 });
    container.load(postgresInvitationsModule);
    await container.get(tokens.checkStore)();
  }
  return {
    users: container.get(tokens.userStore),
    hosts: container.get(tokens.hostStore),
    invitations: container.get(tokens.invitationStore),
    challenges: container.get(tokens.challengeStore),
    ...SIZES[place.kind],
  };
}

export const openCheck: CliContext['openCheck'] = async (configurationFile) => {
  const container = containerFor({ configurationFile, lockFile: '' });
  await loadSettings(container);
  const { store } = container.get(tokens.settings);
  return {
    ...(store !== undefined && {
      checkStore: new CheckStore(new PostgresInspector(store.address, container.get(tokens.clock))),
    }),
    checkAll: container.get(tokens.checkAll),
    close: () => container.get(tokens.shutdown).close(),
  };
};

export const openTestNotices: CliContext['openTestNotices'] = async (configurationFile) => {
  const container = containerFor({ configurationFile, lockFile: '' });
  await loadSettings(container);
  return container.get(tokens.testNotices);
};

export const openZones: CliContext['openZones'] = async (configurationFile) => {
  const container = containerFor({ configurationFile, lockFile: '' });
  const { nameServer } = await container.get(tokens.settingsStore).load();
  return nameServer && zoneFolder(nameServer, container.get(tokens.clock));
};

export const openDemo: CliContext['openDemo'] = async (tell) => {
  const site = await openDemoSite();
  try {
    // A container of its own: what it makes for commands would be told nothing of what happens in the server.
    const users = createContainer(site).get(tokens.manageUsers);
    await users.add(site.user, site.password);
    await users.grant(site.user, site.host);
    await users.setRights(site.user, { admin: true });
    const container = createContainer(site);
    container.rebind(tokens.logger).toConstantValue(new UpdateLines(tell));
    await loadService(container);
    return {
      ...site,
      run(ready, stop, hurry) {
        container.onActivation(tokens.listeners, (_context, listeners) => [...listeners, whenStarted(ready)]);
        return container.get(tokens.runService).run(stop, hurry);
      },
    };
  } catch (error) {
    await site.remove();
    throw error;
  }
};
