import type { EventEmitter } from 'node:events';
import type { BaseContext } from 'clipanion';
import type { CheckPrimaries } from '../../application/check/check-primaries.ts';
import type { CheckRights } from '../../application/check/check-rights.ts';
import type { Configure } from '../../application/manage/configure.ts';
import type { ManageHosts } from '../../application/manage/manage-hosts.ts';
import type { ManageUsers } from '../../application/manage/manage-users.ts';
import type { HostStore } from '../../application/ports/host-store.ts';
import type { UserStore } from '../../application/ports/user-store.ts';
import type { ZoneArchive } from '../../application/ports/zone-archive.ts';
import type { RunService, ServiceOutcome } from '../../application/service/run-service.ts';
import type { SocketAddress } from '../../domain/socket-address.ts';

/** All that a command touches of the world. Commands never look at the process itself. */
export type CliContext = BaseContext & {
  /** Where SIGINT, SIGTERM and SIGHUP arrive. */
  readonly signals: Pick<EventEmitter, 'on' | 'off'>;

  /** Ends the process although something is still open. */
  exit(code: number): void;

  /** What is behind `configure`, on this file. Nothing is read before it is asked. */
  openManagement(configFile: string): Promise<Management>;

  /** The server, ready to run. Rejects with a DynonymError when the configuration is not good. */
  openService(files: ServiceFiles): Promise<Service>;

  /** A demonstration in a folder of its own, ready to run; every update is told in a line. */
  openDemo(tell: (line: string) => void): Promise<Demo>;

  /** The zones of the built-in name server; undefined where the configuration has none. Rejects as below. */
  openZones(configFile: string): Promise<ZoneArchive | undefined>;

  /** The doctor. Rejects with a DynonymError that lists all that is wrong with the configuration itself. */
  openCheck(configFile: string): Promise<Check>;
};

/** Every change goes through a use case; what a command shows comes from a store. */
export type Management = {
  readonly users: Pick<UserStore, 'find' | 'list'>;
  readonly hosts: Pick<HostStore, 'list'>;
  readonly manageUsers: ManageUsers;
  readonly manageHosts: ManageHosts;
  readonly configure: Configure;
};

export type ServiceFiles = { readonly configFile: string; readonly lockFile: string };

export type Service = Pick<RunService, 'run'> & {
  /** Takes up at once what changed in the configuration. Never rejects: what is wrong is logged. */
  reload(): Promise<void>;
};

export type Demo = {
  readonly folder: string;
  readonly http: SocketAddress;
  readonly dns: SocketAddress;
  /** The name that the user may change. */
  readonly host: string;
  readonly user: string;
  readonly password: string;
  /** Like that of the service; `ready` is called when everything listens. */
  run(ready: () => void, stop: AbortSignal, hurry: AbortSignal): Promise<ServiceOutcome>;
  /** Leaves nothing behind. */
  remove(): Promise<void>;
};

export type Check = {
  readonly checkRights: Pick<CheckRights, 'run'>;
  readonly checkPrimaries: Pick<CheckPrimaries, 'run'>;
  /** Ends the connections to the primaries. */
  close(): Promise<void>;
};
