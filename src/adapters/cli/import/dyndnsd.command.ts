import { Command } from 'clipanion';
import type { Import } from '../context.ts';
import { ImportCommand, OF_ALL_SOURCES } from './import.command.ts';

export class ImportDyndnsdCommand extends ImportCommand {
  static override paths = [['import', 'dyndnsd']];

  static override usage = Command.Usage({
    category: 'Import',
    description: 'Take over the users of dyndnsd',
    details: `
      FILE is the YAML configuration of dyndnsd, the server written in Ruby. A user with a pattern (regex) in place of
      hosts gets no names, unless the pattern is that of one name: grant them with \`configure users auth\`.
${OF_ALL_SOURCES}
    `,
    examples: [
      ['See what would be done', '$0 import dyndnsd config.yml --dry-run'],
      ['Do it', '$0 import dyndnsd config.yml'],
    ],
  });

  protected override read({ readers }: Import, text: string) {
    return readers.dyndnsd(text);
  }
}
