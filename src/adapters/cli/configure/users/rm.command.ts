import { Command } from 'clipanion';
import { quoted } from '../../output.ts';
import { UserCommand } from './user.command.ts';

export class ConfigureUsersRmCommand extends UserCommand {
  static override paths = [['configure', 'users', 'rm']];

  static override usage = Command.Usage({
    category: 'Users',
    description: 'Remove a user',
    details: 'The password, the rights and the tokens of the user go too. Records in the DNS stay.',
    examples: [['Remove a user', '$0 configure users rm alice']],
  });

  override async execute(): Promise<number> {
    const { userName } = this;
    const { manageUsers } = await this.open();
    switch (await manageUsers.remove(userName)) {
      case 'removed':
        return this.done(`Removed ${quoted(userName)}.`);
      case 'unknown-user':
        return this.unknownUser();
    }
  }
}
