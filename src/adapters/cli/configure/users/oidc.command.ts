import { Command, Option } from 'clipanion';
import { parseIdentity, type UserName } from '../../../../domain/user.ts';
import type { Management } from '../../context.ts';
import { readOptional } from '../../options.ts';
import { quoted } from '../../output.ts';
import { UserCommand } from './user.command.ts';

export class ConfigureUsersOidcCommand extends UserCommand {
  static override paths = [['configure', 'users', 'oidc']];

  static override usage = Command.Usage({
    category: 'Users',
    description: 'Set who a user is at the OpenID Connect provider',
    details: `
      Whoever signs in at the provider, and has this value in the claim that \`[web.oidc]\` names, is this user on the
      pages. Without a value, nobody signs in as this
      user by the provider.
    `,
    examples: [
      ['Let a user sign in by the provider', '$0 configure users oidc alice 24400320'],
      ['Let a user not sign in by the provider any more', '$0 configure users oidc alice'],
    ],
  });

  value = Option.String({ name: 'VALUE', required: false });

  protected override async work({ manageUsers }: Management, user: UserName) {
    const identity = readOptional('VALUE', this.value, parseIdentity);
    switch (await manageUsers.identify(user, identity)) {
      case 'changed':
        return this.done(
          identity === undefined
            ? `Nobody at the provider is ${quoted(user)} any more.`
            : `Whoever is ${quoted(identity)} at the provider is ${quoted(user)} here.`,
        );
      case 'taken':
        return this.refuse(`VALUE ${quoted(this.value ?? '')}: another user has it`);
      case 'unknown-user':
        return 'unknown-user';
    }
  }
}
