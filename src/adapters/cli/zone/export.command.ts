import { Command, Option } from 'clipanion';
import type { ZoneArchive } from '../../../application/ports/zone-archive.ts';
import type { DomainName } from '../../../domain/domain-name.ts';
import { writePieces } from '../options.ts';
import { write } from '../output.ts';
import { ZoneCommand } from './zone.command.ts';

export class ZoneExportCommand extends ZoneCommand {
  static override paths = [['zone', 'export']];

  static override usage = Command.Usage({
    category: 'Name server',
    description: 'Write a zone of the built-in name server as a master file',
    details: `
      Writes what BIND, Knot, NSD and people read (RFC 1035 section 5), to standard output or to FILE. A FILE
      that exists is replaced in one step: if the new one cannot be written to its end, the old one stays.

      The files of the zone are read as they are, so the server may run meanwhile; what it has acknowledged is
      all there.
    `,
    examples: [
      ['Keep a copy', '$0 zone export dyn.example.org dyn.example.org.zone'],
      [
        'Have it judged by BIND',
        '$0 zone export dyn.example.org | named-checkzone -i local dyn.example.org -',
      ],
    ],
  });

  file = Option.String({ name: 'FILE', required: false });

  protected override async work(archive: ZoneArchive, zone: DomainName): Promise<number> {
    const pieces = await archive.masterFile(zone);
    if (pieces === undefined) return this.notBegun();
    if (this.file === undefined) {
      for (const piece of pieces) await write(this.context.stdout, piece);
    } else {
      await writePieces('FILE', this.file, pieces);
    }
    return 0;
  }
}
