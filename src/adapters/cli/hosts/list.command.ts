import { Command, Option } from 'clipanion';
import type { ListedName } from '../../../application/history/list-names.ts';
import { BaseCommand } from '../base.command.ts';
import { quoted } from '../output.ts';
import { table } from '../table.ts';
import { addressText, dated, timeText } from './event-words.ts';

export class HostsListCommand extends BaseCommand {
  static override paths = [['hosts', 'list']];

  static override usage = Command.Usage({
    category: 'Hosts',
    description: 'Show the address and the state of each host, and when it was reported last',
    details: `
      One line for each granted name and for each host that follows another, those in trouble first: its state,
      its addresses as far as dynonym knows, the time of the last report, and the time of the last change.

      States: failed (the last report was not made), disagrees (a name server does not have the last change), silent
      (not reported for longer than expected), off (it has no addresses), waiting (the last change is not seen on all
      name servers yet), never (nobody has reported it), up to date. All times are UTC.

      The server may run meanwhile. What happened within the last second may be missing.
    `,
    examples: [
      ['Show all hosts', '$0 hosts list'],
      [
        'List the hosts that are silent',
        '$0 hosts list --json | jq -r \'.[] | select(.state == "silent") | .name\'',
      ],
    ],
  });

  json = Option.Boolean('--json', false, { description: 'print JSON, whose fields stay the same' });

  override async execute(): Promise<number> {
    const { listNames } = await this.context.openHistory(this.configFile);
    const names = await listNames.execute();
    if (this.json) return this.doneAsJson(names.map(asJson));
    if (names.length === 0) {
      await this.hint(`No names are granted in ${quoted(this.configFile)}.`);
      return 0;
    }
    const rows = names.map(({ name, state, summary }) => [
      name,
      state ?? 'never',
      addressText(summary?.addresses ?? {}),
      summary?.report === undefined ? '-' : timeText(summary.report.at),
      summary?.change === undefined ? '-' : timeText(summary.change.at),
    ]);
    return this.done(table([['NAME', 'STATE', 'ADDRESSES', 'LAST REPORT', 'LAST CHANGE'], ...rows]));
  }
}

/** Fields may be added, and are never changed. */
function asJson({ name, users, state, summary }: ListedName) {
  const { addresses, report, change, silent } = summary ?? {};
  return {
    name,
    users,
    state: state ?? 'never',
    ipv4: addresses?.ipv4 ?? [],
    ipv6: addresses?.ipv6 ?? [],
    lastReport: report === undefined ? null : dated(report),
    lastChange: change === undefined ? null : dated(change),
    silentSince: silent === undefined ? null : timeText(silent.since),
  };
}
