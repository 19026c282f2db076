import { Command, Option, UsageError } from 'clipanion';
import { networkText, parseNetwork } from '../../../../domain/network.ts';
import type { UserName } from '../../../../domain/user.ts';
import type { Management } from '../../context.ts';
import { read } from '../../options.ts';
import { quoted } from '../../output.ts';
import { UserCommand } from './user.command.ts';

export class ConfigureUsersNetworksCommand extends UserCommand {
  static override paths = [['configure', 'users', 'networks']];

  static override usage = Command.Usage({
    category: 'Users',
    description: 'Set the networks from which a user may log in',
    details: `
      From other networks, the password and the tokens of the user are treated as wrong ones. The networks
      replace those that were set before.
    `,
    examples: [
      ['Let a user log in from two networks', '$0 configure users networks alice 192.0.2.0/24 2001:db8::/32'],
      ['Let a user log in from everywhere', '$0 configure users networks alice --any'],
    ],
  });

  any = Option.Boolean('--any', false, { description: 'allow logins from everywhere' });

  networks = Option.Rest({ name: 'NETWORK' });

  protected override async work({ manageUsers }: Management, user: UserName) {
    if (this.any === this.networks.length > 0) throw new UsageError('name NETWORKs, or give --any');
    const networks = this.networks.map((network) => read('NETWORK', network, parseNetwork));
    if ((await manageUsers.setRights(user, { networks })) === 'unknown-user') return 'unknown-user';
    const from = this.any ? 'everywhere' : networks.map(networkText).join(' ');
    return this.done(`${quoted(user)} may log in from ${from}.`);
  }
}
