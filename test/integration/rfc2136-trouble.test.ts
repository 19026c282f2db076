import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { domainName } from '../../src/domain/domain-name.ts';
import { parseIpv4 } from '../../src/domain/ip-address.ts';
import type { NameChange } from '../../src/domain/record-set.ts';
import { ttl } from '../../src/domain/ttl.ts';
import { replacing } from '../support/changes.ts';
import { inTime } from '../support/in-time.ts';
import { describeWithServers, PRIMARIES } from '../support/name-servers/describe-with-servers.ts';
import type { NameServer } from '../support/name-servers/name-server.ts';
import { DYN_ZONE } from '../support/name-servers/zones.ts';
import { valueIn } from '../support/parsed.ts';
import { primaryAt } from '../support/primary-at.ts';
import { until } from '../support/until.ts';
import { UpdateClient } from '../support/update-client.ts';

const TRANSPORTS = ['tcp', 'udp'] as const;
type Transport = (typeof TRANSPORTS)[number];

function clientOf(t: TestContext, server: NameServer, transport: Transport): UpdateClient {
  const client = new UpdateClient([primaryAt(server.socket, { transport })]);
  t.after(client.close);
  return client;
}

async function ipv4Of(server: NameServer, name: string): Promise<readonly string[]> {
  const { answers } = await server.query(name, 'A');
  return answers.map(({ data }) => data);
}

/** A primary that was away is asked again; how soon is for unit/adapters/rfc2136/primary-health to say. */
async function updateWhenBack(client: UpdateClient, name: string, address: string): Promise<void> {
  const done = async () => ['changed', 'unchanged'].includes(await client.update(name, address));
  await until(done, { what: `${name} to be updated` });
}

/** What is sent when the name was seen with one address and shall have another. */
function replacement(name: string, seen: string, wanted: string): NameChange {
  const [replaces, addresses] = [seen, wanted].map((text) => [valueIn(parseIpv4(text))]);
  return replacing(domainName(name), {
    type: 'A',
    ttl: ttl(60),
    values: addresses ?? [],
    replaces: replaces ?? [],
  });
}

// Each server is in a trouble of its own, and most of the time is spent waiting: all at once.
describe('a primary in trouble', { concurrency: true }, () => {
  describeWithServers(PRIMARIES, (server, kind) => {
    test(`${kind}, stopped and started again, is said to take no connection, and is used again`, async (t) => {
      const clients = TRANSPORTS.map((transport) => ({
        client: clientOf(t, server(), transport),
        name: `stopped-${transport}.${DYN_ZONE}`,
      }));
      for (const { client, name } of clients) assert.equal(await client.update(name, '192.0.2.1'), 'changed');

      await server().stop();
      await Promise.all(
        clients.map(async ({ client, name }) => {
          const fault = await inTime(client.fail(name, '192.0.2.2'), { what: `the fault of ${name}` });
          assert.equal(fault.code, 'DNS_UNREACHABLE', fault.text);
          assert.match(
            fault.text,
            /^could not confirm: the primary 127\.0\.0\.1:\d+ takes no connection \(.*ECONNREFUSED/,
          );
          assert.match(fault.text, /; start it, open its port for TCP on the way, or correct the socket \(/);
        }),
      );

      await server().start();
      for (const { client, name } of clients) {
        await updateWhenBack(client, name, '192.0.2.1');
        assert.equal(await client.update(name, '192.0.2.3'), 'changed');
        assert.deepEqual(await ipv4Of(server(), name), ['192.0.2.3']);
      }
    });
  });

  describeWithServers(PRIMARIES, (server, kind) => {
    test(`${kind}, frozen and going on, is said not to answer, and is used again`, async (t) => {
      const clients = TRANSPORTS.map((transport) => ({
        client: clientOf(t, server(), transport),
        /** Looked up in vain, and so never changed. */
        looked: `looked-${transport}.${DYN_ZONE}`,
        /** Seen before, so that copies of its UPDATE are with the server when it goes on. */
        sent: `sent-${transport}.${DYN_ZONE}`,
      }));
      for (const { client, looked, sent } of clients) {
        for (const name of [looked, sent]) assert.equal(await client.update(name, '192.0.2.1'), 'changed');
      }

      await server().pause();
      await Promise.all(
        clients.map(async ({ client, looked, sent }) => {
          const deadline = performance.now() + 10_000;
          const [fault, [result]] = await Promise.all([
            inTime(client.fail(looked, '192.0.2.2'), { what: `the fault of ${looked}` }),
            inTime(client.updater.apply(DYN_ZONE, [replacement(sent, '192.0.2.1', '192.0.2.2')], deadline), {
              what: `the result of ${sent}`,
            }),
          ]);
          assert.equal(fault.code, 'DNS_TIMEOUT', fault.text);
          assert.match(
            fault.text,
            /^could not confirm: the primary 127\.0\.0\.1:\d+ did not answer in time; /,
          );
          assert.equal(result?.ok === false ? result.fault.code : 'ok', 'DNS_TIMEOUT');
        }),
      );

      server().resume();
      // While the server works off what has piled up.
      await Promise.all(
        clients.flatMap(({ client, looked, sent }) =>
          [looked, sent].map((name) => updateWhenBack(client, name, '192.0.2.3')),
        ),
      );
      for (let look = 0; look < 10; look += 1) {
        for (const { client, looked, sent } of clients) {
          for (const name of [looked, sent]) {
            assert.equal(await client.update(name, '192.0.2.3'), 'unchanged', `${name}, look ${look}`);
          }
        }
      }
      for (const { sent } of clients) assert.deepEqual(await ipv4Of(server(), sent), ['192.0.2.3']);
    });
  });

  describeWithServers(PRIMARIES, (server, kind) => {
    test(`${kind}, restarted in the middle of 1,000 updates, makes them all in the end`, async (t) => {
      const numbers = Array.from({ length: 1_000 }, (_, index) => index);
      const nameOf = (index: number) => `restart${index}.${DYN_ZONE}`;
      const addressOf = (index: number) => `198.51.${100 + (index >> 8)}.${index & 255}`;
      const clients = TRANSPORTS.map((transport) => clientOf(t, server(), transport));

      const outcomes = new Set<string>();
      let done = 0;
      let restarted: Promise<void> | undefined;
      const open = [...numbers];
      const work = async (client: UpdateClient) => {
        for (let index = open.pop(); index !== undefined; index = open.pop()) {
          // As a client does who is told to come back.
          const update = async () => {
            const outcome = await client.update(nameOf(index), addressOf(index));
            outcomes.add(outcome);
            return outcome === 'changed' || outcome === 'unchanged';
          };
          await until(update, { what: `${nameOf(index)} to be updated` });
          done += 1;
          if (done >= 300) restarted ??= server().restart();
        }
      };
      await Promise.all(
        Array.from({ length: 40 }, (_, worker) => work(clients[worker % 2] ?? assert.fail())),
      );
      await restarted;

      // All of it is there; on the way nothing else than "could not confirm" was said.
      const client = clientOf(t, server(), 'tcp');
      const codes = ['DNS_UNREACHABLE', 'DNS_TIMEOUT', 'DNS_SERVER_FAILURE', 'DNS_CONFLICT'];
      for (const outcome of outcomes) {
        assert.ok(['changed', 'unchanged', ...codes].includes(outcome), outcome);
      }
      for (let from = 0; from < numbers.length; from += 50) {
        const batch = numbers.slice(from, from + 50);
        const shown = await Promise.all(batch.map((index) => client.update(nameOf(index), addressOf(index))));
        assert.deepEqual(
          shown,
          batch.map(() => 'unchanged'),
        );
      }
      assert.equal(await client.update(`good-after-restart.${DYN_ZONE}`, '192.0.2.1'), 'changed');
    });
  });
});
