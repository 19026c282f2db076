import { prepareBed } from '../bed.ts';
import type { PlannedRequest } from '../load-job.ts';
import { interleaved, type Part } from '../part.ts';
import { get, updatesTo } from '../requests.ts';
import { startKoa, startNodeHttp } from '../servers.ts';
import { basicAuthorization } from '../users.ts';

const CONNECTIONS = 64;
const SECONDS = 3;
const LOGIN = { name: 'alice', password: 'password-of-alice' };

/** Requests a second that change nothing: what HTTP costs, and asking the primary. */
export const http: Part = {
  title: 'Requests that change nothing',
  async run(conditions) {
    const bed = await prepareBed('BIND', conditions, { names: 5_000 });
    const koa = await startKoa(LOGIN);
    const nodeHttp = await startNodeHttp(LOGIN);
    const contender = (name: string, { port }: { port: number }, requests: readonly PlannedRequest[]) => ({
      name,
      warmsUp: true,
      async measure() {
        const seconds = SECONDS / conditions.scale.divisor;
        const result = await bed.load.flood({ port, connections: CONNECTIONS, requests, seconds });
        if (result.failed.length > 0) throw new Error(`requests failed: ${result.samples.join('; ')}`);
        return result.successes / result.seconds;
      },
    });

    const unchanged = updatesTo(bed.fleet.address, 'nochg', bed.users);
    const constant = [{ text: get('/', basicAuthorization(LOGIN)), body: 'nochg\n' }];
    const address = [{ text: get('/ip'), body: '127.0.0.1' }];
    const [update, koaUpdate, nodeUpdate, ip, koaIp, nodeIp] = await interleaved(conditions, [
      contender('dynonym', bed.dynonym, unchanged),
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
        ...{ what: confirmed, unit: '/s', ours: update, theirs: koaUpdate },
        goal: { compare: 'ratio', atLeast: 0.45 },
      },
      { what: confirmed, unit: '/s', ours: update, theirs: nodeUpdate, goal: undefined },
      {
        ...{ what: echo, unit: '/s', ours: ip, theirs: koaIp },
        goal: { compare: 'ratio', atLeast: 0.9 },
      },
      { what: echo, unit: '/s', ours: ip, theirs: nodeIp, goal: undefined },
    ];
  },
};
