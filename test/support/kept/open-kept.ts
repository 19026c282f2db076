import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AcmeFolder } from '../../../src/adapters/acme/acme-folder.ts';
import { FolderCertificateStore } from '../../../src/adapters/acme/folder-certificate-store.ts';
import { FileProcessLock } from '../../../src/adapters/file-stores/file-process-lock.ts';
import { createContainer, loadSettings } from '../../../src/adapters/inversify/create-container.ts';
import { tokens } from '../../../src/adapters/inversify/tokens.ts';
import { ZoneFolder } from '../../../src/adapters/name-server/zone-folder.ts';
import { ZoneStore, type ZoneStorePorts } from '../../../src/adapters/name-server/zone-store.ts';
import {
  postgresInvitationsModule,
  postgresSharedModule,
} from '../../../src/adapters/postgres/other-stores.module.ts';
import { database } from '../../../src/adapters/postgres/postgres.module.ts';
import { MemoryPendingSignIns } from '../../../src/application/login/memory-pending-sign-ins.ts';
import { noMetrics } from '../../../src/application/ports/metrics.ts';
import { noSharedArrivals } from '../../../src/application/ports/shared-arrivals.ts';
import { ManualClock } from '../../fakes/manual-clock.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';
import { WRITTEN } from './people.ts';

export type OpenKept = Awaited<ReturnType<typeof openKept>>;

/**
 * Everything that the program keeps for a configuration, through the adapters that it uses itself, with a clock that
 * stands still at the time of the samples.
 */
export async function openKept(configurationFile: string, version?: string) {
  const clock = new ManualClock(WRITTEN);
  const logger = new RecordingLogger();
  const lockFile = join(dirname(configurationFile), 'dynonym.lock');
  const container = createContainer({ configurationFile, lockFile });
  container.rebind(tokens.clock).toConstantValue(clock);
  container.rebind(tokens.logger).toConstantValue(logger);
  if (version !== undefined) container.rebind(tokens.version).toConstantValue(version);
  container.bind(tokens.metrics).toConstantValue(noMetrics);
  container.bind(tokens.pendingSignIns).toConstantValue(new MemoryPendingSignIns(clock));
  container.bind(tokens.sharedArrivals).toConstantValue(noSharedArrivals);
  await loadSettings(container);
  const settings = container.get(tokens.settings);
  const isShared = settings.store !== undefined;
  if (isShared) container.load(postgresInvitationsModule, postgresSharedModule);
  return {
    ...{ clock, logger, settings },
    get: container.get.bind(container),
    database: isShared ? container.get(database) : undefined,
    settingsStore: container.get(tokens.settingsStore),
    users: container.get(tokens.userStore),
    hosts: container.get(tokens.hostStore),
    sessions: container.get(tokens.sessionStore),
    invitations: container.get(tokens.invitationStore),
    challenges: container.get(tokens.challengeStore),
    notices: container.get(tokens.noticeStore),
    history: container.get(tokens.history),
    deeds: container.get(tokens.managementHistory),
    /** Writes what waits, and closes everything. */
    close: () => container.get(tokens.shutdown).close(),
  };
}

type NameServer = NonNullable<OpenKept['settings']['nameServer']>;

const zonePorts = ({ data }: NameServer, { clock, logger }: OpenKept): ZoneStorePorts => ({
  ...{ lock: new FileProcessLock(join(data, 'lock')), clock, logger },
});

/** The zones as a server has them, which may change them. Undefined where there are none. */
export async function openZones(kept: OpenKept): Promise<ZoneStore | undefined> {
  const { nameServer } = kept.settings;
  if (nameServer === undefined) return undefined;
  await mkdir(nameServer.data, { recursive: true, mode: 0o700 });
  return ZoneStore.open({ folder: nameServer.data, zones: nameServer.zones }, zonePorts(nameServer, kept));
}

/** The zones as commands have them. */
export function zoneFolderOf(kept: OpenKept): ZoneFolder | undefined {
  const { nameServer } = kept.settings;
  return nameServer && new ZoneFolder(nameServer, zonePorts(nameServer, kept));
}

export function acmeFolderOf({ settings }: OpenKept): AcmeFolder | undefined {
  const data = settings.http.tls?.acme?.data;
  return data === undefined ? undefined : new AcmeFolder(data);
}

export function certificatesOf(kept: OpenKept): FolderCertificateStore | undefined {
  const folder = acmeFolderOf(kept);
  return folder && new FolderCertificateStore(folder);
}
