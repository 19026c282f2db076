import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DomainName } from '../../../src/domain/domain-name.ts';
import type { SocketAddress } from '../../../src/domain/socket-address.ts';
import type { TsigKey } from '../../../src/domain/tsig-key.ts';
import { toolPath } from '../tools.ts';
import { secretText } from './keys.ts';
import type { Recipe, Site } from './name-server.ts';

/** Where a secondary gets its zone from, and who may tell it of changes. */
export type Upstream = { readonly socket: SocketAddress; readonly zone: DomainName; readonly key: TsigKey };

/** Secondaries of all kinds. Everybody on this machine may have their zone from them, to compare it. */
export const SECONDARIES: Readonly<Record<'bind' | 'knot' | 'nsd', (upstream: Upstream) => Recipe>> = {
  bind: (upstream) => ({
    kind: 'bind',
    tools: ['named', 'dig'],
    zones: [upstream.zone],
    prepare: (site) =>
      written(site, 'named.conf', namedConf(site, upstream), ['named', '-g', '-n', '2', '-c']),
  }),
  knot: (upstream) => ({
    kind: 'knot',
    tools: ['knotd', 'dig'],
    zones: [upstream.zone],
    prepare: (site) => written(site, 'knot.conf', knotConf(site, upstream), ['knotd', '-c']),
  }),
  nsd: (upstream) => ({
    kind: 'nsd',
    tools: ['nsd', 'dig'],
    zones: [upstream.zone],
    prepare: (site) => written(site, 'nsd.conf', nsdConf(site, upstream), ['nsd', '-d', '-c']),
  }),
};

async function written(
  { folder }: Site,
  file: string,
  text: string,
  [program, ...options]: ['named' | 'knotd' | 'nsd', ...string[]],
): Promise<readonly [string, ...string[]]> {
  const configuration = join(folder, file);
  await writeFile(configuration, text);
  return [toolPath(program), ...options, configuration];
}

function namedConf({ folder, address, port }: Site, { socket, zone, key }: Upstream): string {
  return `
key "${key.name}" { algorithm ${key.algorithm}; secret "${secretText(key)}"; };
options {
  directory "${folder}"; pid-file none; lock-file none; session-keyfile "${folder}/session.key";
  managed-keys-directory "${folder}";
  listen-on port ${port} { ${address}; }; listen-on-v6 { none; };
  recursion no; dnssec-validation no; notify no; allow-transfer { 127.0.0.0/8; };
};
controls { };
zone "${zone}" {
  type secondary; file "${zone}.zone";
  primaries { ${socket.address.text} port ${socket.port} key "${key.name}"; };
  allow-notify { key "${key.name}"; };
};
`;
}

function knotConf({ folder, address, port }: Site, { socket, zone, key }: Upstream): string {
  return `
server:
    listen: ${address}@${port}
    rundir: ${folder}
    automatic-acl: off
log:
  - target: stderr
    any: info
database:
    storage: ${folder}
    journal-db-max-size: 64M
    timer-db-max-size: 16M
    kasp-db-max-size: 16M
key:
  - id: ${key.name}
    algorithm: ${key.algorithm}
    secret: ${secretText(key)}
remote:
  - id: primary
    address: ${socket.address.text}@${socket.port}
    key: ${key.name}
acl:
  - id: notify
    key: ${key.name}
    action: notify
  - id: transfer
    address: 127.0.0.0/8
    action: transfer
zone:
  - domain: ${zone}
    storage: ${folder}
    master: primary
    acl: [notify, transfer]
`;
}

function nsdConf({ folder, address, port }: Site, { socket, zone, key }: Upstream): string {
  return `
server:
  ip-address: ${address}@${port}
  port: ${port}
  username: ""
  zonesdir: "${folder}"
  database: ""
  pidfile: "${folder}/nsd.pid"
  xfrdfile: "${folder}/xfrd.state"
  zonelistfile: "${folder}/zone.list"
  xfrdir: "${folder}"
  server-count: 1
remote-control:
  control-enable: no
key:
  name: ${key.name}
  algorithm: ${key.algorithm}
  secret: "${secretText(key)}"
zone:
  name: ${zone}
  zonefile: ${zone}.zone
  request-xfr: ${socket.address.text}@${socket.port} ${key.name}
  allow-notify: ${socket.address.text} ${key.name}
  provide-xfr: 127.0.0.0/8 NOKEY
`;
}
