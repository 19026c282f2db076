import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toolPath } from '../tools.ts';
import { KEYS, keysWith, secretText } from './keys.ts';
import type { Recipe, Site } from './name-server.ts';
import { POLICY_ZONE, PRIMARY_ZONES, writeZoneFiles } from './zones.ts';

export const KNOT: Recipe = {
  kind: 'knot',
  tools: ['knotd', 'dig', 'nsupdate'],
  zones: PRIMARY_ZONES,
  async prepare(site) {
    await mkdir(join(site.folder, 'db'));
    await writeZoneFiles(site.folder, PRIMARY_ZONES);
    const configuration = join(site.folder, 'knot.conf');
    await writeFile(configuration, knotConf(site));
    return [toolPath('knotd'), '-c', configuration];
  },
};

function knotConf({ folder, address, port, updateKeys }: Site): string {
  return `
server:
    listen: ${address}@${port}
    rundir: ${folder}
    udp-workers: 2
    tcp-workers: 2
    background-workers: 2
    automatic-acl: off
log:
  - target: stderr
    any: info
database:
    storage: ${folder}/db
    journal-db-max-size: 256M
    timer-db-max-size: 16M
    kasp-db-max-size: 16M
key:
${keysWith(updateKeys)
  .map((key) => `  - id: ${key.name}\n    algorithm: ${key.algorithm}\n    secret: ${secretText(key)}`)
  .join('\n')}
acl:
  - id: update
    address: [127.0.0.0/8, "::1"]
    action: update
${updateKeys.length === 0 ? '' : `    key: [${updateKeys.map(({ name }) => name).join(', ')}]\n`}\
  - id: limited
    key: ${KEYS.limited.name}
    action: update
    update-type: [A, AAAA]
    update-owner: name
    update-owner-match: equal
    update-owner-name: [host1, host2]
  - id: limited4
    key: ${KEYS.limited.name}
    action: update
    update-type: A
    update-owner: name
    update-owner-match: equal
    update-owner-name: only4
  - id: transfer
    key: ${KEYS.sha256.name}
    action: transfer
template:
  - id: default
    storage: ${folder}
    file: "%s.zone"
    journal-content: changes
    zonefile-sync: -1
    zonefile-load: difference
    acl: [update, transfer]
zone:
${PRIMARY_ZONES.map((zone) => `  - domain: ${zone}${zone === POLICY_ZONE ? '\n    acl: [update, limited, limited4, transfer]' : ''}`).join('\n')}
`;
}
