import { EventEmitter } from 'node:events';
import { Readable, Writable } from 'node:stream';
import { runCli } from '../../src/adapters/cli/cli.ts';
import type {
  Check,
  CliContext,
  ConfiguredNames,
  Demo,
  Service,
  ServiceFiles,
  Store,
} from '../../src/adapters/cli/context.ts';
import { importReaders } from '../../src/adapters/import/readers.ts';
import { FanOut } from '../../src/application/history/fan-out.ts';
import { ListNames } from '../../src/application/history/list-names.ts';
import { Configure } from '../../src/application/manage/configure.ts';
import { CopyStore, type StorePlace } from '../../src/application/manage/copy-store.ts';
import { Deeds } from '../../src/application/manage/deeds.ts';
import { EndFollowing } from '../../src/application/manage/end-following.ts';
import { ImportUsers } from '../../src/application/manage/import-users.ts';
import { ManageHosts } from '../../src/application/manage/manage-hosts.ts';
import { ManageUsers } from '../../src/application/manage/manage-users.ts';
import { DEFAULT_SETTINGS } from '../../src/application/manage/settings.ts';
import type { TestNotices } from '../../src/application/notices/test-notices.ts';
import type { ZoneArchive } from '../../src/application/ports/zone-archive.ts';
import { CountingTokenMint } from '../fakes/counting-token-mint.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { MemoryHistory } from '../fakes/memory-history.ts';
import { MemoryHostStore } from '../fakes/memory-host-store.ts';
import { MemoryManagementHistory } from '../fakes/memory-management-history.ts';
import { MemorySettingsStore } from '../fakes/memory-settings-store.ts';
import { MemoryUserStore } from '../fakes/memory-user-store.ts';
import { PlainPasswordHasher } from '../fakes/plain-password-hasher.ts';
import { RecordingEvents } from '../fakes/recording-events.ts';
import { OPERATOR } from './fixtures.ts';

export type CliResult = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** What a single run may have that differs from the usual. */
export type CliRun = {
  /** Standard input, which is no terminal. */
  readonly input?: string | Uint8Array | Readable;
  readonly env?: CliContext['env'];
  readonly stdout?: Writable;
};

/** The command line in this process, on stores in memory that live as long as this object. */
export class CliHarness {
  readonly users = new MemoryUserStore();
  readonly hosts = new MemoryHostStore();
  readonly settings: MemorySettingsStore;
  readonly passwords = new PlainPasswordHasher();
  /** What changes of users, hosts and settings were told. */
  readonly events = new RecordingEvents();
  readonly history = new MemoryHistory();
  readonly managementHistory = new MemoryManagementHistory();
  /** Where a test sends signals. */
  readonly signals = new EventEmitter();
  /** Files that were opened, in order. */
  readonly opened: (string | ServiceFiles)[] = [];
  /** Happens while the server is being opened. */
  opening: () => void = () => {};
  /** What `serve` runs. */
  serve: Service['run'] = async () => ({ kind: 'stopped' });
  /** What `serve` does on SIGHUP. */
  reload: Service['reload'] = async () => {};
  /** What `check` finds. */
  check: Check = {
    checkAll: { run: async () => ({ configuration: [], certificate: undefined, domains: [] }) },
    close: async () => {},
  };
  /** What `notices test` sends, and what comes of it. */
  testNotices: Pick<TestNotices, 'run'> = { run: async () => [] };
  /** What `store` works on. */
  store: Store | undefined;
  /** Between what `store copy` copies: by the name of the file, or `postgres`. */
  readonly places = new Map<string, StorePlace>();
  /** What `zone` looks at. */
  zones: ZoneArchive | undefined;
  /** What is completed. Undefined: there is no configuration that can be read. */
  names: ConfiguredNames | undefined;
  /** What `demo` runs, with what it tells of updates. */
  demo: (tell: (line: string) => void) => Promise<Demo> = async () => {
    throw new Error('there is no demonstration here');
  };
  /** The codes with which the process was told to end. */
  readonly exits: number[] = [];

  constructor(settings: MemorySettingsStore = new MemorySettingsStore(DEFAULT_SETTINGS)) {
    this.settings = settings;
  }

  /** Runs a command line as a shell would split it; single quotes keep words together. */
  async run(line: string, { input = '', env = {}, stdout }: CliRun = {}): Promise<CliResult> {
    const out = new Collector();
    const err = new Collector();
    const code = await runCli(words(line), {
      env,
      stdin: input instanceof Readable ? input : Readable.from([Buffer.from(input)]),
      stdout: stdout ?? out,
      stderr: err,
      colorDepth: 1,
      signals: this.signals,
      exit: (code) => this.exits.push(code),
      openManagement: async (configFile) => {
        this.opened.push(configFile);
        const events = new FanOut([this.events, this.managementHistory]);
        const deeds = new Deeds(events, new ManualClock(), OPERATOR);
        return {
          users: this.users,
          hosts: this.hosts,
          managementHistory: this.managementHistory,
          ...this.#manageWith(deeds),
          configure: new Configure(this.settings, deeds),
        };
      },
      openImport: async (configFile) => {
        this.opened.push(configFile);
        const deeds = new Deeds(this.events, new ManualClock(), OPERATOR);
        const { manageUsers, manageHosts } = this.#manageWith(deeds);
        return {
          readers: importReaders,
          importUsers: new ImportUsers(this.users, this.hosts, this.passwords, {
            users: manageUsers,
            hosts: manageHosts,
          }),
          accountZone: async () => (await this.settings.load()).acme?.zone,
        };
      },
      openHistory: async (configFile) => {
        this.opened.push(configFile);
        const listNames = new ListNames(this.users, this.hosts, this.history, () => undefined);
        return { history: this.history, listNames };
      },
      openService: async (files) => {
        this.opened.push(files);
        this.opening();
        return { run: (stop, hurry) => this.serve(stop, hurry), reload: this.reload };
      },
      openZones: async (configFile) => {
        this.opened.push(configFile);
        return this.zones;
      },
      openTestNotices: async (configFile) => {
        this.opened.push(configFile);
        return this.testNotices;
      },
      openNames: async (configFile) => {
        this.opened.push(configFile);
        if (this.names === undefined) throw new Error('the configuration cannot be read');
        return this.names;
      },
      openStore: async (configFile) => {
        this.opened.push(configFile);
        return this.store;
      },
      openCopy: async (_configFile, ...places) => {
        const [from, to] = places.map((place) =>
          this.places.get(place.kind === 'toml' ? place.file : 'postgres'),
        );
        if (from === undefined) return { unusable: places[0] };
        if (to === undefined) return { unusable: places[1] };
        return { copyStore: new CopyStore(from, to, new ManualClock()) };
      },
      openDemo: (tell) => this.demo(tell),
      openCheck: async (configFile) => {
        this.opened.push(configFile);
        return this.check;
      },
    });
    return { code, stdout: out.text, stderr: err.text };
  }

  #manageWith(deeds: Deeds) {
    const { users, hosts, passwords } = this;
    const manageHosts = new ManageHosts(hosts, deeds);
    const endFollowing = new EndFollowing(users, hosts, manageHosts);
    const manageUsers = new ManageUsers(users, passwords, new CountingTokenMint(), deeds, endFollowing);
    return { manageUsers, manageHosts };
  }
}

class Collector extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

function words(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, inQuotes, bare]) => inQuotes ?? bare ?? '');
}
