import { DYN_ZONE } from '../../test/support/name-servers/zones.ts';
import { type Bed, logIn, prepareBed } from '../bed.ts';
import { interleaved, type Part } from '../part.ts';
import { updatesTo } from '../requests.ts';
import { startDynonym } from '../servers.ts';
import { bystanders } from '../users.ts';

const MANY = 10_000;
const CONNECTIONS = 64;
const SECONDS = 3;

/** What the 10,000 users that a TOML file is promised for cost each request. */
export const users: Part = {
  title: 'Many users',
  async run(conditions) {
    const few = await prepareBed('BIND', conditions, { names: 1_000, users: 10 });
    const others = bystanders(MANY, few.users[0]?.hash ?? '', DYN_ZONE);
    const everybody = [...others.slice(0, MANY / 2), ...few.users, ...others.slice(MANY / 2)];
    const crowded = await startDynonym(conditions.program, few.primary, everybody);
    await logIn({ ...few, dynonym: crowded });

    const requests = updatesTo(few.fleet.address, 'nochg', few.users);
    const costOf = (name: string, dynonym: Bed['dynonym']) => ({
      name,
      warmsUp: true,
      async measure() {
        const seconds = SECONDS / conditions.scale.divisor;
        const before = dynonym.processorTime;
        const { successes, failed, samples } = await few.load.flood({
          ...{ port: dynonym.port, connections: CONNECTIONS, requests, seconds },
        });
        if (failed.length > 0) throw new Error(`requests failed: ${samples.join('; ')}`);
        return ((dynonym.processorTime - before) * 1e6) / successes;
      },
    });
    const [many, ten] = await interleaved(conditions, [
      costOf('10,000 users', crowded),
      costOf('10 users', few.dynonym),
    ]);
    await crowded.stop();
    await few.stop();
    return [
      {
        ...{ what: 'processor time of a request', unit: 'µs', ours: many, theirs: ten },
        goal: { compare: 'ratio', atMost: 1.2 },
      },
    ];
  },
};
