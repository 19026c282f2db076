import { Command } from 'clipanion';
import type { Import } from '../context.ts';
import { ImportCommand, OF_ALL_SOURCES } from './import.command.ts';

export class ImportNsupdateInfoCommand extends ImportCommand {
  static override paths = [['import', 'nsupdate.info']];

  static override usage = Command.Usage({
    category: 'Import',
    description: 'Take over the users and hosts of nsupdate.info',
    details: `
      FILE is a dump of its database, in JSON. Each host becomes a user of that name with its update secret, so routers
      keep their settings. Each owner becomes a user who may change all hosts of that owner. Related hosts follow
      their host.
${OF_ALL_SOURCES}
    `,
    examples: [
      [
        'Dump the database, on the server of nsupdate.info',
        'python manage.py dumpdata auth.user main > dump.json',
      ],
      ['See what would be done', '$0 import nsupdate.info dump.json --dry-run'],
      ['Do it', '$0 import nsupdate.info dump.json --tokens tokens.txt'],
    ],
  });

  protected override read({ readers }: Import, text: string) {
    return readers.nsupdateInfo(text);
  }
}
