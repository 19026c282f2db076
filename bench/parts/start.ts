import { DYN_ZONE } from '../../test/support/name-servers/zones.ts';
import { runProcess } from '../../test/support/run-process.ts';
import { interleaved, type Part } from '../part.ts';
import { secondsToListening } from '../served.ts';
import { serveCommand } from '../servers.ts';
import { bystanders, usersFor } from '../users.ts';

const MANY = 100_000;
/** Nobody answers there, and nobody is asked at the start. */
const DNS_PORT = 9;

/** From the start of the process to the first connection that it takes. */
export const start: Part = {
  title: 'Start',
  async run(conditions) {
    const [user] = await usersFor([], 1);
    const withUsers = (count: number) =>
      serveCommand(conditions.program, DNS_PORT, bystanders(count, user?.hash ?? '', DYN_ZONE));
    const few = await withUsers(10);
    const many = await withUsers(MANY);
    const [ten, hundredThousand, node] = await interleaved(conditions, [
      { name: 'dynonym', measure: () => secondsToListening(few.port, few.command) },
      { name: 'dynonym', measure: () => secondsToListening(many.port, many.command) },
      {
        name: '`node -e 0`',
        async measure() {
          const begin = performance.now();
          await runProcess(process.execPath, ['-e', '0']);
          return (performance.now() - begin) / 1000;
        },
      },
    ]);
    const unit = 's';
    const decimals = 2;
    const what = (count: string) => `start to listening, ${count} users in TOML`;
    return [
      {
        ...{ what: what('10'), unit, decimals, ours: ten, theirs: node },
        goal: { compare: 'difference', atMost: 0.3 },
      },
      {
        ...{ what: what('100,000'), unit, decimals, ours: hundredThousand, theirs: node },
        goal: { compare: 'difference', atMost: 3 },
      },
    ];
  },
};
