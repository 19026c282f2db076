import { Command } from 'clipanion';
import { socketText } from '../../domain/socket-address.ts';
import type { CommandContext, Demo } from './context.ts';
import { write } from './output.ts';
import { untilSignal } from './until-signal.ts';

export class DemoCommand extends Command<CommandContext> {
  static override paths = [['demo']];

  static override usage = Command.Usage({
    category: 'Server',
    description: 'Run a demonstration with its own name server',
    details: `
      Runs the server and the built-in name server for the zone dyn.example.test. Only this machine can reach
      them. There is one user, with a random password, who is also an operator of the pages. Prints the address of
      the pages and commands to paste into another terminal, and then each update when it happens.

      HTTP is on port 8053 and DNS on port 5300, or on the next free ports. All files are in a new temporary
      folder. It is removed when SIGINT (Ctrl-C) or SIGTERM ends the demonstration.
    `,
    examples: [['See an address go into the DNS', '$0 demo']],
  });

  override async execute(): Promise<number> {
    const { context } = this;
    // The demonstration ends by a signal, and goes on when nobody reads its output any more.
    const tell = (line: string) => void write(context.stdout, `${line}\n`).catch(() => {});
    const outcome = await untilSignal(context.signals, async (stop, hurry) => {
      const demo = await context.openDemo((line) => tell(`${timeOfDay()}  ${line}`));
      try {
        return await demo.run(() => tell(introduction(demo)), stop, hurry);
      } finally {
        await demo.remove();
      }
    });
    if (outcome.kind === 'stopped') return 0;
    // What is still open would keep the process alive.
    context.exit(1);
    return 1;
  }
}

/** An address for documentation (RFC 5737). */
const ADDRESS = '203.0.113.7';

function introduction({ folder, http, dns, host, user, password }: Demo): string {
  const url = `http://${socketText(http)}/nic/update?hostname=${host}&myip=${ADDRESS}`;
  return `dynonym serves HTTP at ${socketText(http)} and DNS at ${socketText(dns)}.
Its files are in ${folder} until it ends.

Open the pages, as the user ${user} with the password ${password}:

  http://${socketText(http)}/

Tell it an address, in another terminal:

  curl -u ${user}:${password} '${url}'

Ask the DNS for it:

  dig +short @${dns.address.text} -p ${dns.port} ${host}

Updates show below. Ctrl-C ends the demonstration.
`;
}

function timeOfDay(): string {
  return new Date().toTimeString().slice(0, 8);
}
