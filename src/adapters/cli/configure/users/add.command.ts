import { Command } from 'clipanion';
import { shellArgument } from '../../../../application/shell-word.ts';
import { quoted } from '../../output.ts';
import { readNewPassword } from '../../password-prompt.ts';
import { UserCommand } from './user.command.ts';

export class ConfigureUsersAddCommand extends UserCommand {
  static override paths = [['configure', 'users', 'add']];

  static override usage = Command.Usage({
    category: 'Users',
    description: 'Add a user',
    details: `
      On a terminal the password is asked for twice and not shown. Otherwise it is the first line of standard
      input. A password is not empty, has at most 1024 bytes and no control characters. Only its hash is kept.

      A new user may change nothing; grant names with \`dynonym configure users auth\`.
    `,
    examples: [
      ['Add a user and type the password', '$0 configure users add alice'],
      ['Add a user from a script', '$0 configure users add alice < password.txt'],
    ],
  });

  override async execute(): Promise<number> {
    const { userName } = this;
    const { manageUsers, users } = await this.open();
    // Nobody types a password for a name that is taken.
    if ((await users.find(userName)) !== undefined) return this.#taken();
    const password = await readNewPassword(this.context, userName);
    if (!password.ok) return this.refuse(`${password.reason}; nobody was added`);
    switch (await manageUsers.add(userName, password.value)) {
      case 'added':
        return this.done(
          `Added ${quoted(userName)}. ` +
            this.advise(`Next: dynonym configure users auth ${shellArgument(userName)} DOMAIN`),
        );
      case 'exists':
        return this.#taken();
    }
  }

  #taken(): Promise<number> {
    const user = quoted(this.user);
    return this.refuse(
      `there is a user ${user} in ${quoted(this.configFile)}; dynonym configure users pw changes a password`,
    );
  }
}
