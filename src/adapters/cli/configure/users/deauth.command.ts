import { Command, Option } from 'clipanion';
import { parseDomainName } from '../../../../domain/domain-name.ts';
import { read } from '../../options.ts';
import { quoted } from '../../output.ts';
import { UserCommand } from './user.command.ts';

export class ConfigureUsersDeauthCommand extends UserCommand {
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

  domains = Option.Rest({ name: 'DOMAIN', required: 1 });

  override async execute(): Promise<number> {
    const { userName } = this;
    // All are judged before the first is revoked.
    const domains = this.domains.map((domain) => read('DOMAIN', domain, parseDomainName));
    const { manageUsers } = await this.open();
    for (const domain of new Set(domains)) {
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
