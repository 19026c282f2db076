import { Command, Option } from 'clipanion';
import type { ZoneArchive } from '../../../application/ports/zone-archive.ts';
import type { DomainName } from '../../../domain/domain-name.ts';
import { writePieces } from '../options.ts';
import { quoted, write } from '../output.ts';
import { ZoneCommand } from './zone.command.ts';

export class ZoneExportCommand extends ZoneCommand {
  static override paths = [['zone', 'export']];

  static override usage = Command.Usage({
    category: 'Name server',
    description: 'Write a zone of the built-in name server as a master file',
    details: `
      Writes a master file (RFC 1035 section 5), which BIND, Knot and NSD can read, to standard output or to FILE.
      An existing FILE is replaced in one step. When the new one cannot be written wholly, the old one stays.

      The server may run meanwhile. Everything that it has acknowledged is in the output.
    `,
    examples: [
      ['Keep a copy', '$0 zone export dyn.example.org dyn.example.org.zone'],
      ['Let BIND check it', '$0 zone export dyn.example.org | named-checkzone -i local dyn.example.org -'],
    ],
  });

  file = Option.String({ name: 'FILE', required: false });

  protected override async work(archive: ZoneArchive, zone: DomainName): Promise<number> {
    const copy = await archive.masterFile(zone);
    if (copy === undefined) return this.notBegun();
    const { serial, records, pieces } = copy;
    const what = `Wrote ${records} ${records === 1 ? 'record' : 'records'}, serial ${serial}, to`;
    if (this.file !== undefined) {
      await writePieces('FILE', this.file, pieces);
      return this.done(`${what} ${quoted(this.file)}.`);
    }
    for (const piece of pieces) await write(this.context.stdout, piece);
    await this.hint(`${what} standard output.`);
    return 0;
  }
}
