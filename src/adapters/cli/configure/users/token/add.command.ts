import { Command, Option, UsageError } from 'clipanion';
import { parseDomainName } from '../../../../../domain/domain-name.ts';
import { parseTokenName, type TokenUse } from '../../../../../domain/update-token.ts';
import { read, readOptional } from '../../../options.ts';
import { quoted } from '../../../output.ts';
import { UserCommand } from '../user.command.ts';

export class ConfigureUsersTokenAddCommand extends UserCommand {
  static override paths = [['configure', 'users', 'token', 'add']];

  static override usage = Command.Usage({
    category: 'Tokens',
    description: 'Give a user a token and print its secret',
    details: `
      The secret works wherever the password does, and is shown this once only: a hash of it is kept. It is all
      that standard output gets.

      A token gets no certificates, so that a router that is lost or read out cannot get any. \`--certificates\`
      makes one that does, \`--certificates-only\` one that does nothing else.

      Without \`--domain\` the token is good for all names of the user, those granted later too. \`--domain\` may
      be repeated. Without \`--name\` the token is called \`token-1\`, or the next number that is free.
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

  domains = Option.Array('--domain', { description: 'a `DOMAIN` that the token is good for' });
  tokenName = Option.String('--name', { description: 'the `NAME` of the token' });

  certificates = Option.Boolean('--certificates', false, { description: 'it gets certificates too' });
  certificatesOnly = Option.Boolean('--certificates-only', false, {
    description: 'it gets certificates, and reports no addresses',
  });

  override async execute(): Promise<number> {
    const { userName } = this;
    const name = readOptional('--name', this.tokenName, parseTokenName);
    const domains = this.domains?.map((domain) => read('--domain', domain, parseDomainName));
    if (this.certificates && this.certificatesOnly) {
      throw new UsageError('--certificates and --certificates-only exclude each other');
    }
    const { manageUsers } = await this.open();
    const token = await manageUsers.addToken(userName, { name, domains, use: this.#use });
    switch (token.kind) {
      case 'added':
        await this.hint(
          `Token ${quoted(token.name)} of ${quoted(userName)}. Its secret is shown this once only:`,
        );
        return this.done(token.secret);
      case 'exists':
        return this.refuse(
          `${quoted(userName)} has a token ${quoted(token.name)} already; choose another --name`,
        );
      case 'not-granted':
        return this.refuse(
          `--domain: ${quoted(userName)} was not granted ${token.domains.join(', ')}, so no token can be`,
        );
      case 'unknown-user':
        return this.unknownUser();
    }
  }

  get #use(): TokenUse | undefined {
    if (this.certificatesOnly) return 'certificates';
    return this.certificates ? 'updates and certificates' : undefined;
  }
}
