import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DomainName, domainName } from '../../domain/domain-name.ts';
import type { Password } from '../../domain/password.ts';
import { type SocketAddress, socketText } from '../../domain/socket-address.ts';
import type { UserName } from '../../domain/user.ts';
import { isFreeForTcp, isFreeForUdp, localSocket } from './free-sockets.ts';

const ZONE = domainName('dyn.example.test');
const HTTP_PORT = 8053;
const DNS_PORT = 5300;
/** How many ports are tried. When none is free, the first one is used, and its listener reports the problem. */
const ATTEMPTS = 100;

/** The folder, the sockets and the user of a demonstration. */
export type DemoSite = {
  /** A new folder with the configuration only. */
  readonly folder: string;
  readonly configurationFile: string;
  readonly lockFile: string;
  readonly http: SocketAddress;
  readonly dns: SocketAddress;
  /** The name that the user may change. */
  readonly host: DomainName;
  readonly user: UserName;
  /** Of letters, digits, hyphens and underscores, so that it needs no quotes in a shell or a URL. */
  readonly password: Password;
  /** Removes the folder and all in it. */
  remove(): Promise<void>;
};

export async function openDemoSite(): Promise<DemoSite> {
  const http = await nextFree(HTTP_PORT, isFreeForTcp);
  const dns = await nextFree(
    DNS_PORT,
    async (socket) => (await isFreeForTcp(socket)) && (await isFreeForUdp(socket)),
  );
  // mkdtemp gives it mode 0700, so that other users cannot read it.
  const folder = await mkdtemp(join(tmpdir(), 'dynonym-demo-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  const configurationFile = join(folder, 'dynonym.toml');
  try {
    await writeFile(configurationFile, configuration(http, dns), { mode: 0o600 });
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    folder,
    configurationFile,
    lockFile: join(folder, 'dynonym.lock'),
    http,
    dns,
    host: domainName(`home.${ZONE}`),
    user: 'demo' as UserName,
    password: randomBytes(12).toString('base64url') as Password,
    remove,
  };
}

async function nextFree(
  first: number,
  isFree: (socket: SocketAddress) => Promise<boolean>,
): Promise<SocketAddress> {
  for (let port = first; port < first + ATTEMPTS; port += 1) {
    if (await isFree(localSocket(port))) return localSocket(port);
  }
  return localSocket(first);
}

const configuration = (http: SocketAddress, dns: SocketAddress): string => `# A demonstration of dynonym.

[http]
socket = "${socketText(http)}"

[web]
url = "http://${socketText(http)}"

[nameserver]
sockets = ["${socketText(dns)}"]
data = "zones"

[[nameserver.zones]]
name = "${ZONE}"
ns = ["ns1.${ZONE}"]
glue = { "ns1.${ZONE}" = ["${dns.address.text}"] }
`;
