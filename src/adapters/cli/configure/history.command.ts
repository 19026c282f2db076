import { Command, Option } from 'clipanion';
import { BaseCommand } from '../base.command.ts';
import { dated, deedWords, timeText } from '../hosts/event-words.ts';
import { table } from '../table.ts';

/** More than are kept. */
const ALL = 1_000_000;

export class ConfigureHistoryCommand extends BaseCommand {
  static override paths = [['configure', 'history']];

  static override usage = Command.Usage({
    category: 'Configuration',
    description: 'Show who changed users, hosts and settings, the latest first',
    details: `
      One line for each of the last 1000 changes: when, who (the user of the system), by which way, what, and whose.
      Values are not shown, because they may be secrets. A file that was edited by hand is not noticed. All times
      are UTC.
    `,
    examples: [
      ['Show the changes', '$0 configure history'],
      ['Find out who granted a name', '$0 configure history | grep -F home.example.org'],
    ],
  });

  json = Option.Boolean('--json', false, { description: 'print JSON, whose fields stay the same' });

  override async execute(): Promise<number> {
    const { managementHistory } = await this.open();
    const deeds = await managementHistory.last(ALL);
    if (this.json) return this.doneAsJson(deeds.map(dated));
    if (deeds.length === 0) return this.done('No changes are known.');
    return this.done(table(deeds.map((deed) => [timeText(deed.at), deed.by, deed.way, deedWords(deed)])));
  }
}
