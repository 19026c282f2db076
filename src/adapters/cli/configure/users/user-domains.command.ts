import { Option } from 'clipanion';
import type { ManageUsers } from '../../../../application/manage/manage-users.ts';
import { type DomainName, parseDomainName } from '../../../../domain/domain-name.ts';
import type { Parsed } from '../../../../domain/errors.ts';
import type { UserName } from '../../../../domain/user.ts';
import type { Management } from '../../context.ts';
import { read } from '../../options.ts';
import { UserCommand } from './user.command.ts';

/** What the commands about the names of one user share: they change one name after the other. */
export abstract class UserDomainsCommand extends UserCommand {
  names = Option.Rest({ name: 'DOMAIN', required: 1 });

  /** What to do after it. Undefined: nothing follows. */
  protected readonly next: string | undefined;

  protected readonly parseName: (text: string) => Parsed<DomainName> = parseDomainName;

  protected override async work(
    { manageUsers }: Management,
    user: UserName,
  ): Promise<number | 'unknown-user'> {
    // All names are read before anything is changed. A name that is given twice is changed once.
    const domains = new Set(this.names.map((name) => read('DOMAIN', name, this.parseName)));
    for (const domain of domains) {
      const line = await this.change(manageUsers, user, domain);
      if (line === undefined) return 'unknown-user';
      await this.print(line);
    }
    if (this.next !== undefined) await this.print(this.advise(this.next));
    return 0;
  }

  /** Resolves to what is said of the change; undefined when there is no such user. */
  protected abstract change(
    manageUsers: ManageUsers,
    user: UserName,
    domain: DomainName,
  ): Promise<string | undefined>;
}
