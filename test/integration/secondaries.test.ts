import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { RrClass, RrType } from '../../src/adapters/dns-wire/constants.ts';
import { FrameReader, frame } from '../../src/adapters/dns-wire/frame-reader.ts';
import { type Message, parseMessage } from '../../src/adapters/dns-wire/message.ts';
import { lowerName } from '../../src/adapters/dns-wire/name.ts';
import type { ResourceRecord } from '../../src/adapters/dns-wire/resource-record.ts';
import type { UpdateRecord } from '../../src/adapters/name-server/zone-update.ts';
import { domainName } from '../../src/domain/domain-name.ts';
import type { SocketAddress } from '../../src/domain/socket-address.ts';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { KEYS, secretText } from '../support/name-servers/keys.ts';
import { NameServer } from '../support/name-servers/name-server.ts';
import { SECONDARIES } from '../support/name-servers/secondaries.ts';
import { Random } from '../support/random.ts';
import { runProcess } from '../support/run-process.ts';
import { query, recordText, servedZone } from '../support/served/name-server-bench.ts';
import { type Served, startAt, startServed } from '../support/served/start-served.ts';
import { EXAMPLE_ZONE } from '../support/served/zones.ts';
import { toolPath } from '../support/tools.ts';
import { until } from '../support/until.ts';

const ZONE = domainName('example.org');
const UPDATES = 1_000;

/** Each has a key of its own, by which the log of the primary tells who did what. */
const KEY_OF = { bind: KEYS.sha384, knot: KEYS.sha512, nsd: KEYS.sha224 } as const;
const KINDS = Object.keys(KEY_OF) as (keyof typeof KEY_OF)[];

/** Every record that a server gives away, in an order that does not depend on it. */
async function recordsOf({ address, port }: SocketAddress, key: boolean): Promise<string[]> {
  const { name, algorithm } = KEYS.sha256;
  const { stdout } = await runProcess(toolPath('dig'), [
    `@${address.text}`,
    ...['-p', String(port), ZONE, 'AXFR', '+noall', '+answer', '+onesoa', '+unknownformat'],
    ...(key ? ['-y', `${algorithm}:${name}:${secretText(KEYS.sha256)}`] : []),
  ]);
  return stdout
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith(';') && !/\bTYPE250\b|\bTSIG\b/.test(line))
    .map((line) => line.replaceAll(/\s+/g, ' ').toLowerCase())
    .sort();
}

const record = (name: string, type: number, rdata: Buffer, rrClass: number = RrClass.IN): UpdateRecord => ({
  name,
  type,
  class: rrClass,
  ttl: rrClass === RrClass.IN ? 60 : 0,
  rdata,
});

/** A change as clients make them: an address replaced, a challenge that comes or goes, a host that is deleted. */
function randomUpdates(random: Random): UpdateRecord[] {
  const name = `host${random.below(200)}.${random.pick(['', 'a.', 'deep.er.'])}example.org`;
  const none = Buffer.alloc(0);
  const replace = (type: number, length: number) => [
    record(name, type, none, RrClass.ANY),
    ...Array.from({ length: 1 + random.below(3) }, () => record(name, type, random.octets(length))),
  ];
  switch (random.below(6)) {
    case 0:
      return [record(name, RrType.ANY, none, RrClass.ANY)];
    case 1:
      return [
        record(`_acme-challenge.${name}`, RrType.TXT, Buffer.concat([Buffer.from([43]), random.octets(43)])),
      ];
    case 2:
      return [record(`_acme-challenge.${name}`, RrType.TXT, none, RrClass.ANY)];
    case 3:
      return replace(RrType.AAAA, 16);
    default:
      return replace(RrType.A, 4);
  }
}

/** One of each kind of answer. (Whose case a name has, its own or that of the question, servers differ about.) */
const QUESTIONS = [
  ...['www A', 'www AAAA', 'www TXT', 'nothing A', 'below.www A', 'opaque TYPE65280'],
  ...['er.empty A', 'empty TXT', 'any.wild A', 'any.at.all.wild TXT', 'any.wild AAAA', 'there.wild A'],
  ...[
    'below.there.wild A',
    '*.wild A',
    'any.wildcname AAAA',
    'alias A',
    'alias2 AAAA',
    'alias CNAME',
    'alias MX',
  ],
  ...['outside A', 'dangling A', 'host.old A', 'missing.old A', 'old A', 'old DNAME', 'x.away A'],
  ...['sub NS', 'sub A', 'x.y.sub A', 'ns.sub AAAA', 'www.bare A', 'sub DS', 'signed DS', 'signed A'],
  ...['_sip._tcp SRV', '_443._tcp.www TLSA', 'host SSHFP', 'ptr PTR'],
  ...['web HTTPS', 'pool HTTPS', 'svc SVCB', 'closed SVCB', 'relay MX', 'kx KX', 'host CAA', 'alias CAA'],
  ...[
    'www NSEC',
    'www RRSIG',
    'nothing NSEC',
    'sub NSEC',
    'host.old NSEC',
    'host.old HTTPS',
    'any.wild HTTPS',
  ],
  ...[
    'empty NSEC',
    'empty ANY',
    'empty NS',
    'empty DS',
    'nothing DS',
    'x.sub DS',
    'host.old DS',
    'any.wild DS',
  ],
  ...['nothing ANY', 'bare ANY', 'below.www NS', 'any.wild NS', 'signed NS', 'old NS', 'old CNAME'],
  ...['host.old DNAME', 'host.old CNAME', 'x.y.old A', 'any.wildcname CNAME', 'any.wildcname DS'],
].map((text) => text.replace(' ', '.example.org '));

describeWithTools('secondaries of our own name server', ['named', 'knotd', 'nsd', 'dig'], () => {
  let primary: Served;
  const secondaries: NameServer[] = [];

  before(async () => {
    const transfer = [KEYS.sha256, ...Object.values(KEY_OF)].map((key) => ({ key, networks: [] }));
    primary = await startServed({ [ZONE]: EXAMPLE_ZONE }, { [ZONE]: { transfer } });
    for (const kind of KINDS) {
      const recipe = SECONDARIES[kind]({ socket: primary.socket, zone: ZONE, key: KEY_OF[kind] });
      secondaries.push(await NameServer.start(recipe));
    }
    // Only now it is known where they are.
    const { socket, data } = primary;
    await primary.stop();
    const notify = KINDS.map((kind, at) => ({
      socket: secondaries[at]?.socket ?? assert.fail(kind),
      key: KEY_OF[kind],
    }));
    primary = await startAt(socket, data, [servedZone(ZONE, { transfer, notify })]);
  });
  after(async () => {
    for (const secondary of secondaries) await secondary.stop();
    await primary.stop();
  });

  test(`follow ${UPDATES} updates by NOTIFY and transfer, and end identical, record by record`, async () => {
    const random = new Random(20);
    const [zone] = primary.store.zones;
    assert.ok(zone);
    for (let update = 0; update < UPDATES; update += 1) {
      const updates = randomUpdates(random);
      assert.equal(await primary.store.update(zone, { prerequisites: [], updates }), 0);
    }
    assert.ok(zone.serial > 1000 + UPDATES / 2);
    const expected = await recordsOf(primary.socket, true);
    assert.ok(expected.length > 300, `${expected.length} records`);
    for (const secondary of secondaries) {
      await until(async () => (await secondary.serial(ZONE)) === zone.serial, {
        what: `${secondary.kind} to have the serial ${zone.serial}`,
      });
      assert.deepEqual(await recordsOf(secondary.socket, false), expected, secondary.kind);
    }
    assert.deepEqual(primary.logger.at('warn'), []);
    assert.deepEqual(primary.logger.at('error'), []);
  });

  test('have got changes, and not the whole zone again', () => {
    const transfers = (kind: keyof typeof KEY_OF, event: string) =>
      primary.logger
        .at('debug')
        .filter((entry) => entry.event === event && entry.fields['key'] === KEY_OF[kind].name).length;
    for (const kind of KINDS) {
      assert.ok(transfers(kind, 'Transfers the changes of a zone') > 0, kind);
      // NSD asks for the whole zone where changes come faster than it reloads.
      if (kind !== 'nsd') assert.equal(transfers(kind, 'Transfers a zone'), 0, kind);
    }
  });

  for (const question of QUESTIONS) {
    test(`answer ${question} as ours does`, async () => {
      const ours = shape(await askByTcp(primary.socket, question));
      for (const secondary of secondaries) {
        const theirs = shape(await askByTcp(secondary.socket, question));
        assert.deepEqual(theirs, ours, secondary.kind);
      }
    });
  }
});

/** What has to be the same with all servers. Some add the NS of the zone to what they found, or addresses. */
function shape(message: Message): unknown {
  const isReferral = !message.aa;
  const texts = (records: readonly ResourceRecord[]) => records.map((one) => recordText(message, one)).sort();
  return {
    rcode: message.rcode,
    aa: message.aa,
    answers: texts(message.answers),
    negative: texts(message.authorities.filter(({ type }) => type === RrType.SOA)).map(lowerName),
    referral: isReferral ? texts(message.authorities).map(lowerName) : [],
    glue: isReferral
      ? texts(message.additionals.filter(({ name }) => name.endsWith('.sub.example.org'))).map(lowerName)
      : [],
  };
}

async function askByTcp({ address, port }: SocketAddress, question: string): Promise<Message> {
  const socket = connect(port, address.text);
  try {
    socket.write(frame(query(question)));
    const frames = new FrameReader();
    for await (const chunk of socket) for (const octets of frames.push(chunk)) return parseMessage(octets);
    throw new Error(`no answer to ${question}`);
  } finally {
    socket.destroy();
  }
}
