import { Command } from 'clipanion';
import { networkText } from '../../../../../domain/network.ts';
import type { UserName } from '../../../../../domain/user.ts';
import type { Management } from '../../../context.ts';
import { quoted } from '../../../output.ts';
import { UserCommand } from '../user.command.ts';

export class ConfigureUsersTokenListCommand extends UserCommand {
  static override paths = [['configure', 'users', 'token', 'list']];

  static override usage = Command.Usage({
    category: 'Tokens',
    description: 'List the tokens of a user',
    details: `
      One line for each token: its name, a colon, and the names that it may change. Accounts of acme-dns for domains
      elsewhere have a challenge name of their own in their place.
    `,
    examples: [['List the tokens of a user', '$0 configure users token list alice']],
  });

  protected override async work({ users }: Management, user: UserName) {
    const tokens = (await users.find(user))?.tokens;
    if (tokens === undefined) return 'unknown-user';
    for (const { name, domains, use = 'updates', networks, challenge } of tokens) {
      const names = domains === undefined ? ['(all names)'] : [...domains];
      if (challenge !== undefined) names.push(challenge);
      if (use !== 'updates') names.push(`(for ${use})`);
      if (networks !== undefined) names.push(`(from ${networks.map(networkText).join(', ')})`);
      await this.print(`${name}: ${names.join(' ')}`);
    }
    if (tokens.length === 0) await this.hint(`${quoted(user)} has no tokens.`);
    return 0;
  }
}
