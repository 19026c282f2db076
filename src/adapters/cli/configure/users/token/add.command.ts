import { Command, Option, UsageError } from 'clipanion';
import { parseDomainName } from '../../../../../domain/domain-name.ts';
import { parseTokenName, type TokenUse } from '../../../../../domain/update-token.ts';
import type { UserName } from '../../../../../domain/user.ts';
import type { Management } from '../../../context.ts';
import { read, readOptional } from '../../../options.ts';
import { quoted } from '../../../output.ts';
import { UserCommand } from '../user.command.ts';

export class ConfigureUsersTokenAddCommand extends UserCommand {
  static override paths = [['configure', 'users', 'token', 'add']];

  static override usage = Command.Usage({
    category: 'Tokens',
    description: 'Give a user a token and print its secret',
    details: `
      A client may use the secret in place of the password. It is shown only once, because only a hash of it is
      stored. Standard output gets the secret and nothing else.

      A token gets no certificates, so that nobody gets one with the secret of a router. With \`--certificates\` it
      gets certificates too, with \`--certificates-only\` it does nothing else.

      Without \`--domain\`, the token may change all names of the user, also those that are granted later.
      \`--domain\` may be repeated. Without \`--name\`, the token is called \`token-1\`, or the next free number.
    `,
    examples: [
      ['A token for all names of a user', '$0 configure users token add alice'],
      [
        'A token for one name only',
        '$0 configure users token add alice --domain cam.example.org --name camera',
      ],
      [
        'A token that a certificate program gets certificates with',
        '$0 configure users token add alice --certificates-only --name lego',
      ],
      ['Keep the secret in a file', '$0 configure users token add alice > token.txt'],
    ],
  });

  domains = Option.Array('--domain', { description: 'a `DOMAIN` that the token may change' });
  tokenName = Option.String('--name', { description: 'the `NAME` of the token' });

  certificates = Option.Boolean('--certificates', false, { description: 'it gets certificates too' });
  certificatesOnly = Option.Boolean('--certificates-only', false, {
    description: 'it gets certificates, and reports no addresses',
  });

  protected override async work({ manageUsers }: Management, user: UserName) {
    const name = readOptional('--name', this.tokenName, parseTokenName);
    const domains = this.domains?.map((domain) => read('--domain', domain, parseDomainName));
    if (this.certificates && this.certificatesOnly) {
      throw new UsageError('--certificates and --certificates-only exclude each other');
    }
    const token = await manageUsers.addToken(user, { name, domains, use: this.#use });
    switch (token.kind) {
      case 'added':
        await this.hint(
          `Token ${quoted(token.name)} of ${quoted(user)}. Its secret is shown only this once:`,
        );
        return this.done(token.secret);
      case 'exists':
        return this.refuse(
          `${quoted(user)} has a token ${quoted(token.name)} already; choose another --name`,
        );
      case 'not-granted':
        return this.refuse(
          `--domain: ${quoted(user)} was not granted ${token.domains.join(', ')}, so no token can be`,
        );
      case 'unknown-user':
        return token.kind;
    }
  }

  get #use(): TokenUse | undefined {
    if (this.certificatesOnly) return 'certificates';
    return this.certificates ? 'updates and certificates' : undefined;
  }
}
