import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { UpdateGrant } from '../../src/application/manage/settings.ts';
import { domainName } from '../../src/domain/domain-name.ts';
import { parseNetwork } from '../../src/domain/network.ts';
import type { TsigKey } from '../../src/domain/tsig-key.ts';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { KEYS, secretText, UPDATE_KEYS } from '../support/name-servers/keys.ts';
import { knsupdate } from '../support/name-servers/knsupdate.ts';
import { nsupdate } from '../support/name-servers/nsupdate.ts';
import { startUnbound } from '../support/name-servers/unbound.ts';
import { valueIn } from '../support/parsed.ts';
import { runProcess } from '../support/run-process.ts';
import { type Served, startServed } from '../support/served/start-served.ts';
import { CHILD_ZONE, EXAMPLE_ZONE } from '../support/served/zones.ts';
import { type Tool, toolPath } from '../support/tools.ts';

const ZONE = 'example.org';
/** Like the other zone, but everybody on this machine may change it, without a key. */
const OPEN = 'open.example';
const TINY = 'tiny.example';
const TINY_ZONE = `$ORIGIN ${TINY}.\n@ 300 SOA ns1 hostmaster 1 3600 600 86400 60\n@ 300 NS ns1\nns1 300 A 127.0.0.1\n`;

const grant = (parts: Partial<UpdateGrant>): UpdateGrant => ({
  key: undefined,
  networks: [],
  names: [],
  subtrees: [],
  types: [],
  ...parts,
});

/** What dig and kdig say of an answer that does not verify, or ends too early. */
const TROUBLE = /^;.*(?:fail|BAD|WARNING|ERROR|verify)/m;

/** A key that a test server knows, with a secret that it does not have. */
const WRONG_SECRET: TsigKey = { ...KEYS.sha256, secret: Buffer.alloc(32, 1) };
const UNKNOWN: TsigKey = { ...KEYS.sha256, name: domainName('unknown-key') };
const WRONG_ALGORITHM: TsigKey = { ...KEYS.sha256, algorithm: 'hmac-sha512' };

describeWithTools(
  'clients of our own name server:',
  ['dig', 'kdig', 'nsupdate', 'knsupdate', 'unbound'],
  () => {
    let served: Served;
    before(async () => {
      const loopback = valueIn(parseNetwork('127.0.0.0/8'));
      served = await startServed(
        {
          [ZONE]: EXAMPLE_ZONE,
          'child.example.org': CHILD_ZONE,
          [OPEN]: EXAMPLE_ZONE.replaceAll(ZONE, OPEN),
          [`child.${OPEN}`]: CHILD_ZONE.replaceAll(ZONE, OPEN),
          [TINY]: TINY_ZONE,
        },
        {
          [ZONE]: {
            updates: [
              ...UPDATE_KEYS.map((key) => grant({ key })),
              grant({
                key: KEYS.limited,
                names: [domainName('host1.example.org'), domainName('host2.example.org')],
                types: [1, 28],
              }),
            ],
            transfer: [
              { key: KEYS.sha256, networks: [] },
              { key: KEYS.powerless, networks: [] },
            ],
          },
          [OPEN]: { updates: [grant({ networks: [loopback] })] },
          [TINY]: { updates: [grant({ networks: [loopback] })] },
        },
      );
    });
    after(() => served.stop());

    const at = (): string[] => [`@127.0.0.1`, '-p', String(served.socket.port)];
    const run = async (tool: Tool, args: readonly string[]) =>
      (await runProcess(toolPath(tool), [...at(), ...args])).stdout;
    const serial = (): number => served.store.zone(ZONE)?.serial ?? assert.fail();

    for (const tool of ['dig', 'kdig'] as const) {
      for (const transport of ['+notcp', '+tcp']) {
        test(`${tool} ${transport} reads answers of every kind`, async () => {
          const short = async (...question: string[]) => {
            const output = await run(tool, [...question, '+short', transport]);
            return output.trim().split('\n').sort();
          };
          assert.deepEqual(await short('www.example.org', 'A'), ['192.0.2.80', '192.0.2.81']);
          assert.deepEqual(await short('any.wild.example.org', 'TXT'), ['"from the wildcard"']);
          assert.deepEqual(await short('alias.example.org', 'AAAA'), ['2001:db8::80', 'www.example.org.']);
          assert.deepEqual(await short('opaque.example.org', 'TYPE65280'), ['\\# 4 01020304']);
          assert.deepEqual(await short('example.org', 'CAA'), ['0 issue "ca.example.net"']);
          const missing = await run(tool, ['nothing.example.org', 'A', transport]);
          assert.match(missing, /status: NXDOMAIN/);
          assert.match(missing, /[Ff]lags: qr aa/);
          assert.match(await run(tool, ['version.bind', 'TXT', 'CH', transport]), /status: REFUSED/);
          const edns1 = tool === 'dig' ? ['+edns=1', '+noednsnegotiation'] : ['+edns=1'];
          assert.match(await run(tool, ['www.example.org', 'A', ...edns1, transport]), /BADVERS/);
        });
      }
    }

    test('dig takes our cookie for a good one, and then gets by UDP what is large', async () => {
      const answer = await run('dig', ['www.example.org', 'A', '+cookie']);
      const cookie = /COOKIE: ([0-9a-f]{48}) \(good\)/.exec(answer)?.[1];
      assert.ok(cookie, answer);
    });

    test('dig and kdig get the whole zone, and its changes, with a signature that they verify', async () => {
      const key = `${KEYS.sha256.algorithm}:${KEYS.sha256.name}:${secretText(KEYS.sha256)}`;
      for (const tool of ['dig', 'kdig'] as const) {
        const before = serial();
        const whole = await run(tool, ['example.org', 'AXFR', '-y', key]);
        assert.match(whole, /www\.example\.org\.\s+60\s+IN\s+A\s+192\.0\.2\.80/);
        assert.doesNotMatch(whole, TROUBLE);
        await nsupdate(served.socket, `update add ixfr-${tool}.example.org 60 A 192.0.2.1`, KEYS.sha256);
        const changes = await run(tool, ['example.org', `IXFR=${before}`, '-y', key]);
        assert.match(changes, new RegExp(`ixfr-${tool}\\.example\\.org`));
        assert.doesNotMatch(changes, TROUBLE);
        assert.doesNotMatch(changes, /www\.example\.org/);
      }
    });

    test('Unbound, asking as resolvers do, sees every update, also a name that it knew not to be there', async () => {
      const resolver = await startUnbound({ socket: served.socket, zones: [domainName(ZONE)] });
      try {
        const resolved = async (name: string) =>
          (await resolver.query(name, 'A')).answers.map(({ data }) => data);
        for (let round = 1; round <= 3; round += 1) {
          const name = `seen${round}.example.org`;
          await nsupdate(served.socket, `update add ${name} 0 A 192.0.2.${round}`, KEYS.sha256);
          assert.deepEqual(await resolved(name), [`192.0.2.${round}`]);
          // A TTL of 0 is not kept: the next answer is the next truth.
          const replaced = `update delete ${name} A\nupdate add ${name} 0 A 192.0.2.1${round}`;
          await nsupdate(served.socket, replaced, KEYS.sha256);
          assert.deepEqual(await resolved(name), [`192.0.2.1${round}`]);
        }
        assert.equal((await resolver.query('alias2.example.org', 'AAAA')).answers.length, 3);
        assert.equal((await resolver.query('x.nothing.example.org', 'A')).rcode, 'NXDOMAIN');
        assert.equal((await resolver.query('host.old.example.org', 'A')).answers.length, 3);
      } finally {
        await resolver.stop();
      }
    });

    test('nsupdate finds the zone of a name by itself', async () => {
      for (const name of ['new.example.org', 'deep.new.below.example.org', 'below.www.example.org']) {
        assert.equal(
          await nsupdate(served.socket, `update add ${name} 60 A 192.0.2.1`, KEYS.sha256),
          'NOERROR',
        );
      }
    });

    for (const key of UPDATE_KEYS) {
      test(`nsupdate and knsupdate sign with ${key.algorithm}`, async () => {
        const script = `zone ${ZONE}\nupdate add ${key.algorithm}.example.org 60 A 192.0.2.1`;
        assert.equal(await nsupdate(served.socket, script, key), 'NOERROR');
        assert.equal(await knsupdate(served.socket, script, key), 'NOERROR');
      });
    }

    /** The table of docs/name-server.md: what is sent, what nsupdate and knsupdate say to the answer. */
    type Row = {
      readonly title: string;
      readonly script: string;
      readonly key?: TsigKey | 'unsigned';
      readonly nsupdate: string;
      /** Where knsupdate says it in another way. */
      readonly knsupdate?: string;
      /** Whether the serial moves, the first time. */
      readonly changes?: boolean;
      /** What is there then: a question, and the RDATA of its answer. */
      readonly afterwards?: readonly [name: string, type: string, data: readonly string[]];
    };
    const zone = (script: string, name = ZONE) => `zone ${name}\n${script}`;
    const ADD = zone('update add host1.example.org 60 A 192.0.2.1');
    const rows: readonly Row[] = [
      { title: 'unsigned, key required', script: ADD, key: 'unsigned', nsupdate: 'REFUSED' },
      {
        title: 'unknown key name',
        script: ADD,
        key: UNKNOWN,
        nsupdate: 'NOTAUTH(BADKEY)',
        knsupdate: 'BADKEY',
      },
      {
        title: 'known key, wrong algorithm',
        script: ADD,
        key: WRONG_ALGORITHM,
        nsupdate: 'NOTAUTH(BADKEY)',
        knsupdate: 'BADKEY',
      },
      {
        title: 'bad secret',
        script: ADD,
        key: WRONG_SECRET,
        nsupdate: 'NOTAUTH(BADSIG)',
        knsupdate: 'BADSIG',
      },
      { title: 'valid key, not allowed', script: ADD, key: KEYS.powerless, nsupdate: 'REFUSED' },
      {
        title: 'limited key, its name and type',
        script: ADD,
        key: KEYS.limited,
        nsupdate: 'NOERROR',
        changes: true,
      },
      {
        title: 'limited key, another name',
        script: zone('update add host3.example.org 60 A 192.0.2.1'),
        key: KEYS.limited,
        nsupdate: 'REFUSED',
      },
      {
        title: 'limited key, one of two names',
        script: zone(
          'update add host1.example.org 60 A 192.0.2.2\nupdate add host3.example.org 60 A 192.0.2.1',
        ),
        key: KEYS.limited,
        nsupdate: 'REFUSED',
      },
      {
        title: 'limited key, deletion of nothing at another name',
        script: zone('update delete host3.example.org A'),
        key: KEYS.limited,
        nsupdate: 'REFUSED',
      },
      {
        title: 'key name in upper case',
        script: zone('update add upper.example.org 60 A 192.0.2.1'),
        key: { ...KEYS.sha256, name: 'DYN-KEY' as TsigKey['name'] },
        nsupdate: 'NOERROR',
        changes: true,
      },
      {
        title: 'zone not served',
        script: zone('update add a.example.net 60 A 192.0.2.1', 'example.net'),
        nsupdate: 'NOTAUTH',
      },
      {
        title: 'zone is no apex',
        script: zone('update add a.www.example.org 60 A 192.0.2.1', 'www.example.org'),
        nsupdate: 'NOTAUTH',
      },
      {
        title: 'owner outside of the zone',
        script: zone('update add in.example.org 60 A 192.0.2.1\nupdate add a.example.net 60 A 192.0.2.1'),
        nsupdate: 'NOTZONE',
        afterwards: ['in.example.org', 'A', []],
      },
      {
        title: 'A where a CNAME is',
        script: zone('update add alias.example.org 60 A 192.0.2.1'),
        nsupdate: 'NOERROR',
        afterwards: ['alias.example.org', 'CNAME', ['www.example.org.']],
      },
      {
        title: 'CNAME where an A is',
        script: zone('update add mail.example.org 60 CNAME www.example.org.'),
        nsupdate: 'NOERROR',
        afterwards: ['mail.example.org', 'A', ['192.0.2.25']],
      },
      {
        title: 'the same A again',
        script: zone('update add mail.example.org 300 A 192.0.2.25'),
        nsupdate: 'NOERROR',
      },
      {
        title: 'delete an RRset and add the same A',
        script: zone('update delete mail.example.org A\nupdate add mail.example.org 300 A 192.0.2.25'),
        nsupdate: 'NOERROR',
      },
      {
        title: 'the same A with another TTL',
        script: zone('update add deep.er.empty.example.org 77 A 192.0.2.70'),
        nsupdate: 'NOERROR',
        changes: true,
      },
      {
        title: 'add an A, then delete its RRset',
        script: zone('update add gone.example.org 60 A 192.0.2.1\nupdate delete gone.example.org A'),
        nsupdate: 'NOERROR',
        afterwards: ['gone.example.org', 'A', []],
      },
      {
        title: 'two replacements of one name',
        script: zone(
          'update delete twice.example.org A\nupdate add twice.example.org 60 A 192.0.2.1\nupdate delete twice.example.org A\nupdate add twice.example.org 60 A 192.0.2.2',
        ),
        nsupdate: 'NOERROR',
        changes: true,
        afterwards: ['twice.example.org', 'A', ['192.0.2.2']],
      },
      {
        title: 'type 65280',
        script: zone('update add opaque2.example.org 60 TYPE65280 \\# 2 0102'),
        nsupdate: 'NOERROR',
        changes: true,
        afterwards: ['opaque2.example.org', 'TYPE65280', ['\\# 2 0102']],
      },
      {
        title: 'prerequisite: name in use, and it is not',
        script: zone('prereq yxdomain nobody.example.org\nupdate add p.example.org 60 A 192.0.2.1'),
        nsupdate: 'NXDOMAIN',
      },
      {
        title: 'prerequisite: name not in use, and it is',
        script: zone('prereq nxdomain www.example.org\nupdate add p.example.org 60 A 192.0.2.1'),
        nsupdate: 'YXDOMAIN',
      },
      {
        title: 'prerequisite: RRset exists, and it does not',
        script: zone('prereq yxrrset www.example.org TXT\nupdate add p.example.org 60 A 192.0.2.1'),
        nsupdate: 'NXRRSET',
      },
      {
        title: 'prerequisite: RRset has these values, and it has others',
        script: zone('prereq yxrrset www.example.org A 192.0.2.80\nupdate add p.example.org 60 A 192.0.2.1'),
        nsupdate: 'NXRRSET',
      },
      {
        title: 'prerequisite: no such RRset, and there is one',
        script: zone('prereq nxrrset www.example.org A\nupdate add p.example.org 60 A 192.0.2.1'),
        nsupdate: 'YXRRSET',
      },
      {
        title: 'prerequisite outside of the zone',
        script: zone('prereq yxdomain a.example.net\nupdate add p.example.org 60 A 192.0.2.1'),
        nsupdate: 'NOTZONE',
      },
      {
        title: 'deletion of a name that is not there',
        script: zone('update delete nobody.example.org'),
        nsupdate: 'NOERROR',
      },
      {
        title: 'deletion of an RRset that is not there',
        script: zone('update delete www.example.org TXT'),
        nsupdate: 'NOERROR',
      },
      {
        title: 'deletion of a record that is not there',
        script: zone('update delete www.example.org A 192.0.2.1'),
        nsupdate: 'NOERROR',
      },
      {
        title: 'deletion of SOA and NS of the apex',
        script: zone('update delete example.org SOA\nupdate delete example.org NS'),
        nsupdate: 'NOERROR',
        afterwards: ['example.org', 'NS', ['ns.example.net.', 'ns1.example.org.']],
      },
      {
        title: 'deletion of the last NS',
        script: zone('update delete tiny.example NS ns1.tiny.example.', TINY),
        key: 'unsigned',
        nsupdate: 'NOERROR',
        afterwards: ['tiny.example', 'NS', ['ns1.tiny.example.']],
      },
      {
        title: 'below a delegation',
        script: zone('update add host.sub.example.org 60 A 192.0.2.1'),
        nsupdate: 'NOERROR',
        changes: true,
        afterwards: ['host.sub.example.org', 'A', []],
      },
      {
        title: 'a name of a child zone that is served here',
        script: zone('update add x.child.example.org 60 A 192.0.2.1'),
        nsupdate: 'NOERROR',
        changes: true,
        afterwards: ['x.child.example.org', 'A', []],
      },
      {
        title: 'an NS at a wildcard',
        script: zone('update add *.many.example.org 60 NS ns1.example.org.'),
        nsupdate: 'NOERROR',
        afterwards: ['*.many.example.org', 'NS', []],
      },
      {
        title: 'a DNAME at a wildcard',
        script: zone('update add *.many.example.org 60 DNAME example.net.'),
        nsupdate: 'NOERROR',
        afterwards: ['*.many.example.org', 'DNAME', []],
      },
      {
        title: 'the last address of a name server',
        script: zone('update delete ns1.tiny.example', TINY),
        key: 'unsigned',
        nsupdate: 'REFUSED',
        afterwards: ['ns1.tiny.example', 'A', ['127.0.0.1']],
      },
      {
        title: 'a name server without an address',
        script: zone('update add example.org 60 NS ns2.example.org.'),
        nsupdate: 'REFUSED',
      },
      {
        title: 'an RRset larger than a message',
        script: zone(`update add large.example.org 60 TYPE65280 \\# 64100 ${'00'.repeat(64_100)}`),
        nsupdate: 'SERVFAIL',
        afterwards: ['large.example.org', 'TYPE65280', []],
      },
      {
        title: 'unsigned where a network is allowed',
        script: zone('update add u.tiny.example 60 A 192.0.2.1', TINY),
        key: 'unsigned',
        nsupdate: 'NOERROR',
        afterwards: ['u.tiny.example', 'A', ['192.0.2.1']],
      },
      {
        title: 'all of the apex but SOA and NS',
        script: zone('update delete example.org'),
        nsupdate: 'NOERROR',
        changes: true,
        afterwards: ['example.org', 'MX', []],
      },
    ];
    /** The row as it is in the zone that needs no key. */
    const unsigned = (row: Row): Row => {
      const text = JSON.stringify(row).replaceAll(ZONE, OPEN);
      return { ...JSON.parse(text), key: 'unsigned', title: `${row.title}, unsigned` };
    };
    for (const row of [...rows, ...rows.filter(({ key }) => key === undefined).map(unsigned)]) {
      const { title, script, key = KEYS.sha256, afterwards, changes = false } = row;
      test(`nsupdate hears ${row.nsupdate} to this: ${title}`, async () => {
        const zones = () => [ZONE, OPEN].map((name) => served.store.zone(name)?.serial);
        const before = zones();
        assert.equal(await nsupdate(served.socket, script, key), row.nsupdate);
        assert.equal(String(zones()) !== String(before), changes, 'the serial moves');
        assert.equal(await knsupdate(served.socket, script, key), row.knsupdate ?? row.nsupdate);
        if (afterwards !== undefined) {
          const [name, type, data] = afterwards;
          const answer = await run('dig', [name, type, '+short', '+tcp']);
          assert.deepEqual(answer.split('\n').filter(Boolean).sort(), data);
        }
      });
    }

    test('of two SOAs that together go half of the circle or more the second is ignored', async () => {
      const soa = (serial: number) =>
        `update add tiny.example 300 SOA ns1.tiny.example. hostmaster.tiny.example. ${serial} 3600 600 86400 60`;
      const present = served.store.zone(TINY)?.serial ?? assert.fail();
      const [half, whole] = [present + 0x7fff_ffff, present + 0xffff_fffe].map((serial) => serial >>> 0);
      const script = zone(`${soa(half ?? 0)}\n${soa(whole ?? 0)}`, TINY);
      assert.equal(await nsupdate(served.socket, script, 'unsigned'), 'NOERROR');
      assert.equal(served.store.zone(TINY)?.serial, half);
    });

    test('an A of _x, which is no name of a host, is taken', async () => {
      const script = zone('update add _x.example.org 60 A 192.0.2.1');
      assert.equal(await nsupdate(served.socket, `check-names no\n${script}`, KEYS.sha256), 'NOERROR');
      assert.equal(await knsupdate(served.socket, script, KEYS.sha256), 'NOERROR');
    });

    test('knsupdate sends 300 names in one message, by UDP too', async () => {
      const script = zone(
        Array.from({ length: 300 }, (_, index) => `update add bulk${index}.example.org 60 A 192.0.2.1`).join(
          '\n',
        ),
      );
      const { status } = await runProcess(
        toolPath('knsupdate'),
        ['-y', `${KEYS.sha256.algorithm}:${KEYS.sha256.name}:${secretText(KEYS.sha256)}`],
        { stdin: `server 127.0.0.1 ${served.socket.port}\n${script}\nsend\nquit\n` },
      );
      assert.equal(status, 0);
      assert.equal((await run('dig', ['bulk299.example.org', 'A', '+short'])).trim(), '192.0.2.1');
    });
  },
);
