import { Option } from 'clipanion';
import { type DomainName, parseDomainName } from '../../../../domain/domain-name.ts';
import type { Parsed } from '../../../../domain/errors.ts';
import { read } from '../../options.ts';
import { UserCommand } from './user.command.ts';

/** What the commands about the names of one user share. */
export abstract class UserDomainsCommand extends UserCommand {
  names = Option.Rest({ name: 'DOMAIN', required: 1 });

  protected readonly parseName: (text: string) => Parsed<DomainName> = parseDomainName;

  /** Each once. All are judged before anything is done with the first. */
  protected get domains(): ReadonlySet<DomainName> {
    return new Set(this.names.map((name) => read('DOMAIN', name, this.parseName)));
  }
}
