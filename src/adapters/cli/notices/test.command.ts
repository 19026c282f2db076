import { Command, Option } from 'clipanion';
import { targetText } from '../../../domain/notice.ts';
import { BaseCommand } from '../base.command.ts';
import { quoted } from '../output.ts';

export class NoticesTestCommand extends BaseCommand {
  static override paths = [['notices', 'test']];

  static override usage = Command.Usage({
    category: 'Server',
    description: 'Send a test notice to each target of the configuration',
    details: `
      Sends one notice to each target of [[notices]], whatever its filters are, and prints a line for each. A
      mail is sent at once. May run beside the server.

      Exit code: 0 when all targets took the notice; 1 otherwise.
    `,
    examples: [
      ['Test all targets', '$0 notices test'],
      ['Test one of them', '$0 notices test --to mailto:alerts@example.org'],
    ],
  });

  to = Option.String('--to', {
    description: 'only the target with this `ADDRESS`, as the configuration or this command writes it',
  });

  override async execute(): Promise<number> {
    const testNotices = await this.context.openTestNotices(this.configFile);
    const tested = await testNotices.run(this.to);
    if (tested.length === 0) {
      return this.refuse(
        this.to === undefined
          ? `there are no [[notices]] in ${quoted(this.configFile)}`
          : `no [[notices]] in ${quoted(this.configFile)} go there; without --to, all targets are tested`,
      );
    }
    for (const { target, outcome } of tested) {
      const words = outcome.kind === 'taken' ? 'sent' : `not sent: ${outcome.reason}`;
      await this.print(`${targetText(target)}: ${words}`);
    }
    return tested.every(({ outcome }) => outcome.kind === 'taken') ? 0 : 1;
  }
}
