import { Command, Option, UsageError } from 'clipanion';
import { parseAccountZone } from '../../../domain/challenge-name.ts';
import type { Import } from '../context.ts';
import { readOptional } from '../options.ts';
import { ImportCommand, OF_ALL_SOURCES } from './import.command.ts';

export class ImportAcmeDnsCommand extends ImportCommand {
  static override paths = [['import', 'acme-dns']];

  static override usage = Command.Usage({
    category: 'Import',
    description: 'Take over the accounts of acme-dns',
    details: `
      FILE is what sqlite3 prints of its table of accounts. Each account keeps its user name, its password, its
      subdomain and its networks, so clients keep their files. The zone is the domain of acme-dns, and the primary
      has to serve it.
${OF_ALL_SOURCES}
    `,
    examples: [
      [
        'Print the accounts, on the server of acme-dns',
        "sqlite3 -json acme-dns.db 'select * from records' > records.json",
      ],
      ['See what would be done', '$0 import acme-dns records.json --zone auth.example.org --dry-run'],
      ['Do it', '$0 import acme-dns records.json --zone auth.example.org'],
    ],
  });

  zone = Option.String('--zone', {
    description: 'the `DOMAIN` of acme-dns (default: zone of [acme] in the configuration)',
  });

  protected override async read({ readers, accountZone }: Import, text: string) {
    const zone = readOptional('--zone', this.zone, parseAccountZone) ?? (await accountZone());
    if (zone === undefined) {
      throw new UsageError('say with --zone which domain acme-dns has: "domain" in its section [general]');
    }
    return readers.acmeDns(text, zone);
  }
}
