import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DomainName } from '../../../src/domain/domain-name.ts';
import type { SocketAddress } from '../../../src/domain/socket-address.ts';
import { toolPath } from '../tools.ts';
import { NameServer, type NameServerOptions, type Recipe } from './name-server.ts';

/** The authoritative server that a resolver asks about some zones. */
export type Upstream = { readonly socket: SocketAddress; readonly zones: readonly DomainName[] };

/** A resolver: it answers for zones that are not its own, remembers answers, and takes no updates. */
export function unbound(upstream: Upstream): Recipe {
  return {
    kind: 'unbound',
    tools: ['unbound', 'dig', 'nsupdate'],
    zones: upstream.zones,
    async prepare({ folder, address, port }) {
      const configuration = join(folder, 'unbound.conf');
      await writeFile(
        configuration,
        `
server:
  interface: ${address}@${port}
  port: ${port}
  username: ""
  chroot: ""
  directory: "${folder}"
  pidfile: "${folder}/unbound.pid"
  use-syslog: no
  do-not-query-localhost: no
  access-control: 127.0.0.0/8 allow
  access-control: ::1 allow
  local-zone: "test." nodefault
  module-config: "iterator"
remote-control:
  control-enable: no
${upstream.zones.map((zone) => `stub-zone:\n  name: "${zone}"\n  stub-addr: ${upstream.socket.address.text}@${upstream.socket.port}`).join('\n')}
`,
      );
      return [toolPath('unbound'), '-d', '-c', configuration];
    },
  };
}

export async function startUnbound(
  upstream: Upstream,
  options?: Pick<NameServerOptions, 'address'>,
): Promise<NameServer> {
  return NameServer.start(unbound(upstream), options);
}
