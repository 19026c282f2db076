import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TsigKey } from '../../../src/domain/tsig-key.ts';
import { toolPath } from '../tools.ts';
import { KEYS, keysWith, secretText } from './keys.ts';
import { NameServer, type NameServerOptions, type Recipe, type Site } from './name-server.ts';
import { POLICY_ZONE, PRIMARY_ZONES, writeZoneFiles } from './zones.ts';

export const BIND: Recipe = {
  kind: 'bind',
  tools: ['named', 'dig', 'nsupdate'],
  zones: PRIMARY_ZONES,
  async prepare(site) {
    await mkdir(join(site.folder, 'keys'));
    await writeZoneFiles(site.folder, PRIMARY_ZONES);
    const configuration = join(site.folder, 'named.conf');
    await writeFile(configuration, namedConf(site));
    return [toolPath('named'), '-g', '-n', '2', '-c', configuration];
  },
};

export async function startBind(options?: NameServerOptions): Promise<NameServer> {
  return NameServer.start(BIND, options);
}

function namedConf({ folder, address, port, updateKeys }: Site): string {
  const allowed =
    updateKeys.length === 0 ? '127.0.0.0/8; ::1;' : updateKeys.map(({ name }) => `key "${name}";`).join(' ');
  const [here, elsewhere] = address.includes(':')
    ? ['listen-on-v6', 'listen-on']
    : ['listen-on', 'listen-on-v6'];
  return `
${keysWith(updateKeys).map(keyClause).join('\n')}
options {
  directory "${folder}"; pid-file none; lock-file none; session-keyfile "${folder}/session.key";
  managed-keys-directory "${folder}"; key-directory "${folder}/keys";
  ${here} port ${port} { ${address}; }; ${elsewhere} { none; };
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
