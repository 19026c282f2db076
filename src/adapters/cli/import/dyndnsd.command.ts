import { Command, Option } from 'clipanion';
import type { Import } from '../context.ts';
import { readOctets } from '../options.ts';
import { ImportCommand, OF_ALL_SOURCES } from './import.command.ts';

export class ImportDyndnsdCommand extends ImportCommand {
  static override paths = [['import', 'dyndnsd']];

  static override usage = Command.Usage({
    category: 'Import',
    description: 'Take over the users of dyndnsd',
    details: `
      FILE is the YAML configuration of dyndnsd, the server written in Ruby. A user with a pattern (regex) in place of
      hosts gets the names that match it and are in the database (\`db:\` in FILE).
${OF_ALL_SOURCES}
    `,
    examples: [
      ['See what would be done', '$0 import dyndnsd config.yml --dry-run'],
      ['Do it, for users with a pattern too', '$0 import dyndnsd config.yml --database db.json'],
    ],
  });

  database = Option.String('--database', { description: 'the JSON database of dyndnsd, a `FILE`' });

  protected override async read({ readers }: Import, text: string) {
    const { database } = this;
    const known = database === undefined ? undefined : await readOctets('--database', database);
    return readers.dyndnsd(text, known?.toString('utf8'));
  }
}
