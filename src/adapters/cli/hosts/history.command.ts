import { Command, Option } from 'clipanion';
import { parseDomainName } from '../../../domain/domain-name.ts';
import { BaseCommand } from '../base.command.ts';
import { read } from '../options.ts';
import { quoted } from '../output.ts';
import { table } from '../table.ts';
import { dated, timeText, wordsOf } from './event-words.ts';

/** More than any history keeps. */
const ALL = 1_000_000;

export class HostsHistoryCommand extends BaseCommand {
  static override paths = [['hosts', 'history']];

  static override usage = Command.Usage({
    category: 'Hosts',
    description: 'Show what happened to a host, the latest first',
    details: `
      One line for each event that the history keeps: reports with who sent them, from where, by which program and
      with which outcome; changes of the DNS; silence. Reports that say the same in a row are one line, with the
      time of the last one. All times are UTC.

      The server may run meanwhile. What happened within the last second may be missing.
    `,
    examples: [
      ['Show all that is known of a host', '$0 hosts history home.example.org'],
      ['The same for a script', '$0 hosts history home.example.org --json'],
    ],
  });

  host = Option.String({ name: 'HOST' });
  json = Option.Boolean('--json', false, { description: 'print JSON, whose fields stay the same' });

  override async execute(): Promise<number> {
    const name = read('HOST', this.host, parseDomainName);
    const { history } = await this.context.openHistory(this.configFile);
    const events = await history.ofName(name, ALL);
    if (this.json) return this.doneAsJson(events.map(dated));
    if (events.length === 0) return this.refuse(`nothing is known of ${quoted(name)}`);
    return this.done(table(events.map((event) => [timeText(event.at), wordsOf(event)])));
  }
}
