import { Command } from 'clipanion';
import type { EndedFollowing } from '../../../../application/manage/end-following.ts';
import type { UserName } from '../../../../domain/user.ts';
import type { Management } from '../../context.ts';
import { quoted } from '../../output.ts';
import { withEnded } from './ended-lines.ts';
import { UserCommand } from './user.command.ts';

export class ConfigureUsersRmCommand extends UserCommand {
  static override paths = [['configure', 'users', 'rm']];

  static override usage = Command.Usage({
    category: 'Users',
    description: 'Remove a user',
    details: `
      The password, the granted names and the tokens of the user are removed too. Records in the DNS stay.

      A name that followed another one of the user does not follow it any more, unless somebody else holds both. The
      command tells each of them.
    `,
    examples: [['Remove a user', '$0 configure users rm alice']],
  });

  protected override async work({ manageUsers }: Management, user: UserName) {
    const ended: EndedFollowing[] = [];
    const outcome = await manageUsers.remove(user, undefined, (one) => ended.push(one));
    if (outcome === 'unknown-user') return outcome;
    return this.done(withEnded(`Removed ${quoted(user)}.`, ended));
  }
}
