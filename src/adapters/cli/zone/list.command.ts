import { Command } from 'clipanion';
import { BaseCommand } from '../base.command.ts';
import { quoted } from '../output.ts';

export class ZoneListCommand extends BaseCommand {
  static override paths = [['zone', 'list']];

  static override usage = Command.Usage({
    category: 'Name server',
    description: 'List the zones of the built-in name server',
    details: `
      One line for each zone of the configuration: its name, its serial and the number of its records. Problems of
      the files of a zone go to standard error, with file and line.

      The server may run meanwhile.
    `,
    examples: [['List all zones', '$0 zone list']],
  });

  override async execute(): Promise<number> {
    const archive = await this.context.openZones(this.configFile);
    const zones = (await archive?.list()) ?? [];
    if (zones.length === 0) await this.hint(`${quoted(this.configFile)} has no zones in [nameserver].`);
    let code = 0;
    for (const zone of zones) {
      switch (zone.kind) {
        case 'kept':
          await this.print(`${zone.name} serial ${zone.serial} records ${zone.records}`);
          break;
        case 'not-begun':
          await this.print(`${zone.name} not begun`);
          break;
        case 'unreadable':
          code = await this.refuse(zone.fault.message);
      }
    }
    return code;
  }
}
