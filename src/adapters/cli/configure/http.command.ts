import { Command, Option } from 'clipanion';
import { ONE_PROCESS, parseWorkers } from '../../../application/manage/settings.ts';
import { parseHttpSocket } from '../../../domain/socket-address.ts';
import { BaseCommand } from '../base.command.ts';
import { given, readOptional } from '../options.ts';
import { quoted } from '../output.ts';

export class ConfigureHttpCommand extends BaseCommand {
  static override paths = [['configure', 'http']];

  static override usage = Command.Usage({
    category: 'Configuration',
    description: 'Change where requests are accepted',
    details: `
      Settings without an option here stay as they are. Every request has a password in it. So listen on a
      loopback address behind a proxy that speaks HTTPS, or in a network that you trust.
    `,
    examples: [['Listen on all addresses, IPv6 and IPv4', "$0 configure http --socket '[::]:8053'"]],
  });

  socket = Option.String('--socket', { description: 'the `ADDRESS:PORT` to listen on' });
  workers = Option.String('--workers', {
    description: 'a `NUMBER` without effect, for configurations of the original program',
  });

  override async execute(): Promise<number> {
    const change = given({
      socket: readOptional('--socket', this.socket, parseHttpSocket),
      workers: readOptional('--workers', this.workers, parseWorkers),
    });
    const { configure } = await this.open();
    switch (await configure.changeHttp(change)) {
      case 'changed':
        if ((change.workers ?? 1) > 1) await this.hint(`${ONE_PROCESS}.`);
        return this.done(
          `Changed ${Object.keys(change).join(', ')} of [http] in ${quoted(this.configFile)}.`,
        );
      case 'nothing-asked':
        return this.refuse('nothing to change; dynonym configure http --help shows what can be');
    }
  }
}
