import { Command } from 'clipanion';
import type { EndedFollowing } from '../../../../application/manage/end-following.ts';
import type { ManageUsers } from '../../../../application/manage/manage-users.ts';
import type { DomainName } from '../../../../domain/domain-name.ts';
import type { UserName } from '../../../../domain/user.ts';
import { quoted } from '../../output.ts';
import { withEnded } from './ended-lines.ts';
import { UserDomainsCommand } from './user-domains.command.ts';

export class ConfigureUsersDeauthCommand extends UserDomainsCommand {
  static override paths = [['configure', 'users', 'deauth']];

  static override usage = Command.Usage({
    category: 'Users',
    description: 'Revoke domain names from a user',
    details: `
      The tokens of the user lose these names too. Records in the DNS stay.

      A name that followed another one of the user does not follow it any more, unless somebody else holds both. The same
      is true of names of the user that followed the revoked one. The command tells each of them.
    `,
    examples: [
      ['Revoke a name', '$0 configure users deauth alice cam.example.org'],
      ['Revoke several', '$0 configure users deauth alice home.example.org cam.example.org'],
    ],
  });

  protected override async change(manageUsers: ManageUsers, user: UserName, domain: DomainName) {
    const ended: EndedFollowing[] = [];
    switch (await manageUsers.revoke(user, domain, (one) => ended.push(one))) {
      case 'revoked':
        return withEnded(`Revoked ${domain} from ${quoted(user)}.`, ended);
      case 'not-granted':
        return withEnded(`${domain} was not granted to ${quoted(user)}.`, ended);
      case 'unknown-user':
        return undefined;
    }
  }
}
