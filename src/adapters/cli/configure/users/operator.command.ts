import { Command, Option } from 'clipanion';
import type { UserName } from '../../../../domain/user.ts';
import type { Management } from '../../context.ts';
import { quoted } from '../../output.ts';
import { UserCommand } from './user.command.ts';

export class ConfigureUsersOperatorCommand extends UserCommand {
  static override paths = [['configure', 'users', 'operator']];

  static override usage = Command.Usage({
    category: 'Users',
    description: 'Make a user an operator of the pages',
    details: `
      An operator sees all users, names and name servers on the pages, invites people, grants names and removes
      users. Tokens of an operator may not do that, except tokens
      that were made with \`--api operate\`. Without \`[web]\` there are no pages, and the setting has no
      effect.
    `,
    examples: [
      ['Make a user an operator', '$0 configure users operator alice'],
      ['Take the right away', '$0 configure users operator alice --off'],
    ],
  });

  off = Option.Boolean('--off', false, { description: 'the user is no operator any more' });

  protected override async work({ manageUsers }: Management, user: UserName) {
    if ((await manageUsers.setRights(user, { admin: !this.off })) === 'unknown-user') return 'unknown-user';
    return this.done(`${quoted(user)} ${this.off ? 'is no operator any more' : 'is an operator'}.`);
  }
}
