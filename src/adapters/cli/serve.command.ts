import { Command, Option } from 'clipanion';
import type { ServiceOutcome } from '../../application/service/run-service.ts';
import { BaseCommand } from './base.command.ts';
import { quoted } from './output.ts';
import { untilSignal } from './until-signal.ts';

export class ServeCommand extends BaseCommand {
  static override paths = [['serve']];

  static override usage = Command.Usage({
    category: 'Server',
    description: 'Run the server',
    details: `
      Runs in the foreground until SIGINT (Ctrl-C) or SIGTERM. Then it accepts no new requests, finishes the
      pending ones, and ends. A second signal ends it at once.

      Changes of the configuration are applied within a second, and at once on SIGHUP. When they have problems,
      the log lists them, and the settings before them stay in force. New sockets need a restart.

      While the server runs, the lock file holds its process id, and no second server starts with the same lock
      file. A lock whose process is dead is taken over.
    `,
    examples: [
      ['Run the server in the foreground', '$0 serve'],
      ['Run it with other files', '$0 serve -c /etc/dynonym/dynonym.toml -l /run/dynonym/dynonym.lock'],
      ['Stop a server in the background', 'kill -s SIGINT $(cat dynonym.lock)'],
      ['Make it read its configuration now', 'kill -s HUP $(cat dynonym.lock)'],
    ],
  });

  lockFile = Option.String('-l,--lock', 'dynonym.lock', {
    description: 'the lock `FILE` (default: dynonym.lock)',
  });

  override async execute(): Promise<number> {
    const { configFile, lockFile } = this;
    const { signals } = this.context;
    // Does nothing until there is a service: the configuration is still to be read then.
    let reload = () => {};
    const onHangup = () => reload();
    signals.on('SIGHUP', onHangup);
    try {
      const outcome = await untilSignal(signals, async (stop, hurry) => {
        const service = await this.context.openService({ configFile, lockFile });
        reload = () => void service.reload();
        return service.run(stop, hurry);
      });
      return await this.#tell(outcome);
    } finally {
      signals.off('SIGHUP', onHangup);
    }
  }

  async #tell(outcome: ServiceOutcome): Promise<number> {
    switch (outcome.kind) {
      case 'stopped':
        return 0;
      case 'cut-short':
        // What is still open would keep the process alive.
        this.context.exit(1);
        return 1;
      case 'locked':
        return this.refuse(
          `a server runs already, as process ${outcome.by} (lock file ${quoted(outcome.place)}); ` +
            'stop it, or choose another lock file with --lock',
        );
    }
  }
}
