import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { socketText } from '../../src/domain/socket-address.ts';
import type { TsigKey } from '../../src/domain/tsig-key.ts';
import { secretText } from './name-servers/keys.ts';
import type { NameServer } from './name-servers/name-server.ts';
import type { ProcessResult, RunningProcess } from './run-process.ts';
import { runProgram, startProgram } from './run-program.ts';
import { tempFolder } from './temp-folder.ts';
import { until } from './until.ts';

/** dynonym as an operator has it: a folder with a configuration, changed by commands, served from there. */
export class Installation {
  readonly folder = tempFolder();
  #server: RunningProcess | undefined;

  /** A default configuration that listens on a free port and sends its updates to `primary`. */
  static async create(primary: NameServer, key: TsigKey, socket = '127.0.0.1:0'): Promise<Installation> {
    const installation = new Installation();
    writeFileSync(join(installation.folder, 'secret'), secretText(key));
    await installation.command(['configure', 'default']);
    await installation.command(['configure', 'http', '--socket', socket]);
    await installation.command([
      ...['configure', 'dns', '--socket', socketText(primary.socket)],
      ...['--tsig-name', key.name, '--tsig-algorithm', key.algorithm, '--tsig-secret-file', 'secret'],
    ]);
    return installation;
  }

  /** Runs a command that has to succeed. */
  async command(args: readonly string[], stdin?: string): Promise<string> {
    const { status, stdout, stderr } = await this.run(args, stdin);
    assert.equal(status, 0, `dynonym ${args.join(' ')}: ${stderr}`);
    return stdout;
  }

  run(args: readonly string[], stdin?: string): Promise<ProcessResult> {
    return runProgram(args, { cwd: this.folder, ...(stdin !== undefined && { stdin }) });
  }

  async addUser(name: string, password: string, ...domains: readonly string[]): Promise<void> {
    await this.command(['configure', 'users', 'add', name], `${password}\n`);
    if (domains.length > 0) await this.command(['configure', 'users', 'auth', name, ...domains]);
  }

  /** Writes something at the end of the configuration by hand. */
  append(toml: string): void {
    appendFileSync(join(this.folder, 'dynonym.toml'), toml);
  }

  get configuration(): string {
    return readFileSync(join(this.folder, 'dynonym.toml'), 'utf8');
  }

  /** Starts the server and resolves to its URL. */
  async serve(): Promise<string> {
    const server = startProgram(['serve'], { cwd: this.folder });
    this.#server = server;
    const addresses = await until(() => /"addresses":\["(http[^"]+)"/.exec(server.stderr)?.[1], {
      what: 'the server listens',
    });
    return addresses;
  }

  get server(): RunningProcess {
    if (this.#server === undefined) throw new Error('the server was not started');
    return this.#server;
  }

  /** Ends the server, if it runs, and resolves to what it wrote. */
  async stop(): Promise<ProcessResult | undefined> {
    this.#server?.kill('SIGTERM');
    return this.#server?.end();
  }
}
