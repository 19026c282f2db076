import { Command } from 'clipanion';
import type { Import } from '../context.ts';
import { ImportCommand, OF_ALL_SOURCES } from './import.command.ts';

export class ImportDdclientCommand extends ImportCommand {
  static override paths = [['import', 'ddclient']];

  static override usage = Command.Usage({
    category: 'Import',
    description: 'Take over the logins and hosts of a configuration of ddclient',
    details: `
      FILE is /etc/ddclient.conf. Each login becomes a user with that password, who may change its hosts. After that,
      ddclient needs one change: the address of dynonym as its server.
${OF_ALL_SOURCES}
    `,
    examples: [
      ['See what would be done', '$0 import ddclient ddclient.conf --dry-run'],
      ['Do it', '$0 import ddclient ddclient.conf'],
    ],
  });

  protected override read({ readers }: Import, text: string) {
    return readers.ddclient(text);
  }
}
