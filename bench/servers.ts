import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../test/support/free-port.ts';
import { tempFolder } from '../test/support/temp-folder.ts';
import { type BenchPrimary, KEY, KEY_ARGUMENT } from './primary.ts';
import { Served } from './served.ts';
import type { BenchUser } from './users.ts';

/** How dynonym is run: node and its options, then the program. */
export type Program = readonly string[];

export type ServeOptions = {
  readonly trustedProxies?: readonly string[];
  /** False: nothing is remembered of names, and name servers are not asked about changes. */
  readonly remembers?: boolean;
  /** True: with pages, and the first user is an operator. */
  readonly web?: boolean;
  /** The URL of the database that has the users: the configuration has none then. */
  readonly database?: string;
};

/** dynonym as an operator runs it: `serve` with a configuration, its log in a file. */
export async function startDynonym(
  program: Program,
  primary: BenchPrimary,
  users: readonly BenchUser[],
  options?: ServeOptions,
): Promise<Served> {
  const { port, command } = await serveCommand(program, primary.port, users, options);
  return Served.start(port, command);
}

/** Writes a configuration, and gives the command that serves it. */
export async function serveCommand(
  program: Program,
  dnsPort: number,
  users: readonly BenchUser[],
  options: ServeOptions = {},
): Promise<{ readonly port: number; readonly configuration: string; readonly command: readonly string[] }> {
  const folder = tempFolder();
  const port = await freePort();
  const configuration = join(folder, 'dynonym.toml');
  await writeFile(configuration, tomlOf(port, dnsPort, users, options), { mode: 0o600 });
  return {
    port,
    configuration,
    command: [...program, 'serve', '--config', configuration, '--lock', join(folder, 'dynonym.lock')],
  };
}

function tomlOf(
  port: number,
  dnsPort: number,
  users: readonly BenchUser[],
  { trustedProxies = [], remembers = true, web = false, database }: ServeOptions,
): string {
  const section = ({ name, hash, domains }: BenchUser, index: number) =>
    `[users.${name}]\npw = "${hash}"\n${web && index === 0 ? 'admin = true\n' : ''}domains = ${JSON.stringify(domains)}\n`;
  return `[http]
socket = "127.0.0.1:${port}"
trusted_proxies = ${JSON.stringify(trustedProxies)}
${web ? `\n[web]\nurl = "http://127.0.0.1:${port}"\n` : ''}${remembers ? '' : '\n[history]\nevents = 0\nvisibility = false\n'}
[dns]
socket = "127.0.0.1:${dnsPort}"
zones = ["dyn.example.test"]

[dns.tsig]
name = "${KEY.name}"
algorithm = "${KEY.algorithm}"
secret = "${KEY.secret}"

${database === undefined ? users.map(section).join('\n') : `[store]\npostgres = ${JSON.stringify(database)}\n`}`;
}

type Credentials = Pick<BenchUser, 'name' | 'password'>;

/** Koa with nothing behind it. It knows one login. */
export async function startKoa(credentials: Credentials): Promise<Served> {
  return startPeer('koa.mjs', credentials, []);
}

/** node:http with nothing behind it. It knows one login. */
export async function startNodeHttp(credentials: Credentials): Promise<Served> {
  return startPeer('http.mjs', credentials, []);
}

/** node:http with nsupdate behind it. It knows one login. */
export async function startNsupdateHandler(primary: BenchPrimary, credentials: Credentials): Promise<Served> {
  return startPeer('nsupdate-handler.mjs', credentials, [String(primary.port), KEY_ARGUMENT]);
}

/** A UDP socket with nothing behind it. */
export async function startUdpEcho(): Promise<Served> {
  return startScript('udp-echo.mjs', []);
}

async function startPeer(
  file: string,
  { name, password }: Credentials,
  args: readonly string[],
): Promise<Served> {
  return startScript(file, [...args, name, password]);
}

async function startScript(file: string, args: readonly string[]): Promise<Served> {
  const port = await freePort();
  const script = join(import.meta.dirname, 'peers', file);
  return Served.start(port, [process.execPath, script, String(port), ...args]);
}
