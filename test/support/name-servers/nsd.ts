import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toolPath } from '../tools.ts';
import type { Recipe } from './name-server.ts';
import { DYN_ZONE, writeZoneFiles } from './zones.ts';

/** Serves {@link DYN_ZONE} and takes no updates: what somebody sees who points dynonym at the wrong server. */
export const NSD: Recipe = {
  kind: 'nsd',
  tools: ['nsd', 'dig', 'nsupdate'],
  zones: [DYN_ZONE],
  async prepare({ folder, address, port }) {
    await writeZoneFiles(folder, [DYN_ZONE]);
    const configuration = join(folder, 'nsd.conf');
    await writeFile(
      configuration,
      `
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
zone:
  name: ${DYN_ZONE}
  zonefile: ${DYN_ZONE}.zone
`,
    );
    return [toolPath('nsd'), '-d', '-c', configuration];
  },
};
