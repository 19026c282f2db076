import { Command, Option } from 'clipanion';
import { networkText } from '../../../../domain/network.ts';
import { type NoticeTarget, targetText } from '../../../../domain/notice.ts';
import type { User } from '../../../../domain/user.ts';
import { BaseCommand } from '../../base.command.ts';
import { quoted } from '../../output.ts';

export class ConfigureUsersListCommand extends BaseCommand {
  static override paths = [['configure', 'users', 'list']];

  static override usage = Command.Usage({
    category: 'Users',
    description: 'List users with the names that they may change',
    details: `
      One line for each user: the name, a colon, the granted names, and other settings in parentheses. A user
      name has no colon. Of where notices go, only the host of a URL is shown.
    `,
    examples: [
      ['List all users', '$0 configure users list'],
      ['List who may change a name', '$0 configure users list | grep -wF home.example.org'],
      [
        'List the users who may change no name',
        "$0 configure users list --json | jq -r '.[] | select(.names == []) | .user'",
      ],
    ],
  });

  json = Option.Boolean('--json', false, { description: 'print JSON, whose fields stay the same' });

  override async execute(): Promise<number> {
    const { users } = await this.open();
    if (this.json) {
      const listed = [];
      for await (const user of users.list()) listed.push(asJson(user));
      return this.doneAsJson(listed);
    }
    let none = true;
    for await (const user of users.list()) {
      none = false;
      await this.print(lineFor(user));
    }
    if (none) {
      await this.hint(
        `There are no users in ${quoted(this.configFile)}. ` +
          this.advise('Next: dynonym configure users add USER'),
      );
    }
    return 0;
  }
}

/** `alice: home.example.org cam.example.org (tokens: router phone)` */
function lineFor({ name, domains, offline, networks, tokens, notices = [], ...user }: User): string {
  const { admin, certificates } = user;
  const remarks: string[] = [];
  if (domains.length === 0) remarks.push('no names');
  if (admin) remarks.push('operator');
  if (offline) remarks.push('offline allowed');
  if (certificates !== undefined) remarks.push(`certificates ${certificates ? 'on' : 'off'}`);
  if (networks.length > 0) remarks.push(`from ${networks.map(networkText).join(' ')}`);
  if (tokens.length > 0) remarks.push(`tokens: ${tokens.map((token) => token.name).join(' ')}`);
  if (notices.length > 0) remarks.push(`notices to ${notices.map(targetWords).join(' ')}`);
  const remark = remarks.length === 0 ? [] : [`(${remarks.join('; ')})`];
  return [`${name}:`, ...domains, ...remark].join(' ');
}

const targetWords = (target: NoticeTarget): string =>
  `${targetText(target)}${target.unconfirmed === undefined ? '' : ' (not confirmed)'}`;

/** Fields may be added, and are never changed. */
function asJson({ name, domains, offline, networks, tokens, certificates, notices = [] }: User) {
  return {
    user: name,
    names: domains,
    offline,
    certificates: certificates ?? null,
    networks: networks.map(networkText),
    tokens: tokens.map((token) => ({
      name: token.name,
      names: token.domains ?? null,
      use: token.use ?? 'updates',
    })),
    notices: notices.map((target) => ({
      to: targetText(target),
      events: target.events,
      names: target.names,
      confirmed: target.unconfirmed === undefined,
    })),
  };
}
