import { prepareBed } from '../bed.ts';
import { changesPerSecond, oneDynonym } from '../changes.ts';
import type { PlannedRequest } from '../load-job.ts';
import { interleaved, type Part } from '../part.ts';
import { get, updatesTo } from '../requests.ts';
import { startKoa, startNodeHttp } from '../servers.ts';
import { basicAuthorization } from '../users.ts';

const CONNECTIONS = 64;
const SECONDS = 3;
const CHANGES = 20_000;
const SHARE_OF_KOA = { compare: 'ratio', atLeast: 0.38 } as const;
const LOGIN = { name: 'alice', password: 'password-of-alice' };

/** Requests a second beside those that bare Koa answers: a figure that hangs on no name server's mood. */
export const http: Part = {
  title: 'Requests beside bare Koa',
  async run(conditions) {
    const bed = await prepareBed('BIND', conditions, { names: 5_000 });
    const koa = await startKoa(LOGIN);
    const nodeHttp = await startNodeHttp(LOGIN);
    const requestsPerSecond = async ({ port }: { port: number }, requests: readonly PlannedRequest[]) => {
      const seconds = SECONDS / conditions.scale.divisor;
      const result = await bed.load.flood({ port, connections: CONNECTIONS, requests, seconds });
      if (result.failed.length > 0) throw new Error(`requests failed: ${result.samples.join('; ')}`);
      return result.successes / result.seconds;
    };
    const contender = (name: string, server: { port: number }, requests: readonly PlannedRequest[]) => ({
      name,
      warmsUp: true,
      measure: () => requestsPerSecond(server, requests),
    });

    /** All names have the address of the fleet when this is asked. */
    const unchanged = {
      name: 'dynonym, unchanged addresses',
      warmsUp: true,
      measure: () => requestsPerSecond(bed.dynonym, updatesTo(bed.fleet.address, 'nochg', bed.users)),
    };
    const constant = [{ text: get('/', basicAuthorization(LOGIN)), body: 'nochg\n' }];
    const address = [{ text: get('/ip'), body: '127.0.0.1' }];
    const changes = CHANGES / conditions.scale.divisor;
    const [changed, update, koaUpdate, nodeUpdate, ip, koaIp, nodeIp] = await interleaved(conditions, [
      {
        name: 'dynonym, changed addresses',
        warmsUp: true,
        measure: () => changesPerSecond(oneDynonym(bed), CONNECTIONS, changes),
      },
      unchanged,
      contender('bare Koa with a constant', koa, constant),
      contender('bare node:http with a constant', nodeHttp, constant),
      contender('dynonym', bed.dynonym, address),
      contender('bare Koa', koa, address),
      contender('bare node:http', nodeHttp, address),
    ]);
    await bed.primary.assertHolds(bed.fleet);
    await nodeHttp.stop();
    await koa.stop();
    await bed.stop();

    const confirmed = `unchanged addresses, each confirmed by BIND, ${CONNECTIONS} connections`;
    const echo = `\`/ip\`, ${CONNECTIONS} connections`;
    return [
      {
        ...{ what: `changed addresses, ${CONNECTIONS} connections`, unit: '/s' },
        ...{ ours: changed, theirs: koaUpdate, goal: SHARE_OF_KOA },
      },
      { what: confirmed, unit: '/s', ours: update, theirs: koaUpdate, goal: SHARE_OF_KOA },
      { what: confirmed, unit: '/s', ours: update, theirs: nodeUpdate, goal: undefined },
      { what: echo, unit: '/s', ours: ip, theirs: koaIp, goal: undefined },
      { what: echo, unit: '/s', ours: ip, theirs: nodeIp, goal: undefined },
    ];
  },
};
