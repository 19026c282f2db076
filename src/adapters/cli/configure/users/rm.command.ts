import { Command } from 'clipanion';
import type { UserName } from '../../../../domain/user.ts';
import type { Management } from '../../context.ts';
import { quoted } from '../../output.ts';
import { UserCommand } from './user.command.ts';

export class ConfigureUsersRmCommand extends UserCommand {
  static override paths = [['configure', 'users', 'rm']];

  static override usage = Command.Usage({
    category: 'Users',
    description: 'Remove a user',
    details:
      'The password, the granted names and the tokens of the user are removed too. Records in the DNS stay.',
    examples: [['Remove a user', '$0 configure users rm alice']],
  });

  protected override async work({ manageUsers }: Management, user: UserName) {
    const outcome = await manageUsers.remove(user);
    return outcome === 'unknown-user' ? outcome : this.done(`Removed ${quoted(user)}.`);
  }
}
