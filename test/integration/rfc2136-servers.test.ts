import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { after, before, describe, type TestContext, test } from 'node:test';
import { Rcode, RrType, rcodeText } from '../../src/adapters/dns-wire/constants.ts';
import { FrameReader, frame } from '../../src/adapters/dns-wire/frame-reader.ts';
import { parseMessage } from '../../src/adapters/dns-wire/message.ts';
import type { Primary } from '../../src/application/manage/settings.ts';
import { domainName } from '../../src/domain/domain-name.ts';
import { parseIpAddress } from '../../src/domain/ip-address.ts';
import type { SocketAddress } from '../../src/domain/socket-address.ts';
import type { TsigKey } from '../../src/domain/tsig-key.ts';
import { ttl } from '../../src/domain/ttl.ts';
import { ShiftedClock } from '../fakes/shifted-clock.ts';
import { replacing } from '../support/changes.ts';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { startBind } from '../support/name-servers/bind.ts';
import { describeWithServers, PRIMARIES } from '../support/name-servers/describe-with-servers.ts';
import { KEYS, UPDATE_KEYS } from '../support/name-servers/keys.ts';
import type { NameServer } from '../support/name-servers/name-server.ts';
import { startUnbound } from '../support/name-servers/unbound.ts';
import { CHILD_ZONE, DYN_ZONE, POLICY_ZONE } from '../support/name-servers/zones.ts';
import { valueIn } from '../support/parsed.ts';
import { primaryAt } from '../support/primary-at.ts';
import { type Passed, RecordingProxy } from '../support/recording-proxy.ts';
import { UpdateClient } from '../support/update-client.ts';

const TRANSPORTS = ['tcp', 'udp'] as const;
/** Tests at a time: a request has ten seconds, which many at once on one server would use up on a busy machine. */
const IN_FLIGHT = 4;

/** dynonym with one primary, for one test: PowerDNS takes 20 connections at once. */
function clientOf(
  t: TestContext,
  server: NameServer,
  settings: Partial<Primary> = {},
  clock?: ShiftedClock,
): UpdateClient {
  const client = new UpdateClient([primaryAt(server.socket, settings)], clock);
  t.after(client.close);
  return client;
}

async function dataOf(server: NameServer, name: string, type: string): Promise<readonly string[]> {
  const { answers } = await server.query(name, type);
  return answers
    .filter((record) => record.type === type)
    .map(({ data }) => data)
    .sort();
}

/** A and AAAA as the server shows them. */
async function addressesOf(server: NameServer, name: string): Promise<readonly string[]> {
  return [...(await dataOf(server, name, 'A')), ...(await dataOf(server, name, 'AAAA'))];
}

/** The types that an UPDATE adds or deletes at its names: `A AAAA`. */
const typesIn = ({ message }: Passed) =>
  [...new Set(message.authorities.map(({ type }) => (type === RrType.A ? 'A' : 'AAAA')))].sort().join(' ');

describeWithServers(PRIMARIES, (server, kind) => {
  for (const transport of TRANSPORTS) {
    describe(`${kind} over ${transport}`, () => {
      let proxy: RecordingProxy;
      let client: UpdateClient;
      before(async () => {
        proxy = await RecordingProxy.start(server().socket);
        client = new UpdateClient([primaryAt(proxy.socket, { transport })]);
        // PowerDNS takes the serial from the date with the first update, and moves by one then.
        await client.update(`first-${transport}.${DYN_ZONE}`, '192.0.2.1');
      });
      after(async () => {
        client?.close();
        await proxy?.stop();
      });

      /** Updates, and tells what came of it, the UPDATEs that went out, and by how much the serial moved. */
      async function update(name: string, ...addresses: readonly string[]) {
        const serial = await server().serial();
        proxy.takeUpdates();
        const outcome = await client.update(name, ...addresses);
        const updates = proxy.takeUpdates();
        assert.ok(
          updates.every(({ via }) => via === transport),
          `all by ${transport}`,
        );
        return { outcome, updates: updates.map(typesIn), moved: (await server().serial()) - serial };
      }

      test('an IPv4 address and then an IPv6 address are one UPDATE each, which leaves the other', async () => {
        const name = `families-${transport}.${DYN_ZONE}`;
        const first = await update(name, '192.0.2.1');
        assert.deepEqual(first, { outcome: 'changed', updates: ['A'], moved: 1 });
        const second = await update(name, '2001:db8::1');
        assert.deepEqual(second, { outcome: 'changed', updates: ['AAAA'], moved: 1 });
        assert.deepEqual(await addressesOf(server(), name), ['192.0.2.1', '2001:db8::1']);
      });

      test('both families are one UPDATE, the same again is none, others replace them by one', async () => {
        const name = `both-${transport}.${DYN_ZONE}`;
        const created = await update(name, '192.0.2.1', '2001:db8::1');
        assert.deepEqual(created, { outcome: 'changed', updates: ['A AAAA'], moved: 1 });
        assert.deepEqual(await addressesOf(server(), name), ['192.0.2.1', '2001:db8::1']);

        for (const addresses of [['192.0.2.1', '2001:db8::1'], ['192.0.2.1'], ['2001:DB8:0::1']]) {
          const repeated = await update(name, ...addresses);
          assert.deepEqual(repeated, { outcome: 'unchanged', updates: [], moved: 0 });
        }

        const replaced = await update(name, '192.0.2.2', '2001:db8::2');
        assert.deepEqual(replaced, { outcome: 'changed', updates: ['A AAAA'], moved: 1 });
        assert.deepEqual(await addressesOf(server(), name), ['192.0.2.2', '2001:db8::2']);
      });

      test('several names of a zone are one UPDATE', async () => {
        const names = Array.from({ length: 20 }, (_, index) => `several${index}-${transport}.${DYN_ZONE}`);
        const changes = names.map((name) =>
          replacing(
            domainName(name),
            { type: 'A', ttl: ttl(60), values: [valueIn(parseIpAddress('192.0.2.1'))] },
            { type: 'AAAA', ttl: ttl(60), values: [valueIn(parseIpAddress('2001:db8::1'))] },
          ),
        );
        proxy.takeUpdates();
        const results = await client.updater.apply(DYN_ZONE, changes, performance.now() + 10_000);
        assert.ok(results.every(({ ok }) => ok));
        assert.equal(proxy.takeUpdates().length, 1);
        assert.deepEqual(await addressesOf(server(), names.at(-1) ?? ''), ['192.0.2.1', '2001:db8::1']);
      });

      test('other types at the name survive a change and a removal', async () => {
        const name = `types-${transport}.${DYN_ZONE}`;
        const others = { TXT: '"kept"', MX: '10 mail.example.org.', CAA: '0 issue "ca.example.org"' };
        const lines = Object.entries(others).map(([type, data]) => `update add ${name} 300 ${type} ${data}`);
        assert.equal(await server().nsupdate(`zone ${DYN_ZONE}\n${lines.join('\n')}`), 'NOERROR');
        const assertOthers = async () => {
          for (const [type, data] of Object.entries(others)) {
            assert.deepEqual(await dataOf(server(), name, type), [data]);
          }
        };

        assert.equal(await client.update(name, '192.0.2.1', '2001:db8::1'), 'changed');
        await assertOthers();
        assert.equal(await client.update(name, '192.0.2.2', '2001:db8::2'), 'changed');
        await assertOthers();
        const [removed] = await client.updateAll({ [name]: 'off' });
        assert.deepEqual(removed, { kind: 'changed', addresses: [] });
        assert.deepEqual(await addressesOf(server(), name), []);
        await assertOthers();
      });

      test('addresses that somebody else has put there are replaced as a whole', async () => {
        const name = `others-${transport}.${DYN_ZONE}`;
        const texts = ['192.0.2.1', '192.0.2.2', '192.0.2.3'];
        const lines = texts.map((text) => `update add ${name} 300 A ${text}`);
        assert.equal(await server().nsupdate(`zone ${DYN_ZONE}\n${lines.join('\n')}`), 'NOERROR');
        assert.equal(await client.update(name, '192.0.2.2'), 'changed');
        assert.deepEqual(await addressesOf(server(), name), ['192.0.2.2']);
      });

      test('a wildcard is changed as any name is, and a name that it answers for gets records of its own', async () => {
        const below = `below-${transport}.wild.${DYN_ZONE}`;
        assert.equal(await client.update(`*.star-${transport}.${DYN_ZONE}`, '192.0.2.1'), 'changed');
        assert.deepEqual(await addressesOf(server(), `any.star-${transport}.${DYN_ZONE}`), ['192.0.2.1']);
        assert.equal(await client.update(below, '192.0.2.7'), 'changed');
        assert.deepEqual(await addressesOf(server(), below), ['192.0.2.7']);
        assert.deepEqual(await addressesOf(server(), `other.wild.${DYN_ZONE}`), ['192.0.2.99']);
      });
    });
  }

  describe(`${kind} and its keys`, { concurrency: IN_FLIGHT }, () => {
    for (const key of UPDATE_KEYS) {
      for (const transport of TRANSPORTS) {
        test(`takes updates that are signed with ${key.algorithm}, over ${transport}`, async (t) => {
          const name = `signed-${key.name}-${transport}.${DYN_ZONE}`;
          const client = clientOf(t, server(), { transport, tsig: key });
          assert.equal(await client.update(name, '192.0.2.1', '2001:db8::1'), 'changed');
          assert.equal(await client.update(name, '192.0.2.1', '2001:db8::1'), 'unchanged');
          assert.deepEqual(await addressesOf(server(), name), ['192.0.2.1', '2001:db8::1']);
        });
      }
    }
  });

  describe(`a refusal by ${kind}`, { concurrency: IN_FLIGHT }, () => {
    /**
     * Both transports, each with a name of its own: it fails as it should, in words that name the server and all
     * of `says`; nothing was changed; and who does it right has success at once.
     */
    function refuses(
      what: string,
      settings: () => Partial<Primary>,
      {
        code,
        says = [],
        nameOf,
      }: { code: string; says?: readonly string[]; nameOf?: (label: string) => string },
    ): void {
      for (const transport of TRANSPORTS) {
        test(`is told as what it is: ${what}, over ${transport}`, async (t) => {
          const label = `${what.replaceAll(/\W+/g, '-')}-${transport}`;
          const name = nameOf?.(label) ?? `${label}.${DYN_ZONE}`;
          const before = await addressesOf(server(), name);
          const bad = clientOf(t, server(), { transport, ...settings() });
          const fault = await bad.fail(name, '192.0.2.1', '2001:db8::1');
          assert.equal(fault.code, code, fault.text);
          for (const part of [`127.0.0.1:${server().socket.port}`, ...says]) {
            assert.ok(fault.text.includes(part), `"${part}" in: ${fault.text}`);
          }
          assert.deepEqual(await addressesOf(server(), name), before);

          const good = clientOf(t, server(), { transport });
          assert.equal(await good.update(`good-${label}.${DYN_ZONE}`, '192.0.2.1'), 'changed');
        });
      }
    }

    const forged: TsigKey = { ...KEYS.sha256, secret: Buffer.alloc(32, 1) };
    const unknown: TsigKey = { ...KEYS.sha256, name: domainName('nobodys-key') };
    const misused: TsigKey = { ...KEYS.sha256, algorithm: 'hmac-sha512' };

    refuses('a key with another secret', () => ({ tsig: forged }), {
      code: 'DNS_KEY_REJECTED',
      says: ['"dyn-key"', 'secret'],
    });
    refuses('a key that it does not know', () => ({ tsig: unknown }), {
      code: 'DNS_KEY_REJECTED',
      says: ['"nobodys-key"'],
    });
    refuses('a key with another algorithm', () => ({ tsig: misused }), {
      code: 'DNS_KEY_REJECTED',
      says: ['"dyn-key"', 'algorithm'],
    });
    // Knot does not say more than that it rejects the key.
    refuses('a key that may change nothing', () => ({ tsig: KEYS.powerless }), {
      code: kind === 'knot' ? 'DNS_KEY_REJECTED' : 'DNS_REFUSED',
      says: kind === 'knot' ? ['"other-key"', 'ACL'] : ['"other-key"', 'policy'],
    });
    refuses('messages without a key', () => ({ tsig: undefined }), {
      code: kind === 'knot' ? 'DNS_NOT_AUTHORITATIVE' : 'DNS_REFUSED',
      says: ['TSIG key'],
    });
    refuses('a name by its policy', () => ({ tsig: KEYS.limited }), {
      code: kind === 'knot' ? 'DNS_KEY_REJECTED' : 'DNS_REFUSED',
      says: ['"lim-key"'],
      nameOf: () => `host3.${POLICY_ZONE}`,
    });
    refuses('a name outside of its zones', () => ({}), {
      code: 'DNS_NO_ZONE',
      says: ['serves no zone', 'elsewhere.test'],
      nameOf: (label) => `${label}.elsewhere.test`,
    });
    refuses(
      'a zone that is configured and that it does not serve',
      () => ({ zones: [domainName('elsewhere.test')] }),
      {
        code: kind === 'knot' ? 'DNS_KEY_REJECTED' : 'DNS_NOT_AUTHORITATIVE',
        says: ['does not serve'],
        nameOf: (label) => `${label}.elsewhere.test`,
      },
    );
    refuses('an address beside an alias', () => ({}), {
      code: 'DNS_CNAME',
      says: ['alias', 'CNAME'],
      nameOf: () => `alias.${DYN_ZONE}`,
    });
    refuses('a name below a delegation', () => ({}), {
      code: 'DNS_DELEGATED',
      says: [`deleg.${DYN_ZONE}`, 'delegates elsewhere'],
      nameOf: (label) => `${label}.deleg.${DYN_ZONE}`,
    });
  });

  describe(`${kind} and clocks that differ by an hour`, { concurrency: IN_FLIGHT }, () => {
    for (const hours of [1, -1]) {
      for (const transport of TRANSPORTS) {
        const which = `ours is ${hours > 0 ? 'ahead' : 'behind'}, over ${transport}`;
        const clock = new ShiftedClock(hours * 3_600_000);
        const name = `clock${hours}-${transport}.${DYN_ZONE}`;
        if (kind === 'powerdns') {
          // It does not say what it dislikes about a signature.
          test(`make a fault that names the clocks among what may be wrong: ${which}`, async (t) => {
            const fault = await clientOf(t, server(), { transport }, clock).fail(name, '192.0.2.1');
            assert.equal(fault.code, 'DNS_KEY_REJECTED', fault.text);
            assert.match(fault.text, /the clocks/);
            assert.deepEqual(await addressesOf(server(), name), []);
            assert.equal(await clientOf(t, server(), { transport }).update(name, '192.0.2.1'), 'changed');
          });
        } else {
          test(`let the update be made, and the log says by how much they differ: ${which}`, async (t) => {
            const client = clientOf(t, server(), { transport }, clock);
            assert.equal(await client.update(name, '192.0.2.1'), 'changed');
            assert.equal(await client.update(name, '192.0.2.2'), 'changed');
            assert.deepEqual(await addressesOf(server(), name), ['192.0.2.2']);
            const [warning, ...others] = client.logger.at('warn');
            assert.equal(others.length, 0);
            assert.equal(warning?.fields['primary'], `127.0.0.1:${server().socket.port}`);
            const ahead = Number(warning?.fields['secondsAhead']);
            assert.ok(Math.abs(ahead + hours * 3_600) <= 60, `${ahead} seconds ahead`);
          });
        }
      }
    }
  });

  if (kind !== 'powerdns') {
    test('a key that may change one name changes it, and in one request with another that name alone', async (t) => {
      const client = clientOf(t, server(), { tsig: KEYS.limited });
      const [allowed, forbidden, other] = ['host1', 'host3', 'host2'].map((host) => `${host}.${POLICY_ZONE}`);
      const outcomes = await client.updateAll({
        [`${allowed}`]: ['192.0.2.1'],
        [`${forbidden}`]: ['192.0.2.1'],
        [`${other}`]: ['192.0.2.1', '2001:db8::1'],
      });
      assert.deepEqual(
        outcomes.map(({ kind: outcome }) => outcome),
        ['changed', 'failed', 'changed'],
      );
      assert.deepEqual(await addressesOf(server(), `${forbidden}`), []);
      assert.deepEqual(await addressesOf(server(), `${other}`), ['192.0.2.1', '2001:db8::1']);
    });
  }

  test('a name in a zone further down is not written where nobody would see it', async (t) => {
    const name = `hidden.${CHILD_ZONE}`;
    const lines = [
      `zone ${CHILD_ZONE}`,
      `update add ${name} 60 A 192.0.2.1`,
      `update add ${name} 60 AAAA 2001:db8::1`,
    ];
    assert.equal(await server().nsupdate(lines.join('\n')), 'NOERROR');
    const serial = await server().serial(DYN_ZONE);

    const wrong = await clientOf(t, server(), { zones: [DYN_ZONE] }).fail(name, '192.0.2.2', '2001:db8::2');
    assert.equal(wrong.code, 'DNS_DELEGATED', wrong.text);
    assert.match(wrong.text, /in its zone child\.dyn\.example\.test, and not in dyn\.example\.test/);
    assert.equal(await server().serial(DYN_ZONE), serial);
    assert.deepEqual(await addressesOf(server(), name), ['192.0.2.1', '2001:db8::1']);

    const right = clientOf(t, server(), { zones: [DYN_ZONE, CHILD_ZONE] });
    assert.equal(await right.update(name, '192.0.2.2', '2001:db8::2'), 'changed');
    assert.deepEqual(await addressesOf(server(), name), ['192.0.2.2', '2001:db8::2']);
  });

  test('copies of our messages that arrive late change nothing', async (t) => {
    const proxy = await RecordingProxy.start(server().socket);
    t.after(() => proxy.stop());
    const client = new UpdateClient([primaryAt(proxy.socket)]);
    t.after(client.close);
    const name = `late-copies.${DYN_ZONE}`;
    const sent: Buffer[] = [];
    for (const last of [1, 2, 3]) {
      assert.equal(await client.update(name, `192.0.2.${last}`, `2001:db8::${last}`), 'changed');
      sent.push(...proxy.takeUpdates().map(({ message }) => message.octets));
    }
    assert.equal(sent.length, 3);
    for (const octets of [...sent, ...sent]) {
      for (const send of [sendByUdp, sendByTcp]) {
        const { rcode } = parseMessage(await send(server().socket, octets));
        assert.ok(rcode === Rcode.YXRRSET || rcode === Rcode.NXRRSET, rcodeText(rcode));
      }
    }
    assert.deepEqual(await addressesOf(server(), name), ['192.0.2.3', '2001:db8::3']);
  });
});

describe('a primary without keys, on ::1', () => {
  describeWithServers(
    PRIMARIES,
    (server) => {
      for (const transport of TRANSPORTS) {
        test(`is updated over ${transport}`, async (t) => {
          const client = clientOf(t, server(), { transport, tsig: undefined });
          const name = `open-${transport}.${DYN_ZONE}`;
          assert.equal(await client.update(name, '192.0.2.1', '2001:db8::1'), 'changed');
          assert.equal(await client.update(name, '192.0.2.1', '2001:db8::1'), 'unchanged');
          assert.equal(await client.update(name, '192.0.2.2'), 'changed');
          assert.deepEqual(await addressesOf(server(), name), ['192.0.2.2', '2001:db8::1']);
        });
      }
    },
    { updateKeys: [], address: '::1' },
  );
});

describe('servers that take no updates', () => {
  const name = `home.${DYN_ZONE}`;

  describeWithServers(['nsd'], (server) => {
    for (const transport of TRANSPORTS) {
      test(`NSD is told as such, over ${transport}`, async (t) => {
        const unsigned = await clientOf(t, server(), { transport, tsig: undefined }).fail(name, '192.0.2.1');
        assert.equal(unsigned.code, 'DNS_BAD_MESSAGE', unsigned.text);
        assert.match(unsigned.text, /NOTIMP: it takes no updates/);
        const signed = await clientOf(t, server(), { transport }).fail(name, '192.0.2.1');
        assert.equal(signed.code, 'DNS_KEY_REJECTED', signed.text);
        assert.match(signed.text, /does not know the key "dyn-key"/);
      });
    }
  });

  describeWithTools('unbound', ['unbound', 'named', 'dig', 'nsupdate'], () => {
    let primary: NameServer;
    let resolver: NameServer;
    before(async () => {
      primary = await startBind();
      resolver = await startUnbound({ socket: primary.socket, zones: [DYN_ZONE] });
    });
    after(async () => {
      await resolver?.stop();
      await primary?.stop();
    });

    for (const transport of TRANSPORTS) {
      for (const [zones, what, code] of [
        [[], 'searched for', 'DNS_NO_ZONE'],
        [[DYN_ZONE], 'configured', 'DNS_NOT_AUTHORITATIVE'],
      ] as const) {
        test(`a resolver is told as such, over ${transport}, with its zones ${what}`, async (t) => {
          const unsigned = await clientOf(t, resolver, { transport, zones, tsig: undefined }).fail(
            name,
            '192.0.2.1',
          );
          assert.equal(unsigned.code, code, unsigned.text);
          assert.match(
            unsigned.text,
            zones.length === 0
              ? /correct the granted name, or correct the socket \(dynonym configure dns --socket/
              : /does not serve the zone dyn\.example\.test; correct the zone \(dynonym configure dns --zone/,
          );
          const signed = await clientOf(t, resolver, { transport, zones }).fail(name, '192.0.2.1');
          assert.equal(signed.code, 'DNS_UNVERIFIED', signed.text);
          assert.match(signed.text, /could not confirm: .*is this the primary/);
          assert.deepEqual(await addressesOf(primary, name), []);
        });
      }
    }
  });
});

function sendByTcp({ address, port }: SocketAddress, octets: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const frames = new FrameReader();
    const socket = connect(port, address.text);
    socket.on('error', reject);
    socket.on('data', (chunk: Buffer) => {
      for (const answer of frames.push(chunk)) {
        socket.destroy();
        resolve(answer);
      }
    });
    socket.write(frame(octets));
  });
}

function sendByUdp({ address, port }: SocketAddress, octets: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    socket.on('error', reject);
    socket.on('message', (answer) => {
      socket.close();
      resolve(answer);
    });
    socket.send(octets, port, address.text);
  });
}
