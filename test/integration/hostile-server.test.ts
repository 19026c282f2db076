import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { Rcode } from '../../src/adapters/dns-wire/constants.ts';
import { frame } from '../../src/adapters/dns-wire/frame-reader.ts';
import type { DnsFaultCode } from '../../src/application/ports/dns-fault.ts';
import type { DnsResult, DnsUpdater } from '../../src/application/ports/dns-updater.ts';
import { parseIpv4 } from '../../src/domain/ip-address.ts';
import { ttl } from '../../src/domain/ttl.ts';
import { replacing } from '../support/changes.ts';
import { inTime } from '../support/in-time.ts';
import { KEYS } from '../support/name-servers/keys.ts';
import { valueIn } from '../support/parsed.ts';
import { primaryAt } from '../support/primary-at.ts';
import { ScriptedNameServer } from '../support/scripted-name-server.ts';
import { UpdateClient } from '../support/update-client.ts';
import {
  type Asked,
  asked,
  garbage,
  HOSTILITIES,
  type Hostility,
  type Keys,
  NAME,
  type Operation,
  UNHEARD,
  ZONE,
} from './hostile-server.cases.ts';

/** The milliseconds of a request that only its deadline ends. By UDP it turns to TCP after a second and a half. */
const TIME = { tcp: 1_000, udp: 2_500 } as const;
/** The same where the server has to be heard before the deadline, on a machine with much to do. */
const TIME_TO_HEAR = 6_000;
/** For how long one asks that is told something, on a machine with much to do. */
const PATIENCE = 20_000;
const UNANSWERED: readonly DnsFaultCode[] = ['DNS_TIMEOUT', 'DNS_UNREACHABLE'];

const OPERATIONS = {
  findZone: (updater: DnsUpdater, deadline: number) => updater.findZone(NAME, deadline),
  lookUp: (updater: DnsUpdater, deadline: number) =>
    updater.lookUp({ zone: ZONE, name: NAME, types: ['A', 'AAAA'], fresh: true }, deadline),
  apply: async (updater: DnsUpdater, deadline: number) => {
    const addresses = [valueIn(parseIpv4('192.0.2.1'))];
    const change = replacing(NAME, { type: 'A' as const, ttl: ttl(60), values: addresses });
    const [result] = await updater.apply(ZONE, [change], deadline);
    return result ?? assert.fail('no result');
  },
} satisfies Readonly<
  Record<Operation, (updater: DnsUpdater, deadline: number) => Promise<DnsResult<unknown>>>
>;

/** A server that is hostile until it `relents`, and honest from then on. */
async function startServer(t: TestContext, { answer, onConnection }: Hostility) {
  let hostile = true;
  const server: ScriptedNameServer = await ScriptedNameServer.start({
    onRequest: (request) => {
      const one = asked(request);
      return hostile ? answer(one, server) : [{ send: one.honest() }];
    },
    onConnection: () => (hostile ? (onConnection?.() ?? []) : []),
  });
  t.after(() => server.stop());
  const relent = () => {
    hostile = false;
  };
  return { server, relent };
}

/** Every other operation finds the zone configured, so that nothing else is asked. */
function clientOf(
  t: TestContext,
  { socket }: ScriptedNameServer,
  { transport, keys, operation }: { transport: 'tcp' | 'udp'; keys: Keys; operation: Operation },
): UpdateClient {
  const client = new UpdateClient([
    primaryAt(socket, {
      transport,
      tsig: keys === 'with a key' ? KEYS.sha256 : undefined,
      zones: operation === 'findZone' ? [] : [ZONE],
    }),
  ]);
  t.after(client.close);
  return client;
}

function timeOf(codes: readonly DnsFaultCode[], transport: 'tcp' | 'udp'): number {
  if (codes.some((code) => UNANSWERED.includes(code))) return TIME[transport];
  return codes.includes('DNS_SERVER_FAILURE') ? TIME_TO_HEAR : PATIENCE;
}

/** It fails as it may, in time, whatever is asked; and the next request to an honest server has success. */
function hasNoSuccess(what: string, hostility: Hostility, transport: 'tcp' | 'udp', keys: Keys): void {
  const { codes, operations = ['findZone', 'lookUp', 'apply'] } = hostility;
  const time = timeOf(codes, transport);
  test(`has no success where the server sends or does this: ${what}, over ${transport}, ${keys}`, async (t) => {
    const { server, relent } = await startServer(t, hostility);
    const failed = await Promise.all(
      operations.map(async (operation) => {
        const client = clientOf(t, server, { transport, keys, operation });
        const deadline = performance.now() + time;
        const result = await inTime<DnsResult<unknown>>(OPERATIONS[operation](client.updater, deadline), {
          what: `the result of ${operation}`,
        });
        assert.ok(!result.ok, `${operation} is no success`);
        const { code, message, refused } = result.fault;
        assert.ok(codes.includes(code), `${operation}: ${code}: ${message}`);
        return { operation, client, refused };
      }),
    );

    relent();
    for (const { operation, client, refused } of failed) {
      // For a minute it is remembered that there is no such zone.
      if (operation === 'findZone' && refused) continue;
      const result = await OPERATIONS[operation](client.updater, performance.now() + PATIENCE);
      assert.ok(result.ok, `${operation} has success afterwards`);
    }
  });
}

describe('a request to a hostile server', { concurrency: 24 }, () => {
  for (const [what, hostility] of Object.entries(HOSTILITIES)) {
    for (const transport of ['tcp', 'udp'] as const) {
      for (const keys of hostility.keys ?? (['with a key', 'without a key'] as const)) {
        hasNoSuccess(what, hostility, transport, keys);
      }
    }
  }
});

// One after another: these take all of the machine.
describe('a request to a server that sends without end', () => {
  const flood: Hostility = {
    answer: ({ via }) => [
      { flood: via === 'tcp' ? frame(garbage.subarray(0, 5_000)) : garbage.subarray(0, 500) },
    ],
    codes: UNHEARD,
  };
  const unaskedFlood: Hostility = {
    answer: () => [],
    onConnection: () => [{ flood: frame(garbage) }],
    codes: UNHEARD,
  };
  for (const transport of ['tcp', 'udp'] as const) {
    hasNoSuccess('garbage without end', flood, transport, 'with a key');
  }
  hasNoSuccess('garbage without end before it is asked anything', unaskedFlood, 'tcp', 'with a key');
});

describe('an answer that comes late', () => {
  /** The answer to the first request, under the id of this one. */
  const disguised = (first: Asked, { message }: Asked): Buffer => {
    const octets = first.honest();
    octets.writeUInt16BE(message.id, 0);
    return octets;
  };

  for (const transport of ['tcp', 'udp'] as const) {
    test(`to an earlier attempt is none to the next, over ${transport}`, async (t) => {
      const requests: Asked[] = [];
      const { server } = await startServer(t, {
        answer: (one) => {
          requests.push(one);
          const [first = one] = requests;
          if (first !== one) return [{ send: first.honest() }, { send: disguised(first, one) }];
          // The first answer by UDP comes when the client has turned to TCP.
          return transport === 'tcp'
            ? ['close']
            : [{ when: () => requests.length > 1 }, { send: one.honest() }];
        },
        codes: [],
      });
      const client = clientOf(t, server, { transport, keys: 'with a key', operation: 'apply' });
      const result = await OPERATIONS.apply(client.updater, performance.now() + PATIENCE);
      assert.equal(requests.length, 2);
      assert.equal(result.ok ? 'a success' : result.fault.code, 'DNS_UNVERIFIED');
    });
  }
});

describe('an honest answer is a success', () => {
  const operation = 'apply';
  const apply = ({ updater }: UpdateClient) => OPERATIONS.apply(updater, performance.now() + PATIENCE);
  const start = (t: TestContext, answer: Hostility['answer']) => startServer(t, { answer, codes: [] });

  for (const keys of ['with a key', 'without a key'] as const) {
    test(`by TCP after a truncated one by UDP, ${keys}`, async (t) => {
      const { server } = await start(t, (one) => [{ send: one.honest({ tc: one.via === 'udp' }) }]);
      const client = clientOf(t, server, { transport: 'udp', keys, operation });
      assert.equal((await apply(client)).ok, true);
      assert.deepEqual(
        server.requests.map(({ via }) => via),
        ['udp', 'tcp'],
      );
    });

    if (keys === 'with a key') {
      test('after a forgery by UDP, where anybody may send one, and none by TCP', async (t) => {
        const { server } = await start(t, (one) => [
          { send: one.unsigned({ rcode: Rcode.REFUSED }) },
          { send: one.honest() },
        ]);
        const byUdp = await apply(clientOf(t, server, { transport: 'udp', keys, operation }));
        const byTcp = await apply(clientOf(t, server, { transport: 'tcp', keys, operation }));
        assert.equal(byUdp.ok, true);
        assert.equal(byTcp.ok ? 'a success' : byTcp.fault.code, 'DNS_KEY_REJECTED');
        assert.deepEqual(
          server.requests.map(({ via }) => via),
          ['udp', 'tcp'],
        );
      });
    }

    for (const transport of ['tcp', 'udp'] as const) {
      test(`before a second one that says something else, over ${transport}, ${keys}`, async (t) => {
        const { server } = await start(t, (one) => [
          { send: one.honest() },
          { send: one.honest({ rcode: Rcode.REFUSED }) },
          { send: one.honest() },
        ]);
        const client = clientOf(t, server, { transport, keys, operation });
        for (let times = 0; times < 3; times += 1) assert.equal((await apply(client)).ok, true);
        assert.equal(server.requests.length, 3);
      });

      test(`in whatever order they come, over ${transport}, ${keys}`, async (t) => {
        const all = 8;
        let answered = 0;
        const { server } = await start(t, (one) => [
          // The last to be asked is the first to be answered.
          { when: () => server.requests.length === all && answered >= all - 1 - one.index },
          { send: one.honest({ rcode: one.index % 2 === 0 ? Rcode.NOERROR : Rcode.NOTZONE }) },
          {
            when: () => {
              answered += 1;
              return true;
            },
          },
        ]);
        const client = clientOf(t, server, { transport, keys, operation });
        const results = await Promise.all(Array.from({ length: all }, () => apply(client)));
        assert.equal(results.filter(({ ok }) => ok).length, all / 2);
      });
    }
  }
});
