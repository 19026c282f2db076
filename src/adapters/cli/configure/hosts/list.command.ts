import { Command } from 'clipanion';
import { BaseCommand } from '../../base.command.ts';
import { quoted } from '../../output.ts';
import { hostLine } from './host-line.ts';

export class ConfigureHostsListCommand extends BaseCommand {
  static override paths = [['configure', 'hosts', 'list']];

  static override usage = Command.Usage({
    category: 'Hosts',
    description: 'List the settings of hosts',
    details: 'One line for each host with settings: its name, a colon, and its settings.',
    examples: [
      ['List all hosts', '$0 configure hosts list'],
      ['List the hosts that follow a name', '$0 configure hosts list | grep -wF follows=home.example.org'],
    ],
  });

  override async execute(): Promise<number> {
    const { hosts } = await this.open();
    let none = true;
    for await (const host of hosts.list()) {
      none = false;
      await this.print(hostLine(host));
    }
    if (none) await this.hint(`There are no settings of hosts in ${quoted(this.configFile)}.`);
    return 0;
  }
}
