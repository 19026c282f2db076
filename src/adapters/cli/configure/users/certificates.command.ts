import { Command, Option, UsageError } from 'clipanion';
import type { UserName } from '../../../../domain/user.ts';
import type { Management } from '../../context.ts';
import { quoted } from '../../output.ts';
import { UserCommand } from './user.command.ts';

/** What is written for each word, and what it means. */
const SETTINGS = new Map([
  [
    'on',
    {
      allowed: true,
      says: 'may get certificates for all of their names, also where others hold names below',
    },
  ],
  ['off', { allowed: false, says: 'gets no certificates' }],
  ['default', { allowed: undefined, says: 'may get certificates where they cover no name of somebody else' }],
]);

export class ConfigureUsersCertificatesCommand extends UserCommand {
  static override paths = [['configure', 'users', 'certificates']];

  static override usage = Command.Usage({
    category: 'Users',
    description: 'Set for which names a user may get certificates',
    details: `
      By \`default\`, a user gets certificates for all granted names, except where a certificate would also cover a
      name of another user: the challenge of \`home.example.org\` is good for \`*.home.example.org\` too. \`on\`
      allows these as well. \`off\` allows none.

      This is about the password of the user, and tokens that were made with \`--certificates\` or
      \`--certificates-only\`.
    `,
    examples: [
      ['Let a user get no certificates', '$0 configure users certificates guest off'],
      [
        'Let a user get a certificate that covers names of others',
        '$0 configure users certificates alice on',
      ],
    ],
  });

  setting = Option.String({ name: 'on|off|default' });

  protected override async work({ manageUsers }: Management, user: UserName) {
    const setting = SETTINGS.get(this.setting);
    if (setting === undefined) throw new UsageError(`${quoted(this.setting)}: say on, off or default`);
    const rights = { certificates: setting.allowed };
    if ((await manageUsers.setRights(user, rights)) === 'unknown-user') return 'unknown-user';
    return this.done(`${quoted(user)} ${setting.says}.`);
  }
}
