import { Command } from 'clipanion';
import { quoted } from '../../output.ts';
import { readNewPassword } from '../../password-prompt.ts';
import { UserCommand } from './user.command.ts';

export class ConfigureUsersPwCommand extends UserCommand {
  static override paths = [['configure', 'users', 'pw']];

  static override usage = Command.Usage({
    category: 'Users',
    description: 'Change the password of a user',
    details: `
      On a terminal the password is asked for twice and not shown. Otherwise it is the first line of standard
      input. A password is not empty, has at most 1024 bytes and no control characters. Only its hash is kept.

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

  override async execute(): Promise<number> {
    const { userName } = this;
    const { manageUsers, users } = await this.open();
    if ((await users.find(userName)) === undefined) return this.unknownUser();
    const password = await readNewPassword(this.context, userName);
    if (!password.ok) return this.refuse(`${password.reason}; the password was not changed`);
    switch (await manageUsers.changePassword(userName, password.value)) {
      case 'changed':
        return this.done(`Changed the password of ${quoted(userName)}.`);
      case 'unknown-user':
        return this.unknownUser();
    }
  }
}
