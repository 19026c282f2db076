import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type SocketAddress, socketText } from '../../src/domain/socket-address.ts';
import { createAuthority, issue } from './certificates.ts';
import { freePort } from './free-port.ts';
import { RunningProcess } from './run-process.ts';
import { tempFolder } from './temp-folder.ts';
import { toolPath } from './tools.ts';
import { until } from './until.ts';

/** A certificate authority for tests, which asks one name server for challenges. */
export type Pebble = {
  readonly directory: string;
  /** The authority, in PEM, that signed the certificate of its own HTTPS. */
  readonly authorityFile: string;
  /** What it wrote to its log. */
  readonly log: string;
  stop(): Promise<void>;
};

export type PebbleOptions = {
  /** Seconds for which its certificates are good. */
  readonly validity?: number;
  /** Names for which it rejects orders. */
  readonly blocked?: readonly string[];
};

export async function startPebble(
  dns: SocketAddress,
  { validity, blocked = [] }: PebbleOptions = {},
): Promise<Pebble> {
  const folder = tempFolder();
  const authority = await createAuthority('test authority');
  const { certificateFile, keyFile } = await issue(authority, 'IP:127.0.0.1', 'DNS:localhost');
  const [port, management] = [await freePort(), await freePort()];
  const pebble = {
    listenAddress: `127.0.0.1:${port}`,
    managementListenAddress: `127.0.0.1:${management}`,
    certificate: certificateFile,
    privateKey: keyFile,
    httpPort: 5002,
    tlsPort: 5001,
    ...(validity !== undefined && { certificateValidityPeriod: validity }),
    domainBlocklist: blocked,
  };
  const configuration = join(folder, 'pebble.json');
  writeFileSync(configuration, JSON.stringify({ pebble }));
  const server = new RunningProcess(
    toolPath('pebble'),
    ['-config', configuration, '-dnsserver', socketText(dns)],
    { env: { PEBBLE_VA_NOSLEEP: '1', PEBBLE_WFE_NONCEREJECT: '0' } },
  );
  await until(() => /Listening on: 127/.test(server.stdout + server.stderr), { what: 'pebble listens' });
  return {
    directory: `https://127.0.0.1:${port}/dir`,
    authorityFile: authority.certificateFile,
    get log() {
      return server.stdout + server.stderr;
    },
    async stop() {
      server.kill('SIGTERM');
      await server.end();
    },
  };
}
