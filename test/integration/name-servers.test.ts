import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { startBind } from '../support/name-servers/bind.ts';
import { describeWithServers, PRIMARIES } from '../support/name-servers/describe-with-servers.ts';
import { KEYS, UPDATE_KEYS } from '../support/name-servers/keys.ts';
import type { NameServer } from '../support/name-servers/name-server.ts';
import { startUnbound } from '../support/name-servers/unbound.ts';
import { CHILD_ZONE, DYN_ZONE, POLICY_ZONE } from '../support/name-servers/zones.ts';
import { until } from '../support/until.ts';

/** The data of the records of one type, in an order that does not depend on the server. */
async function dataOf(server: NameServer, name: string, type: string): Promise<string[]> {
  const { answers } = await server.query(name, type);
  return answers
    .filter((record) => record.type === type)
    .map(({ data }) => data)
    .sort();
}

function add(name: string, address: string): string {
  return `zone ${DYN_ZONE}\nupdate add ${name} 60 A ${address}`;
}

describeWithServers(PRIMARIES, (server, kind) => {
  test('serves its zones with authority', async () => {
    const name = `www.${DYN_ZONE}`;
    assert.deepEqual(await server().query(name, 'A'), {
      rcode: 'NOERROR',
      aa: true,
      answers: [{ name, ttl: 300, type: 'A', data: '192.0.2.80' }],
    });
    for (const zone of server().zones) assert.equal((await server().query(zone, 'SOA')).aa, true, zone);
  });

  test('has an alias, a TXT, a wildcard, a delegation and a child zone to stumble over', async () => {
    assert.deepEqual(await dataOf(server(), `alias.${DYN_ZONE}`, 'CNAME'), [`www.${DYN_ZONE}.`]);
    assert.deepEqual(await dataOf(server(), `txt.${DYN_ZONE}`, 'TXT'), ['"one" "two"']);
    assert.deepEqual(await dataOf(server(), `any.wild.${DYN_ZONE}`, 'A'), ['192.0.2.99']);
    assert.equal((await server().query(`x.deleg.${DYN_ZONE}`, 'A')).aa, false);
    assert.deepEqual(await dataOf(server(), `www.${CHILD_ZONE}`, 'A'), ['192.0.2.80']);
    assert.equal((await server().query(`nothing.${DYN_ZONE}`, 'A')).rcode, 'NXDOMAIN');
  });

  test('an addition and a deletion are seen, and each moves the serial', async () => {
    const name = `seen.${DYN_ZONE}`;
    const first = await server().serial();
    assert.equal(await server().nsupdate(add(name, '192.0.2.1')), 'NOERROR');
    assert.deepEqual(await dataOf(server(), name, 'A'), ['192.0.2.1']);
    const second = await server().serial();
    assert.ok(second > first, `${second} after ${first}`);
    assert.equal(await server().nsupdate(`zone ${DYN_ZONE}\nupdate delete ${name}`), 'NOERROR');
    assert.equal((await server().query(name, 'A')).rcode, 'NXDOMAIN');
    assert.ok((await server().serial()) > second);
  });

  for (const key of UPDATE_KEYS) {
    test(`takes an update signed with ${key.algorithm}`, async () => {
      const name = `${key.name}.${DYN_ZONE}`;
      assert.equal(await server().nsupdate(add(name, '192.0.2.2'), key), 'NOERROR');
      assert.deepEqual(await dataOf(server(), name, 'A'), ['192.0.2.2']);
    });
  }

  test('refuses who may not: unsigned, a key without rights, a wrong secret', async () => {
    const name = `refused.${DYN_ZONE}`;
    const forged = { ...KEYS.sha256, secret: new Uint8Array(32) };
    for (const key of ['unsigned', KEYS.powerless, forged] as const) {
      assert.match(await server().nsupdate(add(name, '192.0.2.3'), key), /^(REFUSED|NOTAUTH)/);
    }
    assert.equal((await server().query(name, 'A')).rcode, 'NXDOMAIN');
  });

  test('the policy zone refuses a name to the limited key', async () => {
    const update = (host: string) => `zone ${POLICY_ZONE}\nupdate add ${host}.${POLICY_ZONE} 60 A 192.0.2.4`;
    assert.match(await server().nsupdate(update('host3'), KEYS.limited), /^(REFUSED|NOTAUTH)/);
    assert.deepEqual(await dataOf(server(), `host3.${POLICY_ZONE}`, 'A'), []);
    // PowerDNS has no policies by name: a key may change a zone or not.
    if (kind !== 'powerdns') {
      assert.equal(await server().nsupdate(update('host1'), KEYS.limited), 'NOERROR');
      assert.deepEqual(await dataOf(server(), `host1.${POLICY_ZONE}`, 'A'), ['192.0.2.4']);
    }
  });

  test('a paused server keeps silent, and a resumed one answers', async () => {
    await server().pause();
    assert.equal(await server().answers(), false);
    server().resume();
    await until(() => server().answers(), { what: 'an answer' });
  });

  test('what was acknowledged is there after a restart and after a kill', async () => {
    const name = `kept.${DYN_ZONE}`;
    assert.equal(await server().nsupdate(add(name, '192.0.2.5')), 'NOERROR');
    const { pid } = server();
    await server().restart();
    assert.notEqual(server().pid, pid);
    assert.deepEqual(await dataOf(server(), name, 'A'), ['192.0.2.5']);

    assert.equal(await server().nsupdate(add(name, '192.0.2.6')), 'NOERROR');
    await server().kill();
    assert.equal(await server().answers(), false);
    await server().start();
    assert.deepEqual(await dataOf(server(), name, 'A'), ['192.0.2.5', '192.0.2.6']);
  });

  test('a stopped server is gone, also when it was paused', async () => {
    const { pid } = server();
    await server().pause();
    await server().stop();
    assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
    assert.throws(() => server().pid);
    await server().start();
  });

  test('has a log that speaks of its zones', () => {
    assert.ok(server().log().includes(DYN_ZONE));
  });
});

describe('without keys, on ::1', () => {
  describeWithServers(
    PRIMARIES,
    (server) => {
      test('takes an unsigned update', async () => {
        assert.equal(server().socket.address.text, '::1');
        assert.equal(await server().nsupdate(add(`open.${DYN_ZONE}`, '192.0.2.7')), 'NOERROR');
        assert.deepEqual(await dataOf(server(), `open.${DYN_ZONE}`, 'A'), ['192.0.2.7']);
      });
    },
    { updateKeys: [], address: '::1' },
  );
});

describeWithServers(['nsd'], (server) => {
  test('answers with authority and takes no update', async () => {
    assert.equal((await server().query(DYN_ZONE, 'SOA')).aa, true);
    assert.equal(await server().nsupdate(add(`no.${DYN_ZONE}`, '192.0.2.8')), 'NOTIMP');
  });
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

  test('resolves what its upstream holds, without authority, and takes no update', async () => {
    const name = `fresh.${DYN_ZONE}`;
    assert.equal(await primary.nsupdate(add(name, '192.0.2.9')), 'NOERROR');
    const { aa, answers } = await resolver.query(name, 'A');
    assert.equal(aa, false);
    assert.deepEqual(
      answers.map(({ data }) => data),
      ['192.0.2.9'],
    );
    assert.equal(await resolver.nsupdate(add(name, '192.0.2.10'), KEYS.sha256), 'NOTIMP');
  });
});
