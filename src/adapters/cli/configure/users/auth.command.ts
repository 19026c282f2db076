import { Command } from 'clipanion';
import { parseGrantedName } from '../../../../domain/domain-name.ts';
import { quoted } from '../../output.ts';
import { UserDomainsCommand } from './user-domains.command.ts';

export class ConfigureUsersAuthCommand extends UserDomainsCommand {
  static override paths = [['configure', 'users', 'auth']];

  static override usage = Command.Usage({
    category: 'Users',
    description: 'Grant domain names to a user',
    details: `
      The user may then change the addresses of exactly these names. \`*.lab.example.org\` grants that wildcard
      name, and not the names that it matches. A name may be granted to several users.
    `,
    examples: [
      ['Grant a name', '$0 configure users auth alice home.example.org'],
      ['Grant several', '$0 configure users auth alice home.example.org cam.example.org'],
      ['Grant a wildcard', "$0 configure users auth alice '*.lab.example.org'"],
    ],
  });

  protected override readonly parseName = parseGrantedName;

  override async execute(): Promise<number> {
    const { userName, domains } = this;
    const { manageUsers } = await this.open();
    for (const domain of domains) {
      switch (await manageUsers.grant(userName, domain)) {
        case 'granted':
          await this.print(`Granted ${domain} to ${quoted(userName)}.`);
          break;
        case 'already-granted':
          await this.print(`${domain} was granted to ${quoted(userName)} already.`);
          break;
        case 'unknown-user':
          return this.unknownUser();
      }
    }
    return 0;
  }
}
