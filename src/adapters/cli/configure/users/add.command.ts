import { Command, Option, UsageError } from 'clipanion';
import { parseChosenUserName, type UserName } from '../../../../domain/user.ts';
import { shellArgument } from '../../../check-words/shell-word.ts';
import { BaseCommand } from '../../base.command.ts';
import type { Management } from '../../context.ts';
import { read, readText } from '../../options.ts';
import { quoted, write } from '../../output.ts';
import { readNewPassword } from '../../password-prompt.ts';
import { parseUserLines } from './user-lines.ts';

export class ConfigureUsersAddCommand extends BaseCommand {
  static override paths = [['configure', 'users', 'add']];

  static override usage = Command.Usage({
    category: 'Users',
    description: 'Add a user, or many from a file',
    details: `
      On a terminal, the password is asked for twice and not shown. Otherwise it is the first line of standard
      input. A password has 1 to 1024 bytes and no control characters. Only its hash is stored.

      A new user may not change any name. Grant names with \`dynonym configure users auth\`.

      With \`--from\`, each line of FILE is a user: the name, a colon, and the domain names that the user may change,
      with spaces between them. Lines that begin with # are ignored. Each user gets an update token, and no password
      until \`dynonym configure users pw\` sets one. Standard output gets the user, a colon and the secret of the
      token, once. All users are added, or nobody: then all problems are listed with their lines.
    `,
    examples: [
      ['Add a user and type the password', '$0 configure users add alice'],
      ['Add a user from a script', '$0 configure users add alice < password.txt'],
      [
        'Add all users of a file, and keep their secrets',
        '$0 configure users add --from users.txt > secrets.txt',
      ],
    ],
  });

  user = Option.String({ name: 'USER', required: false });

  from = Option.String('--from', { description: 'the `FILE` with one line for each user' });

  override async execute(): Promise<number> {
    if ((this.user === undefined) === (this.from === undefined)) {
      throw new UsageError('name a USER, or give --from FILE');
    }
    return this.from === undefined ? this.#addOne(this.user ?? '') : this.#addAll(this.from);
  }

  async #addOne(text: string): Promise<number> {
    const user = read('USER', text, parseChosenUserName);
    const { manageUsers, users }: Management = await this.open();
    const exists =
      `there is a user ${quoted(user)} in ${quoted(this.configFile)}; ` +
      'dynonym configure users pw changes a password';
    // Asked first, so that no password is typed in vain.
    if ((await users.find(user)) !== undefined) return this.refuse(exists);
    const password = await readNewPassword(this.context, user);
    if (!password.ok) return this.refuse(`${password.reason}; nobody was added`);
    if ((await manageUsers.add(user, password.value)) !== 'added') return this.refuse(exists);
    const next = this.advise(`Next: dynonym configure users auth ${shellArgument(user)} DOMAIN`);
    return this.done(`Added ${quoted(user)}. ${next}`);
  }

  async #addAll(file: string): Promise<number> {
    const { users, problems } = parseUserLines(await readText('--from', file));
    if (problems.length > 0) return this.#refuseAll(problems.map((problem) => `${file}:${problem}`));
    const { manageUsers } = await this.open();
    const outcome = await manageUsers.addAll(users);
    if (outcome.kind === 'exist') return this.#refuseAll(outcome.users.map(existsAlready));
    const lines = outcome.secrets.map(({ user, secret }) => `${user}:${secret}\n`);
    await write(this.context.stdout, lines.join(''));
    await this.hint(`Added ${users.length} users. The secrets of their tokens are shown only this once.`);
    return 0;
  }

  async #refuseAll(problems: readonly string[]): Promise<number> {
    for (const problem of problems) await this.hint(problem);
    return this.refuse(
      `${problems.length === 1 ? '1 problem' : `${problems.length} problems`}; nobody was added`,
    );
  }
}

const existsAlready = (user: UserName): string => `there is a user ${quoted(user)} already`;
