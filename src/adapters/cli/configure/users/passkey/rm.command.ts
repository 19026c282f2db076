import { Command, Option } from 'clipanion';
import { parsePasskeyName } from '../../../../../domain/passkey.ts';
import type { UserName } from '../../../../../domain/user.ts';
import type { Management } from '../../../context.ts';
import { read } from '../../../options.ts';
import { quoted } from '../../../output.ts';
import { UserCommand } from '../user.command.ts';

export class ConfigureUsersPasskeyRmCommand extends UserCommand {
  static override paths = [['configure', 'users', 'passkey', 'rm']];

  static override usage = Command.Usage({
    category: 'Users',
    description: 'Remove a passkey',
    details: 'Nobody signs in with it any more. Sessions that began with it go on; a new password ends them.',
    examples: [['Remove a passkey that was lost', "$0 configure users passkey rm alice 'my telephone'"]],
  });

  passkey = Option.String({ name: 'PASSKEY' });

  protected override async work({ manageUsers }: Management, user: UserName) {
    const passkey = read('PASSKEY', this.passkey, parsePasskeyName);
    switch (await manageUsers.removePasskey(user, passkey)) {
      case 'removed':
        return this.done(`Removed the passkey ${quoted(passkey)} of ${quoted(user)}.`);
      case 'unknown-passkey':
        return this.refuse(
          `${quoted(user)} has no passkey ${quoted(passkey)}; dynonym configure users passkey list shows all`,
        );
      case 'unknown-user':
        return 'unknown-user';
    }
  }
}
