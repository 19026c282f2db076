import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TsigKey } from '../../../src/domain/tsig-key.ts';
import { toolPath } from '../tools.ts';
import { KEYS, keysWith, secretText } from './keys.ts';
import { NameServer, type NameServerOptions, type Recipe, type Site } from './name-server.ts';
import { POLICY_ZONE, PRIMARY_ZONES, writeZoneFiles } from './zones.ts';

export const BIND: Recipe = bind([]);

function bind(listeners: readonly TlsListener[]): Recipe {
  return {
    kind: 'bind',
    tools: ['named', 'dig', 'nsupdate'],
    zones: PRIMARY_ZONES,
    async prepare(site) {
      await mkdir(join(site.folder, 'keys'));
      await writeZoneFiles(site.folder, PRIMARY_ZONES);
      const configuration = join(site.folder, 'named.conf');
      await writeFile(configuration, namedConf(site, listeners));
      return [toolPath('named'), '-g', '-n', '2', '-c', configuration];
    },
  };
}

export async function startBind(options?: NameServerOptions): Promise<NameServer> {
  return NameServer.start(BIND, options);
}

/** A port on which BIND speaks DNS over TLS, and the files with what it proves itself with. */
export type TlsListener = {
  readonly port: number;
  readonly keyFile: string;
  readonly certificateFile: string;
};

/** BIND that speaks DNS over TLS too. */
export async function startBindWithTls(...listeners: readonly TlsListener[]): Promise<NameServer> {
  return NameServer.start(bind(listeners));
}

function namedConf({ folder, address, port, updateKeys }: Site, listeners: readonly TlsListener[]): string {
  const allowed =
    updateKeys.length === 0 ? '127.0.0.0/8; ::1;' : updateKeys.map(({ name }) => `key "${name}";`).join(' ');
  const [here, elsewhere] = address.includes(':')
    ? ['listen-on-v6', 'listen-on']
    : ['listen-on', 'listen-on-v6'];
  return `
${keysWith(updateKeys).map(keyClause).join('\n')}
${listeners.map((one) => `tls "${one.port}" { key-file "${one.keyFile}"; cert-file "${one.certificateFile}"; };`).join('\n')}
options {
  directory "${folder}"; pid-file none; lock-file none; session-keyfile "${folder}/session.key";
  managed-keys-directory "${folder}"; key-directory "${folder}/keys";
  ${here} port ${port} { ${address}; }; ${elsewhere} { none; };
  ${listeners.map((one) => `${here} port ${one.port} tls "${one.port}" { ${address}; };`).join('\n  ')}
  recursion no; dnssec-validation no; notify no; minimal-responses no-auth;
  allow-transfer { key "${KEYS.sha256.name}"; };
};
controls { };
${PRIMARY_ZONES.filter((zone) => zone !== POLICY_ZONE)
  .map((zone) => `zone "${zone}" { type primary; file "${zone}.zone"; allow-update { ${allowed} }; };`)
  .join('\n')}
zone "${POLICY_ZONE}" { type primary; file "${POLICY_ZONE}.zone"; update-policy {
  grant "${KEYS.limited.name}" name host1.${POLICY_ZONE}. A AAAA;
  grant "${KEYS.limited.name}" name host2.${POLICY_ZONE}. A AAAA;
  grant "${KEYS.limited.name}" name only4.${POLICY_ZONE}. A;
  ${updateKeys.map(({ name }) => `grant "${name}" zonesub ANY;`).join('\n  ')}
}; };
`;
}

function keyClause(key: TsigKey): string {
  return `key "${key.name}" { algorithm ${key.algorithm}; secret "${secretText(key)}"; };`;
}
