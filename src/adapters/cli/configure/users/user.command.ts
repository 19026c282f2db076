import { Option } from 'clipanion';
import { parseUserName, type UserName } from '../../../../domain/user.ts';
import { BaseCommand } from '../../base.command.ts';
import type { Management } from '../../context.ts';
import { read } from '../../options.ts';
import { quoted } from '../../output.ts';

/** What the commands about one user share: the argument, and what is said when there is no such user. */
export abstract class UserCommand extends BaseCommand {
  user = Option.String({ name: 'USER' });

  override async execute(): Promise<number> {
    const name = read('USER', this.user, parseUserName);
    const outcome = await this.work(await this.open(), name);
    if (outcome !== 'unknown-user') return outcome;
    const [user, file] = [quoted(this.user), quoted(this.configFile)];
    return this.refuse(
      `there is no user ${user} in ${file}; ${this.advise('dynonym configure users list shows who there is')}`,
    );
  }

  /** Does what the command is for. Resolves to the exit code, or to `unknown-user`, which is reported here. */
  protected abstract work(management: Management, user: UserName): Promise<number | 'unknown-user'>;
}
