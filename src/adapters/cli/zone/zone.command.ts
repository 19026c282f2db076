import { Option } from 'clipanion';
import type { ZoneArchive } from '../../../application/ports/zone-archive.ts';
import { type DomainName, parseDomainName } from '../../../domain/domain-name.ts';
import { BaseCommand } from '../base.command.ts';
import { read } from '../options.ts';
import { quoted } from '../output.ts';

/** What the commands about one zone of the built-in name server share. */
export abstract class ZoneCommand extends BaseCommand {
  zone = Option.String({ name: 'ZONE' });

  override async execute(): Promise<number> {
    const zone = read('ZONE', this.zone, parseDomainName);
    const archive = await this.context.openZones(this.configFile);
    if (archive?.zones.includes(zone)) return this.work(archive, zone);
    return this.refuse(
      `${quoted(this.configFile)} has no zone ${quoted(this.zone)}; dynonym zone list shows which there are`,
    );
  }

  /** Does what the command is for, with a zone of the configuration. */
  protected abstract work(archive: ZoneArchive, zone: DomainName): Promise<number>;

  protected notBegun(): Promise<number> {
    return this.refuse(
      `${this.zone} has no records yet: it begins when dynonym serve starts, or by dynonym zone import`,
    );
  }
}
