import { Command, Option } from 'clipanion';
import { targetText } from '../../../domain/notice.ts';
import { parseUserName } from '../../../domain/user.ts';
import { BaseCommand } from '../base.command.ts';
import { readOptional } from '../options.ts';
import { quoted } from '../output.ts';

export class NoticesTestCommand extends BaseCommand {
  static override paths = [['notices', 'test']];

  static override usage = Command.Usage({
    category: 'Server',
    description: 'Send a test notice to each target of the configuration',
    details: `
      Sends one notice to each target of [[notices]], whatever its filters are, and prints a line for each. A
      mail is sent at once. With --user, it goes to the targets of that user instead, and to none that is not
      confirmed. May run beside the server.

      Exit code: 0 when all targets took the notice; 1 otherwise.
    `,
    examples: [
      ['Test all targets', '$0 notices test'],
      ['Test those of a user', '$0 notices test --user alice'],
      ['Test one of them', '$0 notices test --to mailto:alerts@example.org'],
    ],
  });

  to = Option.String('--to', {
    description: 'only the target with this `ADDRESS`, as the configuration or this command writes it',
  });

  user = Option.String('--user', { description: 'the targets of this `USER`' });

  override async execute(): Promise<number> {
    const testNotices = await this.context.openTestNotices(this.configFile);
    const user = readOptional('--user', this.user, parseUserName);
    const tested = await testNotices.run(this.to, user);
    if (tested === 'unknown-user') return this.refuse(`there is no user ${quoted(this.user ?? '')}`);
    if (tested.length === 0) {
      const which =
        user === undefined ? `[[notices]] in ${quoted(this.configFile)}` : `notices of ${quoted(user)}`;
      return this.refuse(
        this.to === undefined
          ? `there are no ${which}`
          : `no ${which} go there; without --to, all targets are tested`,
      );
    }
    for (const { target, outcome } of tested) {
      const words = outcome.kind === 'taken' ? 'sent' : `not sent: ${outcome.reason}`;
      await this.print(`${targetText(target)}: ${words}`);
    }
    return tested.every(({ outcome }) => outcome.kind === 'taken') ? 0 : 1;
  }
}
