import { Command } from 'clipanion';
import type { UserName } from '../../../../domain/user.ts';
import type { Management } from '../../context.ts';
import { quoted } from '../../output.ts';
import { readNewPassword } from '../../password-prompt.ts';
import { shellArgument } from '../../shell-word.ts';
import { UserCommand } from './user.command.ts';

export class ConfigureUsersAddCommand extends UserCommand {
  static override paths = [['configure', 'users', 'add']];

  static override usage = Command.Usage({
    category: 'Users',
    description: 'Add a user',
    details: `
      On a terminal, the password is asked for twice and not shown. Otherwise it is the first line of standard
      input. A password has 1 to 1024 bytes and no control characters. Only its hash is stored.

      A new user may not change any name. Grant names with \`dynonym configure users auth\`.
    `,
    examples: [
      ['Add a user and type the password', '$0 configure users add alice'],
      ['Add a user from a script', '$0 configure users add alice < password.txt'],
    ],
  });

  protected override async work({ manageUsers, users }: Management, user: UserName): Promise<number> {
    const exists =
      `there is a user ${quoted(user)} in ${quoted(this.configFile)}; ` +
      'dynonym configure users pw changes a password';
    // Asked first, so that no password is typed in vain.
    if ((await users.find(user)) !== undefined) return this.refuse(exists);
    const password = await readNewPassword(this.context, user);
    if (!password.ok) return this.refuse(`${password.reason}; nobody was added`);
    if ((await manageUsers.add(user, password.value)) === 'exists') return this.refuse(exists);
    const next = this.advise(`Next: dynonym configure users auth ${shellArgument(user)} DOMAIN`);
    return this.done(`Added ${quoted(user)}. ${next}`);
  }
}
