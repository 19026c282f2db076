import { Command } from 'clipanion';
import { quoted } from '../../../output.ts';
import { UserCommand } from '../user.command.ts';

export class ConfigureUsersTokenListCommand extends UserCommand {
  static override paths = [['configure', 'users', 'token', 'list']];

  static override usage = Command.Usage({
    category: 'Tokens',
    description: 'List the tokens of a user',
    details: 'One line for each token: its name, a colon, and the names that it is good for.',
    examples: [['List the tokens of a user', '$0 configure users token list alice']],
  });

  override async execute(): Promise<number> {
    const { userName } = this;
    const { users } = await this.open();
    const tokens = (await users.find(userName))?.tokens;
    if (tokens === undefined) return this.unknownUser();
    for (const { name, domains, use = 'updates' } of tokens) {
      const names = domains === undefined ? '(all names)' : domains.join(' ');
      await this.print(`${name}: ${names}${use === 'updates' ? '' : ` (for ${use})`}`);
    }
    if (tokens.length === 0) await this.hint(`${quoted(userName)} has no tokens.`);
    return 0;
  }
}
