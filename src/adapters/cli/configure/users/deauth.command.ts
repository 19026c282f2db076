import { Command } from 'clipanion';
import type { ManageUsers } from '../../../../application/manage/manage-users.ts';
import type { DomainName } from '../../../../domain/domain-name.ts';
import type { UserName } from '../../../../domain/user.ts';
import { quoted } from '../../output.ts';
import { UserDomainsCommand } from './user-domains.command.ts';

export class ConfigureUsersDeauthCommand extends UserDomainsCommand {
  static override paths = [['configure', 'users', 'deauth']];

  static override usage = Command.Usage({
    category: 'Users',
    description: 'Revoke domain names from a user',
    details: 'The tokens of the user lose these names too. Records in the DNS stay.',
    examples: [
      ['Revoke a name', '$0 configure users deauth alice cam.example.org'],
      ['Revoke several', '$0 configure users deauth alice home.example.org cam.example.org'],
    ],
  });

  protected override async change(manageUsers: ManageUsers, user: UserName, domain: DomainName) {
    switch (await manageUsers.revoke(user, domain)) {
      case 'revoked':
        return `Revoked ${domain} from ${quoted(user)}.`;
      case 'not-granted':
        return `${domain} was not granted to ${quoted(user)}.`;
      case 'unknown-user':
        return undefined;
    }
  }
}
