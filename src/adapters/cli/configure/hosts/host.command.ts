import { Option } from 'clipanion';
import { type DomainName, parseDomainName } from '../../../../domain/domain-name.ts';
import type { HostChange } from '../../../../domain/host-settings.ts';
import { BaseCommand } from '../../base.command.ts';
import { read } from '../../options.ts';
import { hostLine } from './host-line.ts';

/** What the commands about one host share. */
export abstract class HostCommand extends BaseCommand {
  host = Option.String({ name: 'HOST' });

  protected get hostName(): DomainName {
    return read('HOST', this.host, parseDomainName);
  }

  /** Changes these settings, and shows all settings of the host afterwards. */
  protected async change(name: DomainName, change: HostChange): Promise<number> {
    const { manageHosts } = await this.open();
    const outcome = await manageHosts.change(name, change);
    switch (outcome.kind) {
      case 'changed':
        return this.done(hostLine(outcome.host));
      case 'unchanged':
        return this.done(`${hostLine(outcome.host)} (as before)`);
      case 'follows-itself':
        return this.refuse(`--follows: ${name} cannot follow itself`);
    }
  }
}
