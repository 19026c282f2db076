import { Command } from 'clipanion';
import type { Import } from '../context.ts';
import { ImportCommand, OF_ALL_SOURCES } from './import.command.ts';

export class ImportCsvCommand extends ImportCommand {
  static override paths = [['import', 'csv']];

  static override usage = Command.Usage({
    category: 'Import',
    description: 'Take over users from a table',
    details: `
      FILE is a table with commas (RFC 4180). Its first line names the columns that it has: user, password, hash,
      names. A hash is one of argon2 or bcrypt. Names are separated by spaces or semicolons. A user with neither
      password nor hash gets a token.
${OF_ALL_SOURCES}
    `,
    examples: [
      ['See what would be done', '$0 import csv users.csv --dry-run'],
      ['Do it', '$0 import csv users.csv --tokens tokens.txt'],
    ],
  });

  protected override read({ readers }: Import, text: string) {
    return readers.csv(text);
  }
}
