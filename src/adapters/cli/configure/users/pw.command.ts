import { Command } from 'clipanion';
import type { UserName } from '../../../../domain/user.ts';
import type { Management } from '../../context.ts';
import { quoted } from '../../output.ts';
import { readNewPassword } from '../../password-prompt.ts';
import { UserCommand } from './user.command.ts';

export class ConfigureUsersPwCommand extends UserCommand {
  static override paths = [['configure', 'users', 'pw']];

  static override usage = Command.Usage({
    category: 'Users',
    description: 'Change the password of a user',
    details: `
      On a terminal, the password is asked for twice and not shown. Otherwise it is the first line of standard
      input. A password has 1 to 1024 bytes and no control characters. Only its hash is stored.

      Granted names and tokens stay as they are.
    `,
    examples: [
      ['Type the new password', '$0 configure users pw alice'],
      [
        'Set a random password and show it',
        'openssl rand -base64 18 | tee /dev/stderr | $0 configure users pw alice',
      ],
    ],
  });

  protected override async work({ manageUsers, users }: Management, user: UserName) {
    if ((await users.find(user)) === undefined) return 'unknown-user';
    const password = await readNewPassword(this.context, user);
    if (!password.ok) return this.refuse(`${password.reason}; the password was not changed`);
    const outcome = await manageUsers.changePassword(user, password.value);
    return outcome === 'changed' ? this.done(`Changed the password of ${quoted(user)}.`) : outcome;
  }
}
