import type { ChildProcess } from 'node:child_process';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DomainName } from '../../../src/domain/domain-name.ts';
import { parseIpAddress } from '../../../src/domain/ip-address.ts';
import { type SocketAddress, socketText } from '../../../src/domain/socket-address.ts';
import type { TsigKey } from '../../../src/domain/tsig-key.ts';
import { freePort } from '../free-port.ts';
import { spawnGuarded } from '../run-process.ts';
import { tempFolder } from '../temp-folder.ts';
import type { Tool } from '../tools.ts';
import { HANG, until } from '../until.ts';
import { type DigAnswer, dig } from './dig.ts';
import { UPDATE_KEYS } from './keys.ts';
import { nsupdate } from './nsupdate.ts';

export type NameServerOptions = {
  /** The keys that may change everything. With none, everybody may who comes from the loopback, unsigned. */
  readonly updateKeys?: readonly TsigKey[];
  readonly address?: '127.0.0.1' | '::1';
};

/** Where a server lives and whom it obeys: what its configuration is written from. */
export type Site = {
  readonly folder: string;
  readonly address: string;
  readonly port: number;
  readonly updateKeys: readonly TsigKey[];
};

/** How one kind of server is set up. */
export type Recipe = {
  readonly kind: string;
  readonly tools: readonly Tool[];
  /** The zones that it answers for. */
  readonly zones: readonly DomainName[];
  /** Writes configuration and data into the folder; gives the command that serves them in the foreground. */
  prepare(site: Site): Promise<readonly [command: string, ...args: string[]]>;
};

/** A real name server for a test: a process of its own, on a port of its own, in a folder of its own. */
export class NameServer {
  readonly kind: string;
  readonly socket: SocketAddress;
  readonly zones: readonly DomainName[];
  /** The keys that may change everything here. */
  readonly keys: readonly TsigKey[];
  readonly #command: readonly [string, ...string[]];
  readonly #logFile: string;
  #process: ChildProcess | undefined;

  private constructor(recipe: Recipe, site: Site, command: readonly [string, ...string[]]) {
    const address = parseIpAddress(site.address);
    if (!address.ok) throw new TypeError(address.reason);
    this.kind = recipe.kind;
    this.socket = { address: address.value, port: site.port };
    this.zones = recipe.zones;
    this.keys = site.updateKeys;
    this.#command = command;
    this.#logFile = join(site.folder, 'server.log');
  }

  static async start(
    recipe: Recipe,
    { address = '127.0.0.1', updateKeys = UPDATE_KEYS }: NameServerOptions = {},
  ): Promise<NameServer> {
    const site = { folder: tempFolder(), address, port: await freePort(address), updateKeys };
    const server = new NameServer(recipe, site, await recipe.prepare(site));
    await server.start();
    return server;
  }

  get pid(): number {
    const pid = this.#process?.pid;
    if (pid === undefined) throw new Error(`${this.kind} is not running`);
    return pid;
  }

  /** Starts it again after `stop` or `kill`, with the data that it left. Resolves when all zones are served. */
  async start(): Promise<void> {
    if (this.#process !== undefined) throw new Error(`${this.kind} is running already`);
    const [command, ...args] = this.#command;
    // A file takes what the server writes even while this process is too busy to read.
    const log = openSync(this.#logFile, 'a');
    const child = spawnGuarded(command, args, { stdio: ['ignore', log, log] });
    closeSync(log);
    this.#process = child;
    child.once('close', () => {
      if (this.#process === child) this.#process = undefined;
    });

    try {
      await until(async () => this.#process !== child || (await this.answers()), {
        what: 'it to answer for its zones',
      });
      if (this.#process !== child) throw new Error('it has ended');
    } catch (cause) {
      await this.kill();
      throw new Error(`${this.kind} did not start:\n${this.log()}`, { cause });
    }
  }

  /** Lets it end in good order. Its data stay, for `start`. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  /** As if the power had failed. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** Freezes it: its sockets stay open, and nobody answers. */
  async pause(): Promise<void> {
    process.kill(this.pid, 'SIGSTOP');
    const stat = `/proc/${this.pid}/stat`;
    await until(() => readFileSync(stat, 'utf8').split(') ')[1]?.startsWith('T'), {
      what: `${this.kind} to freeze`,
    });
  }

  resume(): void {
    process.kill(this.pid, 'SIGCONT');
  }

  /** What it has logged since it was first started. */
  log(): string {
    return readFileSync(this.#logFile, 'utf8');
  }

  /** What it answers, over TCP. */
  async query(name: string, type: string): Promise<DigAnswer> {
    return dig(this.socket, name, type);
  }

  /** Whether it answers for all its zones, within two seconds for each. */
  async answers(): Promise<boolean> {
    try {
      for (const zone of this.zones) await this.#resolver({ timeout: 2000, tries: 1 }).resolveSoa(zone);
      return true;
    } catch {
      return false;
    }
  }

  async serial(zone: string = this.#firstZone): Promise<number> {
    return (await this.#resolver({ timeout: HANG / 8, tries: 4 }).resolveSoa(zone)).serial;
  }

  /**
   * Runs nsupdate with the lines of `script` (`zone …`, `update add …`) and sends them over TCP in one
   * message. Gives what the server answered: `NOERROR`, or the RCODE and what nsupdate adds to it.
   */
  async nsupdate(script: string, key: TsigKey | 'unsigned' = this.keys[0] ?? 'unsigned'): Promise<string> {
    return nsupdate(this.socket, script, key);
  }

  get #firstZone(): DomainName {
    const [zone] = this.zones;
    if (zone === undefined) throw new Error(`${this.kind} has no zones`);
    return zone;
  }

  /** One for each question, because a resolver may remember answers. */
  #resolver(patience: { timeout: number; tries: number }): Resolver {
    const resolver = new Resolver(patience);
    resolver.setServers([socketText(this.socket)]);
    return resolver;
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    if (child === undefined) return;
    const closed = once(child, 'close');
    child.kill(signal);
    // A frozen process heeds SIGTERM only when it goes on.
    child.kill('SIGCONT');
    const impatience = setTimeout(() => child.kill('SIGKILL'), HANG / 2);
    await closed;
    clearTimeout(impatience);
  }
}
