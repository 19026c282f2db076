import { Command, Option } from 'clipanion';
import type { ZoneArchive } from '../../../application/ports/zone-archive.ts';
import type { DomainName } from '../../../domain/domain-name.ts';
import { readOctets } from '../options.ts';
import { quoted } from '../output.ts';
import { ZoneCommand } from './zone.command.ts';

export class ZoneImportCommand extends ZoneCommand {
  static override paths = [['zone', 'import']];

  static override usage = Command.Usage({
    category: 'Name server',
    description: 'Replace the records of a zone of the built-in name server',
    details: `
      FILE is a master file (RFC 1035 section 5). Afterwards the zone holds exactly its records, and all others are
      gone. The serial is that of FILE if it is later than the present one, else the next one, so that secondaries
      follow.

      The server has to be stopped. All problems of FILE are reported together, each with its line. Then the zone
      stays as it is.

      The import also replaces damaged files of the zone. These stay beside the new ones, under other names, and
      the serial is later than any that can still be read in them.

      $INCLUDE reads a file relative to the one that has it. $GENERATE is not supported: named-compilezone writes
      its records out (see below). The zone is served unsigned, so RRSIG, NSEC, NSEC3 and NSEC3PARAM have to be
      removed. Data of LOC and of other types that are unknown here have to be written as octets (RFC 3597).
    `,
    examples: [
      ['Go back to a copy', '$0 zone import dyn.example.org dyn.example.org.zone'],
      [
        'Let BIND write out generated and included records, and its journal',
        'named-compilezone -j -k ignore -i local -o flat.zone dyn.example.org dyn.example.org.zone',
      ],
      ['Take a zone over from BIND', '$0 zone import dyn.example.org flat.zone'],
    ],
  });

  file = Option.String({ name: 'FILE' });

  protected override async work(archive: ZoneArchive, zone: DomainName): Promise<number> {
    const octets = await readOctets('FILE', this.file);
    const { serial, changed, warnings, setAside } = await archive.import(zone, octets, this.file);
    for (const warning of warnings) await this.hint(warning);
    for (const place of setAside) await this.hint(`What could not be read is kept as ${quoted(place)}.`);
    return this.done(
      changed
        ? `Imported ${quoted(this.file)} into ${zone}, which has the serial ${serial} now.`
        : `${zone} has these records already: its serial stays ${serial}.`,
    );
  }
}
