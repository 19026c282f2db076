import { Command, Option, UsageError } from 'clipanion';
import type { NewZone } from '../../../../application/ports/settings-store.ts';
import { type DomainName, isAtOrBelow, parseDomainName, parseZone } from '../../../../domain/domain-name.ts';
import { addTo } from '../../../../domain/grouped.ts';
import { type IpAddress, parseIpAddress } from '../../../../domain/ip-address.ts';
import { parseSocketAddress } from '../../../../domain/socket-address.ts';
import { parseMailbox } from '../../../dns-wire/mailbox.ts';
import { BaseCommand } from '../../base.command.ts';
import { given, read, readOptional } from '../../options.ts';
import { quoted } from '../../output.ts';

export class ConfigureNameserverAddCommand extends BaseCommand {
  static override paths = [['configure', 'nameserver', 'add']];

  static override usage = Command.Usage({
    category: 'Name server',
    description: 'Add a zone to the built-in name server',
    details: `
      The zone begins with the name servers of \`--ns\`, the primary first. A name server whose name lies in the
      zone needs an \`--address\`. After the restart that serves the zone, its files hold its records, and these
      options have no effect on them any more.

      Addresses that clients report go into the zones when the configuration has no section [dns]. A default
      configuration has one; \`--take-updates\` removes it if all its values are defaults.

      Without \`--socket\`, the first zone is served at [::]:53, which is all addresses, IPv6 and IPv4. Sockets and
      the folder are for all zones, and replace those that were set before.
    `,
    examples: [
      [
        'Add a zone, and let addresses that clients report go into it',
        '$0 configure nameserver add dyn.example.org --ns ns1.dyn.example.org --address ns1.dyn.example.org=192.0.2.1 --take-updates',
      ],
      [
        'Add a zone, with a second name server elsewhere',
        '$0 configure nameserver add dyn.example.org --ns ns1.example.org --ns ns2.example.net --socket 192.0.2.1:53',
      ],
    ],
  });

  zone = Option.String({ name: 'ZONE' });
  ns = Option.Array('--ns', { description: 'the `NAME` of a name server of the zone; may be repeated' });
  addresses = Option.Array('--address', {
    description: 'an address of a name server, as `NAME=ADDRESS`; may be repeated',
  });
  hostmaster = Option.String('--hostmaster', {
    description: 'the `MAILBOX` of the operator of the zone (default: hostmaster@ZONE)',
  });
  sockets = Option.Array('--socket', {
    description: 'an `ADDRESS:PORT` where DNS is served; may be repeated',
  });
  data = Option.String('--data', { description: 'the `FOLDER` of the zone files (default: zones)' });
  takeUpdates = Option.Boolean('--take-updates', false, {
    description: 'let updates go into the zones: remove [dns] if all its values are defaults',
  });

  override async execute(): Promise<number> {
    const zone = this.#newZone();
    const common = given({
      sockets: this.sockets?.map((socket) => read('--socket', socket, parseSocketAddress)),
      data: this.data,
    });
    const [name, file] = [quoted(zone.name), quoted(this.configFile)];
    const { configure } = await this.open();
    const outcome = await configure.addZone(zone, { ...common, takeUpdates: this.takeUpdates });
    switch (outcome.kind) {
      case 'added':
        if (!outcome.takesUpdates) {
          await this.hint(
            'Updates of clients go to the name server of [dns], as long as that section is there: ' +
              'remove it, and they go into the zones of [nameserver].',
          );
        }
        return this.done(`Added the zone ${name} to [nameserver] in ${file}.`);
      case 'exists':
        return this.refuse(`${file} has the zone ${name} already; change it there`);
      case 'primary-in-use':
        return this.refuse(
          `[dns] in ${file} is not as a default configuration has it; ` +
            'remove it by hand if updates shall go into the zones, or leave --take-updates out',
        );
    }
  }

  #newZone(): NewZone {
    const name = read('ZONE', this.zone, parseZone);
    if (this.ns === undefined) throw new UsageError('--ns is needed: the name of a name server of the zone');
    const addresses = this.#addressesByServer();
    const servers = [...new Set(this.ns.map((server) => read('--ns', server, parseDomainName)))];
    for (const server of addresses.keys()) {
      if (!servers.includes(server)) throw new UsageError(`--address ${server}: no --ns has this name`);
    }
    for (const server of servers) {
      if (isAtOrBelow(server, name) && !addresses.has(server)) {
        throw new UsageError(
          `--ns ${server}: it lies in the zone and needs --address ${server}=ADDRESS, or nobody finds it`,
        );
      }
    }
    return {
      name,
      servers: servers.map((server) => ({ name: server, addresses: addresses.get(server) ?? [] })),
      ...given({ hostmaster: readOptional('--hostmaster', this.hostmaster, parseMailbox) }),
    };
  }

  #addressesByServer(): ReadonlyMap<DomainName, readonly IpAddress[]> {
    const byServer = new Map<DomainName, IpAddress[]>();
    for (const text of this.addresses ?? []) {
      const [, written, address] = /^([^=]+)=(.+)$/.exec(text) ?? [];
      if (written === undefined || address === undefined) {
        throw new UsageError(`--address ${quoted(text)}: it is written like ns1.example.org=192.0.2.1`);
      }
      const server = read('--address', written, parseDomainName);
      addTo(byServer, server, read('--address', address, parseIpAddress));
    }
    return byServer;
  }
}
