import { Command, Option } from 'clipanion';
import { parseTokenName } from '../../../../../domain/update-token.ts';
import type { UserName } from '../../../../../domain/user.ts';
import type { Management } from '../../../context.ts';
import { read } from '../../../options.ts';
import { quoted } from '../../../output.ts';
import { UserCommand } from '../user.command.ts';

export class ConfigureUsersTokenRmCommand extends UserCommand {
  static override paths = [['configure', 'users', 'token', 'rm']];

  static override usage = Command.Usage({
    category: 'Tokens',
    description: 'Remove a token',
    details: 'Its secret does not work any more. The password and other tokens stay as they are.',
    examples: [['Remove a token', '$0 configure users token rm alice camera']],
  });

  token = Option.String({ name: 'TOKEN' });

  protected override async work({ manageUsers }: Management, user: UserName) {
    const token = read('TOKEN', this.token, parseTokenName);
    switch (await manageUsers.removeToken(user, token)) {
      case 'removed':
        return this.done(`Removed the token ${quoted(token)} of ${quoted(user)}.`);
      case 'unknown-token':
        return this.refuse(
          `${quoted(user)} has no token ${quoted(token)}; dynonym configure users token list shows all`,
        );
      case 'unknown-user':
        return 'unknown-user';
    }
  }
}
