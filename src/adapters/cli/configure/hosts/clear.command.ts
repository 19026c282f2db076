import { Command, Option } from 'clipanion';
import type { HostChange } from '../../../../domain/host-settings.ts';
import { HostCommand } from './host.command.ts';

export class ConfigureHostsClearCommand extends HostCommand {
  static override paths = [['configure', 'hosts', 'clear']];

  static override usage = Command.Usage({
    category: 'Hosts',
    description: 'Remove settings of a host',
    details: `
      Removes all settings of the host, or those whose options are given. The rights of users and the records in
      the DNS stay.
    `,
    examples: [
      ['Remove all settings', '$0 configure hosts clear nas.example.org'],
      ['Use the time to live of [dns] again', '$0 configure hosts clear nas.example.org --ttl'],
    ],
  });

  follows = Option.Boolean('--follows', false, { description: 'remove the name that it follows' });
  interfaceId = Option.Boolean('--interface-id', false, { description: 'remove its interface id' });
  prefixLength = Option.Boolean('--prefix-length', false, { description: 'remove its prefix length' });
  ttl = Option.Boolean('--ttl', false, { description: 'remove its own time to live' });
  offline = Option.Boolean('--offline', false, { description: 'clients may no longer remove its addresses' });
  expect = Option.Boolean('--expect', false, { description: 'remove its time until it is silent' });
  offlineAfter = Option.Boolean('--offline-after', false, {
    description: 'remove its time until its addresses are removed',
  });

  override async execute(): Promise<number> {
    const { hostName } = this;
    const change: HostChange = {
      ...(this.follows && { follows: undefined }),
      ...(this.interfaceId && { interfaceId: undefined }),
      ...(this.prefixLength && { prefixLength: undefined }),
      ...(this.ttl && { ttl: undefined }),
      ...(this.offline && { offline: false }),
      ...(this.expect && { expect: undefined }),
      ...(this.offlineAfter && { offlineAfter: undefined }),
    };
    if (Object.keys(change).length > 0) return this.change(hostName, change);

    const { manageHosts } = await this.open();
    switch (await manageHosts.clear(hostName)) {
      case 'cleared':
        return this.done(`Removed the settings of ${hostName}.`);
      case 'unknown-host':
        return this.done(`${hostName} has no settings.`);
    }
  }
}
