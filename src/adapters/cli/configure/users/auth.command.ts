import { Command } from 'clipanion';
import type { ManageUsers } from '../../../../application/manage/manage-users.ts';
import { type DomainName, parseGrantedName } from '../../../../domain/domain-name.ts';
import type { UserName } from '../../../../domain/user.ts';
import { quoted } from '../../output.ts';
import { UserDomainsCommand } from './user-domains.command.ts';

export class ConfigureUsersAuthCommand extends UserDomainsCommand {
  static override paths = [['configure', 'users', 'auth']];

  static override usage = Command.Usage({
    category: 'Users',
    description: 'Grant domain names to a user',
    details: `
      The user may then change the addresses of exactly these names. \`*.lab.example.org\` is only this wildcard
      name, and none of the names that it matches. A name may be granted to several users.
    `,
    examples: [
      ['Grant a name', '$0 configure users auth alice home.example.org'],
      ['Grant several', '$0 configure users auth alice home.example.org cam.example.org'],
      ['Grant a wildcard', "$0 configure users auth alice '*.lab.example.org'"],
    ],
  });

  protected override readonly parseName = parseGrantedName;
  protected override readonly next = 'Next: dynonym check';

  protected override async change(manageUsers: ManageUsers, user: UserName, domain: DomainName) {
    switch (await manageUsers.grant(user, domain)) {
      case 'granted':
        return `Granted ${domain} to ${quoted(user)}.`;
      case 'already-granted':
        return `${domain} was granted to ${quoted(user)} already.`;
      case 'unknown-user':
        return undefined;
    }
  }
}
