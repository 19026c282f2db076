import { DYN_ZONE } from '../../test/support/name-servers/zones.ts';
import { runProcess } from '../../test/support/run-process.ts';
import { interleaved, type Part } from '../part.ts';
import { secondsToListening } from '../served.ts';
import { serveCommand } from '../servers.ts';
import { bystanders, usersFor } from '../users.ts';

/** What a TOML file is promised for. */
const MANY = 10_000;
/** Nobody answers there, and nobody is asked at the start. */
const DNS_PORT = 9;

/** What comes before the first request: a start, to the first connection that it takes, and a command, to its end. */
export const start: Part = {
  title: 'Start',
  async run(conditions) {
    const [user] = await usersFor([], 1);
    const withUsers = (count: number) =>
      serveCommand(conditions.program, DNS_PORT, bystanders(count, user?.hash ?? '', DYN_ZONE));
    const few = await withUsers(10);
    const many = await withUsers(MANY);
    let granted = 0;
    const secondsToGrant = async (configuration: string) => {
      const [node = '', ...main] = conditions.program;
      granted += 1;
      const args = [
        'configure',
        'users',
        'auth',
        'bystander7',
        `g${granted}.${DYN_ZONE}`,
        '-c',
        configuration,
      ];
      const begin = performance.now();
      const { status, stderr } = await runProcess(node, [...main, ...args]);
      if (status !== 0) throw new Error(`${args.join(' ')}: ${stderr}`);
      return (performance.now() - begin) / 1000;
    };
    const [ten, tenThousand, grantOfMany, grantOfTen, node] = await interleaved(conditions, [
      { name: '10 users', measure: () => secondsToListening(few.port, few.command) },
      { name: '10,000 users', measure: () => secondsToListening(many.port, many.command) },
      { name: '10,000 users', measure: () => secondsToGrant(many.configuration) },
      { name: '10 users', measure: () => secondsToGrant(few.configuration) },
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
    const what = 'start to listening, with users in TOML';
    return [
      { what, unit, decimals, ours: ten, theirs: node, goal: { compare: 'difference', atMost: 0.3 } },
      // The file is read within a second, and an edit of it, with the start of the command, takes two.
      { what, unit, decimals, ours: tenThousand, theirs: ten, goal: { compare: 'difference', atMost: 1 } },
      {
        ...{ what: 'a command that grants a name', unit, decimals, ours: grantOfMany, theirs: grantOfTen },
        goal: { compare: 'ours alone', atMost: 2 },
      },
    ];
  },
};
