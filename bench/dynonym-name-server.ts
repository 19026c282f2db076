import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../test/support/free-port.ts';
import type { Recipe } from '../test/support/name-servers/name-server.ts';
import { DYN_ZONE, writeZoneFiles } from '../test/support/name-servers/zones.ts';
import { KEY } from './primary.ts';
import type { Program } from './servers.ts';

/** The name server that is built into dynonym, as an operator runs it, with the zone that the others serve too. */
export function dynonymNameServer([command, ...args]: Program): Recipe {
  if (command === undefined) throw new TypeError('a program has a command');
  return {
    kind: 'dynonym',
    tools: ['dig'],
    zones: [DYN_ZONE],
    async prepare({ folder, address, port }) {
      const data = join(folder, 'zones');
      await mkdir(data);
      await writeZoneFiles(data, [DYN_ZONE]);
      const configuration = join(folder, 'dynonym.toml');
      const toml = tomlOf(await freePort(), `${address}:${port}`);
      await writeFile(configuration, toml, { mode: 0o600 });
      const lock = join(folder, 'dynonym.lock');
      return [command, ...args, 'serve', '--config', configuration, '--lock', lock];
    },
  };
}

const tomlOf = (httpPort: number, socket: string): string => `[http]
socket = "127.0.0.1:${httpPort}"

[nameserver]
sockets = ["${socket}"]
data = "zones"

[[nameserver.keys]]
name = "${KEY.name}"
algorithm = "${KEY.algorithm}"
secret = "${KEY.secret}"

[[nameserver.zones]]
name = "${DYN_ZONE}"
ns = ["ns1.${DYN_ZONE}"]
glue = { "ns1.${DYN_ZONE}" = ["127.0.0.1"] }

[[nameserver.zones.updates]]
key = "${KEY.name}"

[[nameserver.zones.transfer]]
key = "${KEY.name}"
`;
