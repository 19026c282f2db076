import { Command, Option } from 'clipanion';
import { parseTokenName } from '../../../../../domain/update-token.ts';
import { read } from '../../../options.ts';
import { quoted } from '../../../output.ts';
import { UserCommand } from '../user.command.ts';

export class ConfigureUsersTokenRmCommand extends UserCommand {
  static override paths = [['configure', 'users', 'token', 'rm']];

  static override usage = Command.Usage({
    category: 'Tokens',
    description: 'Take a token back',
    details: 'Its secret opens nothing any more. The password and other tokens stay as they are.',
    examples: [['Take a token back', '$0 configure users token rm alice camera']],
  });

  token = Option.String({ name: 'TOKEN' });

  override async execute(): Promise<number> {
    const { userName } = this;
    const token = read('TOKEN', this.token, parseTokenName);
    const { manageUsers } = await this.open();
    switch (await manageUsers.removeToken(userName, token)) {
      case 'removed':
        return this.done(`Removed the token ${quoted(token)} of ${quoted(userName)}.`);
      case 'unknown-token':
        return this.refuse(
          `${quoted(userName)} has no token ${quoted(token)}; dynonym configure users token list shows all`,
        );
      case 'unknown-user':
        return this.unknownUser();
    }
  }
}
