import { Command, Option } from 'clipanion';
import { parseDomainName } from '../../../../domain/domain-name.ts';
import { BaseCommand } from '../../base.command.ts';
import { read } from '../../options.ts';
import { quoted } from '../../output.ts';

export class ConfigureNameserverRmCommand extends BaseCommand {
  static override paths = [['configure', 'nameserver', 'rm']];

  static override usage = Command.Usage({
    category: 'Name server',
    description: 'Remove a zone from the built-in name server',
    details: `
      The rights and secondaries of the zone are removed too, and with the last zone the section [nameserver]. The
      files of the zone stay in their folder. A running server serves the zone until it is restarted.
    `,
    examples: [['Remove a zone', '$0 configure nameserver rm dyn.example.org']],
  });

  zone = Option.String({ name: 'ZONE' });

  override async execute(): Promise<number> {
    const zone = read('ZONE', this.zone, parseDomainName);
    const [name, file] = [quoted(zone), quoted(this.configFile)];
    const { configure } = await this.open();
    switch (await configure.removeZone(zone)) {
      case 'removed':
        return this.done(`Removed the zone ${name} from [nameserver] in ${file}. Its files are left.`);
      case 'removed-last':
        return this.done(
          `Removed the zone ${name}, and [nameserver] from ${file}: it was the last. Its files are left.`,
        );
      case 'unknown-zone':
        return this.refuse(`${file} has no zone ${name}; dynonym zone list shows which there are`);
    }
  }
}
