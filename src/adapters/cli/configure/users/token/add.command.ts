import { Command, Option, UsageError } from 'clipanion';
import { parseDomainName } from '../../../../../domain/domain-name.ts';
import { API_SCOPES, parseChosenTokenName, type TokenUse } from '../../../../../domain/update-token.ts';
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

      Nobody gets a certificate with a token, because others may find a lost router and its secret. With
      \`--certificates\`, the token is good for certificates too; with \`--certificates-only\`, for nothing else.

      With \`--api read\`, the token is for the API and can read there; with \`--api write\`, it can change things too.
      With \`--api operate\`, it can also do what operators do, as long as the user is one. Such a token is good for
      nothing else.

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
      [
        'A token with which a script sets addresses by the API',
        '$0 configure users token add alice --api write --name script',
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

  api = Option.String('--api', {
    description: 'it is for the API, with this `SCOPE`: read, write or operate',
  });

  protected override async work({ manageUsers }: Management, user: UserName) {
    const name = readOptional('--name', this.tokenName, parseChosenTokenName);
    const domains = this.domains?.map((domain) => read('--domain', domain, parseDomainName));
    const uses = [this.certificates, this.certificatesOnly, this.api !== undefined];
    if (uses.filter(Boolean).length > 1) {
      throw new UsageError('--certificates, --certificates-only and --api exclude each other');
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
    const scope = API_SCOPES.find((scope) => scope === `api:${this.api}`);
    if (this.api !== undefined && scope === undefined)
      throw new UsageError('--api: say read, write or operate');
    if (scope !== undefined) return scope;
    if (this.certificatesOnly) return 'certificates';
    return this.certificates ? 'updates and certificates' : undefined;
  }
}
