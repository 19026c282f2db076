import { Command, Option } from 'clipanion';
import type { HostChange } from '../../../../domain/host-settings.ts';
import { HostCommand } from './host.command.ts';

export class ConfigureHostsClearCommand extends HostCommand {
  static override paths = [['configure', 'hosts', 'clear']];

  static override usage = Command.Usage({
    category: 'Hosts',
    description: 'Forget what is known of a host',
    details: `
      Everything, or what is named. Who may change the host is not touched, nor are its records in the DNS.
    `,
    examples: [
      ['Forget everything', '$0 configure hosts clear nas.example.org'],
      ['Use the general time to live again', '$0 configure hosts clear nas.example.org --ttl'],
    ],
  });

  follows = Option.Boolean('--follows', false, { description: 'forget whom it follows' });
  interfaceId = Option.Boolean('--interface-id', false, { description: 'forget its interface id' });
  prefixLength = Option.Boolean('--prefix-length', false, { description: 'forget its prefix length' });
  ttl = Option.Boolean('--ttl', false, { description: 'forget its own time to live' });
  offline = Option.Boolean('--offline', false, { description: 'clients may no longer remove its addresses' });

  override async execute(): Promise<number> {
    const { hostName } = this;
    const change: HostChange = {
      ...(this.follows && { follows: undefined }),
      ...(this.interfaceId && { interfaceId: undefined }),
      ...(this.prefixLength && { prefixLength: undefined }),
      ...(this.ttl && { ttl: undefined }),
      ...(this.offline && { offline: false }),
    };
    if (Object.keys(change).length > 0) return this.change(hostName, change);

    const { manageHosts } = await this.open();
    switch (await manageHosts.clear(hostName)) {
      case 'cleared':
        return this.done(`Forgot ${hostName}.`);
      case 'unknown-host':
        return this.done(`Nothing was known of ${hostName}.`);
    }
  }
}
