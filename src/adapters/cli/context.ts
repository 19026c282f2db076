import type { EventEmitter } from 'node:events';
import type { BaseContext, Definition } from 'clipanion';
import type { CheckAll } from '../../application/check/check-all.ts';
import type { CheckStore } from '../../application/check/check-store.ts';
import type { ListNames } from '../../application/history/list-names.ts';
import type { Configure } from '../../application/manage/configure.ts';
import type { CopyStore } from '../../application/manage/copy-store.ts';
import type { DatabaseAddress } from '../../application/manage/database-address.ts';
import type { ImportReaders, ImportUsers } from '../../application/manage/import-users.ts';
import type { ManageHosts } from '../../application/manage/manage-hosts.ts';
import type { ManageUsers } from '../../application/manage/manage-users.ts';
import type { TestNotices } from '../../application/notices/test-notices.ts';
import type { History } from '../../application/ports/history.ts';
import type { HostStore } from '../../application/ports/host-store.ts';
import type { ManagementHistory } from '../../application/ports/management-history.ts';
import type { StoreInspector } from '../../application/ports/store-inspector.ts';
import type { UserStore } from '../../application/ports/user-store.ts';
import type { ZoneArchive } from '../../application/ports/zone-archive.ts';
import type { RunService, ServiceOutcome } from '../../application/service/run-service.ts';
import type { DomainName } from '../../domain/domain-name.ts';
import type { SocketAddress } from '../../domain/socket-address.ts';

/** Everything outside that a command uses. Commands never use the process object itself. */
export type CliContext = BaseContext & {
  /** Where SIGINT, SIGTERM and SIGHUP arrive. */
  readonly signals: Pick<EventEmitter, 'on' | 'off'>;

  /** Ends the process, even if something is still open. */
  exit(code: number): void;

  /** What the `configure` commands use, for this file. Nothing is read yet. */
  openManagement(configFile: string): Promise<Management>;

  /** What the `import` commands use, for this file. Nothing is read yet. */
  openImport(configFile: string): Promise<Import>;

  /** The server, ready to run. Rejects with a DynonymError when the configuration has problems. */
  openService(files: ServiceFiles): Promise<Service>;

  /** A demonstration in a folder of its own, ready to run. `tell` gets one line for each update. */
  openDemo(tell: (line: string) => void): Promise<Demo>;

  /** The zones of the built-in name server. Undefined when the configuration has none. Rejects as `openService`. */
  openZones(configFile: string): Promise<ZoneArchive | undefined>;

  /** What happened to the names. Rejects as `openService`. */
  openHistory(configFile: string): Promise<NameHistory>;

  /** What sends test notices. Rejects as `openService`. */
  openTestNotices(configFile: string): Promise<Pick<TestNotices, 'run'>>;

  /** The names in the configuration, for completion. Rejects when the file cannot be read. */
  openNames(configFile: string): Promise<ConfiguredNames>;

  /**
   * The database of [store], or the one at `address`, before anybody has looked at its tables. Undefined when neither
   * is there. Rejects as `openService`.
   */
  openStore(configFile: string, address?: DatabaseAddress): Promise<Store | undefined>;

  /**
   * Copies between two places. `unusable`: one place is a file that cannot be one, because it has a [store]; or it is the
   * database of [store], and the configuration has no [store]. Rejects as `openService`.
   */
  openCopy(
    configFile: string,
    from: NamedPlace,
    to: NamedPlace,
  ): Promise<{ readonly copyStore: Pick<CopyStore, 'execute'> } | { readonly unusable: NamedPlace }>;

  /** Opens what `dynonym check` needs. Rejects with a DynonymError that lists all problems of the configuration. */
  openCheck(configFile: string): Promise<Check>;
};

/** What a command has: everything outside, and the descriptions of all commands. */
export type CommandContext = CliContext & { readonly definitions: readonly Definition[] };

/** Names as the configuration writes them, in its order. */
export type ConfiguredNames = {
  readonly users: ReadonlyMap<
    string,
    {
      readonly domains: readonly string[];
      readonly tokens: readonly string[];
      readonly passkeys: readonly string[];
    }
  >;
  /** Names of hosts that the configuration has settings for. */
  readonly hosts: readonly string[];
  /** Zones of the built-in name server. */
  readonly zones: readonly string[];
  /** TSIG keys of the built-in name server. */
  readonly keys: readonly string[];
};

/** Use cases for every change, and stores for what is only shown. */
export type Management = {
  readonly users: Pick<UserStore, 'find' | 'list'>;
  readonly hosts: Pick<HostStore, 'list'>;
  readonly managementHistory: Pick<ManagementHistory, 'last'>;
  readonly manageUsers: ManageUsers;
  readonly manageHosts: ManageHosts;
  readonly configure: Configure;
};

export type Import = {
  readonly readers: ImportReaders;
  readonly importUsers: Pick<ImportUsers, 'execute'>;
  /** The zone of challenge names in the configuration. Rejects as `openService`. */
  accountZone(): Promise<DomainName | undefined>;
};

export type NameHistory = {
  readonly history: Pick<History, 'ofName'>;
  readonly listNames: Pick<ListNames, 'execute'>;
};

export type ServiceFiles = { readonly configFile: string; readonly lockFile: string };

export type Service = Pick<RunService, 'run'> & {
  /** Applies changes of the configuration now. Never rejects: problems are logged. */
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
  /** Like `RunService.run`. `ready` is called when all sockets are open. */
  run(ready: () => void, stop: AbortSignal, hurry: AbortSignal): Promise<ServiceOutcome>;
  /** Removes all files of the demonstration. */
  remove(): Promise<void>;
};

/** Where users and hosts are, as a command line says it. Without an address: where [store] says. */
export type NamedPlace =
  | { readonly kind: 'toml'; readonly file: string }
  | { readonly kind: 'postgres'; readonly address?: DatabaseAddress };

export type Store = {
  /** Applies the parts of the schema that the database does not have yet, and resolves to their names. */
  migrate(): Promise<readonly string[]>;
  readonly inspector: StoreInspector;
  readonly checkStore: Pick<CheckStore, 'run'>;
};

export type Check = {
  readonly checkAll: Pick<CheckAll, 'run'>;
  /** Undefined: there is no database. */
  readonly checkStore?: Pick<CheckStore, 'run'>;
  /** Ends the connections to the primaries. */
  close(): Promise<void>;
};
