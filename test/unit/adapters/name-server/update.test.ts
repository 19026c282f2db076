import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Opcode, RrClass, RrType, rcodeText, typeText } from '../../../../src/adapters/dns-wire/constants.ts';
import { type Message, parseMessage } from '../../../../src/adapters/dns-wire/message.ts';
import { signMessage, verifyResponse } from '../../../../src/adapters/dns-wire/tsig.ts';
import { appendTsig } from '../../../../src/adapters/dns-wire/tsig-record.ts';
import { type OutgoingRecord, writeMessage } from '../../../../src/adapters/dns-wire/write-message.ts';
import { ZoneFault } from '../../../../src/adapters/name-server/zone-fault.ts';
import type { UpdateGrant } from '../../../../src/application/manage/settings.ts';
import { domainName } from '../../../../src/domain/domain-name.ts';
import { parseNetwork } from '../../../../src/domain/network.ts';
import type { TsigKey } from '../../../../src/domain/tsig-key.ts';
import { addressRecord } from '../../../support/dns-answers.ts';
import { valueIn } from '../../../support/parsed.ts';
import { answerText, EDNS, NameServerBench } from '../../../support/served/name-server-bench.ts';
import { CHILD_ZONE, EXAMPLE_ZONE } from '../../../support/served/zones.ts';
import { type MessageWithOpt, writeWithOpt } from '../../../support/write-with-opt.ts';

const keyNamed = (name: string, seed: number): TsigKey => ({
  name: domainName(name),
  algorithm: 'hmac-sha256',
  secret: Buffer.alloc(32, seed),
});
const FULL = keyNamed('full', 1);
const LIMITED = keyNamed('limited', 2);
const ACME = keyNamed('acme', 3);
const POWERLESS = keyNamed('powerless', 4);
const STRANGER = keyNamed('stranger', 5);

const grant = (parts: Partial<UpdateGrant>): UpdateGrant => ({
  key: undefined,
  networks: [],
  names: [],
  subtrees: [],
  types: [],
  ...parts,
});

function newBench(): NameServerBench {
  return new NameServerBench(
    { 'example.org': EXAMPLE_ZONE, 'child.example.org': CHILD_ZONE },
    {
      'example.org': {
        updates: [
          grant({ key: FULL }),
          grant({
            key: LIMITED,
            names: [domainName('host1.example.org'), domainName('host2.example.org')],
            types: [RrType.A, RrType.AAAA],
          }),
          grant({ key: ACME, subtrees: [domainName('acme.example.org')], types: [RrType.TXT] }),
          grant({
            networks: [valueIn(parseNetwork('198.51.100.0/24'))],
            subtrees: [domainName('open.example.org')],
          }),
          grant({
            key: LIMITED,
            networks: [valueIn(parseNetwork('2001:db8::/32'))],
            names: [domainName('both.example.org')],
          }),
        ],
      },
      'child.example.org': { transfer: [{ key: POWERLESS, networks: [] }] },
    },
  );
}

type Update = Partial<MessageWithOpt> & {
  readonly updates?: readonly OutgoingRecord[];
  readonly zone?: string;
};

function update({ updates = [], zone = 'example.org', ...parts }: Update = {}): Buffer {
  return writeWithOpt({
    id: 0x4321,
    opcode: Opcode.UPDATE,
    question: { name: zone, type: RrType.SOA, class: RrClass.IN },
    authorities: updates,
    ...parts,
  });
}

const ADD = addressRecord('host1.example.org', '192.0.2.7');
const deletion = (name: string, type: number): OutgoingRecord => ({
  name,
  type,
  class: RrClass.ANY,
  ttl: 0,
  rdata: Buffer.alloc(0),
});
const txt = (name: string): OutgoingRecord => ({
  name,
  type: RrType.TXT,
  class: RrClass.IN,
  ttl: 60,
  rdata: Buffer.from('\x05token', 'latin1'),
});

type Answer = { readonly text: string; readonly reply: Message };

/**
 * Sends it signed, and gives the RCODE with what the signature of the answer is worth: `REFUSED verified`,
 * `NOTAUTH BADTIME verified`, `NOTAUTH BADKEY without MAC`, `REFUSED unsigned`.
 */
async function sendSigned(
  bench: NameServerBench,
  message: Buffer,
  key: TsigKey,
  { time = bench.time, fudge = 300, macLength = 32, address = '192.0.2.1' } = {},
): Promise<Answer> {
  const signed = signMessage(message, key, { time, fudge });
  const { tsig } = parseMessage(signed.octets);
  assert.ok(tsig);
  const mac = tsig.mac.subarray(0, macLength);
  const octets = appendTsig(message, { ...tsig, mac });
  const reply = parseMessage(await bench.send(octets, 'tcp', address));
  const verdict = verifyResponse(reply, key, { requestMac: mac, time });
  const rcode = rcodeText(reply.rcode);
  if (verdict.kind === 'verified') {
    return { text: `${rcode}${verdict.error === 0 ? '' : ` ${rcodeText(verdict.error)}`} verified`, reply };
  }
  if (verdict.kind === 'unauthenticated') {
    return { text: `${rcode} ${rcodeText(verdict.error)} without MAC`, reply };
  }
  return { text: `${rcode} ${verdict.kind}`, reply };
}

const rcodeOf = async (bench: NameServerBench, octets: Buffer, address?: string): Promise<string> =>
  rcodeText(parseMessage(await bench.send(octets, 'tcp', address)).rcode);

describe('an update', () => {
  it('signed by who may is made, and answered with the zone section and a signature', async () => {
    const bench = newBench();
    const { text, reply } = await sendSigned(bench, update({ updates: [ADD], zone: 'Example.ORG' }), FULL);
    assert.equal(text, 'NOERROR verified');
    assert.deepEqual(reply.questions, [{ name: 'Example.ORG', type: 6, class: 1 }]);
    assert.deepEqual(
      [reply.id, reply.opcode, reply.answers.length, reply.authorities.length],
      [0x4321, 5, 0, 0],
    );
    assert.equal(
      await bench.ask('host1.example.org A'),
      'NOERROR aa\nanswer host1.example.org 60 A 192.0.2.7',
    );
    assert.match(await bench.ask('example.org SOA'), / 1001 3600 /);
  });

  it('is seen by whoever asks after its answer, and by nobody before', async () => {
    const bench = newBench();
    let release = () => {};
    bench.store.hold = new Promise((resolve) => {
      release = resolve;
    });
    const answered = sendSigned(bench, update({ updates: [ADD] }), FULL);
    assert.match(await bench.ask('host1.example.org A'), /^NXDOMAIN/);
    release();
    assert.equal((await answered).text, 'NOERROR verified');
    assert.match(await bench.ask('host1.example.org A'), /^NOERROR/);
  });

  it('that the disk does not keep is answered SERVFAIL, and an operator hears why', async () => {
    const bench = newBench();
    bench.store.failure = new ZoneFault('ZONE_UNWRITABLE', 'no space left');
    assert.equal((await sendSigned(bench, update({ updates: [ADD] }), FULL)).text, 'SERVFAIL verified');
    assert.equal(bench.logger.at('error').length, 1);
  });

  it('keeps OPT where there was one', async () => {
    const { reply } = await sendSigned(newBench(), update({ updates: [ADD], opt: EDNS }), FULL);
    assert.ok(reply.opt);
  });

  it('with a prerequisite that does not hold changes nothing', async () => {
    const bench = newBench();
    const answers = [deletion('host1.example.org', RrType.A)];
    assert.equal(
      (await sendSigned(bench, update({ updates: [ADD], answers }), FULL)).text,
      'NXRRSET verified',
    );
    assert.match(await bench.ask('host1.example.org A'), /^NXDOMAIN/);
  });

  it('may have compressed names in its RDATA', async () => {
    const bench = newBench();
    const record = {
      name: 'cn.example.org',
      type: RrType.CNAME,
      class: RrClass.IN,
      ttl: 60,
      rdata: Buffer.from([0xc0, 12]),
    };
    assert.equal((await sendSigned(bench, update({ updates: [record] }), FULL)).text, 'NOERROR verified');
    assert.equal(
      await bench.ask('cn.example.org CNAME'),
      'NOERROR aa\nanswer cn.example.org 60 CNAME example.org.',
    );
  });

  it('with RDATA that its type does not have is FORMERR', async () => {
    const record = { ...ADD, rdata: Buffer.from([192, 0, 2]) };
    assert.equal(
      (await sendSigned(newBench(), update({ updates: [record] }), FULL)).text,
      'FORMERR verified',
    );
  });
});

describe('an update that comes again, octet by octet (RFC 8945 section 5.2.3)', () => {
  const replacement = (last: number): Buffer =>
    update({
      updates: [
        deletion('host1.example.org', RrType.A),
        addressRecord('host1.example.org', `192.0.2.${last}`),
      ],
    });
  const signed = (bench: NameServerBench, message: Buffer): Buffer =>
    signMessage(message, FULL, { time: bench.time, fudge: 300 }).octets;
  const addressOf = async (bench: NameServerBench): Promise<string> =>
    (await bench.ask('host1.example.org A')).split(' ').at(-1) ?? '';

  it('gets the earlier answer, and does not undo what came after it', async () => {
    const bench = newBench();
    const first = signed(bench, replacement(1));
    for (const message of [first, signed(bench, replacement(2))]) {
      assert.equal(await rcodeOf(bench, message), 'NOERROR');
    }
    await bench.clock.advance(299_000);
    // The id in the header is not what is signed.
    first.writeUInt16BE(0x7777, 0);
    assert.equal(await rcodeOf(bench, first, '203.0.113.9'), 'NOERROR');
    assert.equal(await addressOf(bench), '192.0.2.2');
  });

  it('gets the same answer while the first is under way, and is made once', async () => {
    const bench = newBench();
    let release = () => {};
    bench.store.hold = new Promise((resolve) => {
      release = resolve;
    });
    const message = signed(bench, replacement(1));
    const answers = [rcodeOf(bench, message), rcodeOf(bench, message)];
    assert.equal(bench.store.underWay, 1);
    release();
    assert.deepEqual(await Promise.all(answers), ['NOERROR', 'NOERROR']);
  });

  it('is made where the first could not be kept', async () => {
    const bench = newBench();
    const message = signed(bench, replacement(1));
    bench.store.failure = new ZoneFault('ZONE_OVERLOADED', 'too many updates wait');
    assert.equal(await rcodeOf(bench, message), 'SERVFAIL');
    bench.store.failure = undefined;
    assert.equal(await rcodeOf(bench, message), 'NOERROR');
    assert.equal(await addressOf(bench), '192.0.2.1');
  });

  it('is made twice without a signature: there is nothing to tell it by', async () => {
    const bench = newBench();
    const open = (last: number) =>
      update({ updates: [addressRecord('open.example.org', `192.0.2.${last}`)] });
    for (let times = 0; times < 2; times += 1) {
      assert.equal(await rcodeOf(bench, open(1), '198.51.100.1'), 'NOERROR');
    }
    assert.equal(bench.logger.at('debug').filter(({ event }) => event.includes('again')).length, 0);
  });
});

describe('an update with a type of signed zones', () => {
  for (const type of [RrType.RRSIG, RrType.NSEC, RrType.NSEC3, RrType.NSEC3PARAM, RrType.SIG, RrType.NXT]) {
    it(`is refused whole, and the operator hears which type it is: ${typeText(type)}`, async () => {
      const bench = newBench();
      const record = {
        name: 'host1.example.org',
        type,
        class: RrClass.IN,
        ttl: 60,
        rdata: Buffer.of(1, 2, 3),
      };
      const { text } = await sendSigned(bench, update({ updates: [ADD, record] }), FULL);
      assert.equal(text, 'REFUSED verified');
      assert.match(await bench.ask('host1.example.org A'), /^NXDOMAIN/);
      assert.deepEqual(
        bench.logger.at('info').map(({ fields }) => fields['type']),
        [typeText(type)],
      );
    });
  }

  it('is taken where it deletes: a zone of earlier may have some', async () => {
    const { text } = await sendSigned(
      newBench(),
      update({ updates: [deletion('host1.example.org', RrType.RRSIG)] }),
      FULL,
    );
    assert.equal(text, 'NOERROR verified');
  });
});

describe('the zone section (RFC 2136 section 3.1)', () => {
  const question = { name: 'example.org', type: RrType.SOA, class: RrClass.IN };

  it('of another type than SOA is FORMERR', async () => {
    const message = update({ question: { ...question, type: RrType.A } });
    assert.equal((await sendSigned(newBench(), message, FULL)).text, 'FORMERR verified');
  });

  it('that is missing is FORMERR', async () => {
    const none = update().subarray(0, 12);
    none.writeUInt16BE(0, 4);
    assert.equal((await sendSigned(newBench(), none, FULL)).text, 'FORMERR verified');
  });

  for (const [title, parts] of [
    ['a zone that is not served', { name: 'example.net' }],
    ['a name that is no apex', { name: 'www.example.org' }],
    ['another class', { class: RrClass.CH }],
  ] as const) {
    it(`with ${title} is NOTAUTH`, async () => {
      const message = update({ question: { ...question, ...parts } });
      assert.equal((await sendSigned(newBench(), message, FULL)).text, 'NOTAUTH verified');
    });
  }

  it('whose zone does not hold a name is NOTZONE, and nothing is made', async () => {
    const bench = newBench();
    const updates = [ADD, addressRecord('host.example.net', '192.0.2.7')];
    assert.equal((await sendSigned(bench, update({ updates }), FULL)).text, 'NOTZONE verified');
    assert.match(await bench.ask('host1.example.org A'), /^NXDOMAIN/);
  });
});

describe('a signature', () => {
  it('by a key that is not known is BADKEY, without a MAC', async () => {
    assert.equal((await sendSigned(newBench(), update(), STRANGER)).text, 'NOTAUTH BADKEY without MAC');
  });

  it('by another algorithm of a known key is BADKEY', async () => {
    const other: TsigKey = { ...FULL, algorithm: 'hmac-sha512' };
    const { text } = await sendSigned(newBench(), update(), other, { macLength: 64 });
    assert.equal(text, 'NOTAUTH BADKEY without MAC');
  });

  it('with another secret is BADSIG, without a MAC', async () => {
    const wrong: TsigKey = { ...FULL, secret: Buffer.alloc(32, 99) };
    assert.equal((await sendSigned(newBench(), update(), wrong)).text, 'NOTAUTH BADSIG without MAC');
  });

  for (const hours of [1, -1]) {
    it(`made ${hours} h from now is BADTIME, signed, with the client's time and ours`, async () => {
      const bench = newBench();
      const time = bench.time + hours * 3600;
      const { text, reply } = await sendSigned(bench, update({ updates: [ADD] }), FULL, { time });
      assert.equal(text, 'NOTAUTH BADTIME verified');
      assert.equal(reply.tsig?.time, time);
      assert.equal(reply.tsig?.otherData.readUIntBE(0, 6), bench.time);
      assert.match(await bench.ask('host1.example.org A'), /^NXDOMAIN/);
    });
  }

  it('is judged by the fudge of its client', async () => {
    const bench = newBench();
    const { reply } = await sendSigned(bench, update(), FULL, { time: bench.time - 3600, fudge: 7200 });
    assert.equal(reply.rcode, 0);
    assert.equal(reply.tsig?.error, 0);
  });

  for (const macLength of [16, 31]) {
    it(`cut to ${macLength} octets is BADTRUNC, signed`, async () => {
      assert.equal(
        (await sendSigned(newBench(), update(), FULL, { macLength })).text,
        'NOTAUTH BADTRUNC verified',
      );
    });
  }

  it('cut to 8 octets is FORMERR', async () => {
    assert.equal((await sendSigned(newBench(), update(), FULL, { macLength: 8 })).text, 'FORMERR unsigned');
  });

  it('on a question is judged too, and answered with one', async () => {
    const bench = newBench();
    const question = { name: 'www.example.org', type: RrType.AAAA, class: RrClass.IN };
    const message = writeMessage({ id: 1, opcode: Opcode.QUERY, question });
    assert.equal((await sendSigned(bench, message, POWERLESS)).text, 'NOERROR verified');
    assert.equal((await sendSigned(bench, message, STRANGER)).text, 'NOTAUTH BADKEY without MAC');
  });
});

describe('a right', () => {
  const cases: readonly [title: string, key: TsigKey, updates: readonly OutgoingRecord[], rcode: string][] = [
    [
      'to names and types covers them',
      LIMITED,
      [ADD, addressRecord('HOST2.example.org', '2001:db8::1')],
      'NOERROR',
    ],
    ['to names does not cover others', LIMITED, [addressRecord('host3.example.org', '192.0.2.7')], 'REFUSED'],
    [
      'to names does not cover what is below them',
      LIMITED,
      [addressRecord('x.host1.example.org', '192.0.2.7')],
      'REFUSED',
    ],
    ['to types does not cover others', LIMITED, [txt('host1.example.org')], 'REFUSED'],
    ['to types covers a deletion of them', LIMITED, [deletion('host1.example.org', RrType.A)], 'NOERROR'],
    [
      'to types does not cover a deletion of the whole name',
      LIMITED,
      [deletion('host1.example.org', RrType.ANY)],
      'REFUSED',
    ],
    [
      'to a part does not cover a message that is more',
      LIMITED,
      [ADD, addressRecord('host3.example.org', '192.0.2.7')],
      'REFUSED',
    ],
    ['to a subtree covers its top', ACME, [txt('acme.example.org')], 'NOERROR'],
    ['to a subtree covers all below', ACME, [txt('_acme-challenge.a.b.acme.example.org')], 'NOERROR'],
    ['to a subtree ends at a label', ACME, [txt('notacme.example.org')], 'REFUSED'],
    ['to nothing is none', POWERLESS, [ADD], 'REFUSED'],
    ['to nothing does not cover an empty update either', POWERLESS, [], 'REFUSED'],
    [
      'of a key and a network needs both',
      LIMITED,
      [addressRecord('both.example.org', '192.0.2.7')],
      'REFUSED',
    ],
  ];
  for (const [title, key, updates, rcode] of cases) {
    it(title, async () => {
      const bench = newBench();
      assert.equal((await sendSigned(bench, update({ updates }), key)).text, `${rcode} verified`);
      if (rcode === 'REFUSED') assert.match(await bench.ask('example.org SOA'), / 1000 3600 /);
    });
  }

  it('of a key and a network is there with both', async () => {
    const message = update({ updates: [txt('both.example.org')] });
    const { text } = await sendSigned(newBench(), message, LIMITED, { address: '2001:db8::7' });
    assert.equal(text, 'NOERROR verified');
  });

  it('of a network needs no key, from there', async () => {
    const bench = newBench();
    const message = update({ updates: [addressRecord('x.open.example.org', '192.0.2.7')] });
    assert.equal(await rcodeOf(bench, message, '198.51.100.9'), 'NOERROR');
    assert.equal(await rcodeOf(bench, message, '198.51.101.9'), 'REFUSED');
    assert.equal(await rcodeOf(bench, update({ updates: [ADD] }), '198.51.100.9'), 'REFUSED');
  });

  it('of a key in one zone is none in another', async () => {
    const message = update({
      updates: [addressRecord('x.child.example.org', '192.0.2.7')],
      zone: 'child.example.org',
    });
    assert.equal((await sendSigned(newBench(), message, FULL)).text, 'REFUSED verified');
  });

  it('is missing to who does not sign', async () => {
    const bench = newBench();
    assert.equal(await rcodeOf(bench, update({ updates: [ADD] })), 'REFUSED');
  });

  it('that is missing is told to the operator where somebody has a key, and never with a secret', async () => {
    const bench = newBench();
    await rcodeOf(bench, update({ updates: [ADD] }));
    await sendSigned(bench, update({ updates: [ADD] }), STRANGER);
    assert.deepEqual(bench.logger.at('info'), []);
    await sendSigned(bench, update({ updates: [ADD] }), POWERLESS);
    await sendSigned(bench, update({ updates: [ADD] }), FULL, { time: bench.time - 3600 });
    assert.deepEqual(
      bench.logger.at('info').map(({ fields }) => fields),
      [
        { zone: 'example.org', client: '192.0.2.1', key: 'powerless' },
        { client: '192.0.2.1', key: 'full', error: 'BADTIME' },
      ],
    );
    for (const { secret } of [FULL, POWERLESS]) {
      assert.ok(!bench.logger.text.includes(Buffer.from(secret).toString('base64')));
    }
  });
});

for (const code of ['ZONE_OVERLOADED', 'ZONE_CLOSED'] as const) {
  it(`an update that comes at a bad moment (${code}) is answered SERVFAIL, and does not fill the log`, async () => {
    const bench = newBench();
    bench.store.failure = new ZoneFault(code, 'not now');
    assert.equal((await sendSigned(bench, update({ updates: [ADD] }), FULL)).text, 'SERVFAIL verified');
    assert.deepEqual(bench.logger.at('error'), []);
  });
}

it('a NOTIFY is not taken: there is no primary above this server', async () => {
  const message = writeMessage({
    id: 7,
    opcode: Opcode.NOTIFY,
    aa: true,
    question: { name: 'example.org', type: RrType.SOA, class: RrClass.IN },
  });
  assert.equal(answerText(parseMessage(await newBench().send(message))), 'NOTIMP');
});
