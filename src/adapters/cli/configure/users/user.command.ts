import { Option } from 'clipanion';
import { parseUserName, type UserName } from '../../../../domain/user.ts';
import { BaseCommand } from '../../base.command.ts';
import { read } from '../../options.ts';
import { quoted } from '../../output.ts';

/** What the commands about one user share. */
export abstract class UserCommand extends BaseCommand {
  user = Option.String({ name: 'USER' });

  protected get userName(): UserName {
    return read('USER', this.user, parseUserName);
  }

  protected unknownUser(): Promise<number> {
    const [user, file] = [quoted(this.user), quoted(this.configFile)];
    return this.refuse(
      `there is no user ${user} in ${file}; ${this.advise('dynonym configure users list shows who there is')}`,
    );
  }
}
