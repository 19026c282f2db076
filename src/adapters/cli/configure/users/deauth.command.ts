import { Command } from 'clipanion';
import { quoted } from '../../output.ts';
import { UserDomainsCommand } from './user-domains.command.ts';

export class ConfigureUsersDeauthCommand extends UserDomainsCommand {
  static override paths = [['configure', 'users', 'deauth']];

  static override usage = Command.Usage({
    category: 'Users',
    description: 'Revoke domain names from a user',
    details: 'Tokens of the user lose the names too. Records in the DNS stay.',
    examples: [
      ['Revoke a name', '$0 configure users deauth alice cam.example.org'],
      ['Revoke several', '$0 configure users deauth alice home.example.org cam.example.org'],
    ],
  });

  override async execute(): Promise<number> {
    const { userName, domains } = this;
    const { manageUsers } = await this.open();
    for (const domain of domains) {
      switch (await manageUsers.revoke(userName, domain)) {
        case 'revoked':
          await this.print(`Revoked ${domain} from ${quoted(userName)}.`);
          break;
        case 'not-granted':
          await this.print(`${domain} was not granted to ${quoted(userName)}.`);
          break;
        case 'unknown-user':
          return this.unknownUser();
      }
    }
    return 0;
  }
}
