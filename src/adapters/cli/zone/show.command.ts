import { Command, Option } from 'clipanion';
import type { ZoneArchive } from '../../../application/ports/zone-archive.ts';
import { type DomainName, isAtOrBelow, parseDomainName } from '../../../domain/domain-name.ts';
import { readOptional } from '../options.ts';
import { ZoneCommand } from './zone.command.ts';

export class ZoneShowCommand extends ZoneCommand {
  static override paths = [['zone', 'show']];

  static override usage = Command.Usage({
    category: 'Name server',
    description: 'Show the records of a zone of the built-in name server',
    details: `
      One line for each record: name, time to live, class, type and data. All names are written in full. With NAME,
      only the records of that name. When there are none, the exit code is 1.

      The server may run meanwhile.
    `,
    examples: [
      ['Show a whole zone', '$0 zone show dyn.example.org'],
      ['Show one name', '$0 zone show dyn.example.org home.dyn.example.org'],
    ],
  });

  name = Option.String({ name: 'NAME', required: false });

  protected override async work(archive: ZoneArchive, zone: DomainName): Promise<number> {
    const name = readOptional('NAME', this.name, parseDomainName);
    if (name !== undefined && !isAtOrBelow(name, zone)) return this.refuse(`${name} is no name of ${zone}`);
    const lines = await archive.recordLines(zone, name);
    if (lines === undefined) return this.notBegun();
    if (lines.length === 0) return this.refuse(`${name ?? zone} has no records`);
    return this.done(lines.join('\n'));
  }
}
