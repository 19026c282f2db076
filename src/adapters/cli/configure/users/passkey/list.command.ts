import { Command } from 'clipanion';
import type { UserName } from '../../../../../domain/user.ts';
import { dayOf } from '../../../../check-words/check-words.ts';
import type { Management } from '../../../context.ts';
import { quoted } from '../../../output.ts';
import { UserCommand } from '../user.command.ts';

export class ConfigureUsersPasskeyListCommand extends UserCommand {
  static override paths = [['configure', 'users', 'passkey', 'list']];

  static override usage = Command.Usage({
    category: 'Users',
    description: 'List the passkeys of a user',
    details: 'One line for each passkey: the day on which it was added, and its name.',
    examples: [['List the passkeys of a user', '$0 configure users passkey list alice']],
  });

  protected override async work({ users }: Management, name: UserName) {
    const user = await users.find(name);
    if (user === undefined) return 'unknown-user';
    const { passkeys = [] } = user;
    for (const { name, since } of passkeys) await this.print(`${dayOf(since)}  ${name}`);
    if (passkeys.length === 0) {
      await this.hint(`${quoted(name)} has no passkeys; users add them on the page of their account.`);
    }
    return 0;
  }
}
