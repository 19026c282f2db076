import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Opcode } from '../../../../src/adapters/dns-wire/constants.ts';
import { type Message, parseMessage } from '../../../../src/adapters/dns-wire/message.ts';
import type { Opt } from '../../../../src/adapters/dns-wire/opt-record.ts';
import { octetsOf } from '../../../support/octets.ts';
import { Random } from '../../../support/random.ts';
import {
  answerText,
  EDNS,
  NameServerBench,
  query,
  type Transport,
} from '../../../support/served/name-server-bench.ts';
import { EXAMPLE_ZONE } from '../../../support/served/zones.ts';

/** RRsets of all sizes, for answers that do not fit. */
const LARGE_ZONE = `${EXAMPLE_ZONE}
${Array.from({ length: 60 }, (_, index) => `many A 198.51.100.${index}`).join('\n')}
${Array.from({ length: 200 }, (_, index) => `crowd A 198.51.100.${index}`).join('\n')}
text TXT "${'x'.repeat(250)}"
manyalias CNAME many
${Array.from({ length: 20 }, (_, index) => `farm NS ns${index}.farm\nns${index}.farm A 203.0.113.${index}`).join('\n')}
${Array.from({ length: 40 }, (_, index) => `pool MX ${index} mx${index}.pool\nmx${index}.pool A 203.0.113.${index}`).join('\n')}
`;

const bench = new NameServerBench({ 'example.org': LARGE_ZONE });

const COOKIE = 10;
const CLIENT_COOKIE = Buffer.from('2464c4abcf10c957', 'hex');

async function exchange(
  question: string,
  opt: Partial<Opt> | undefined,
  transport: Transport = 'udp',
): Promise<{ reply: Message; size: number }> {
  const request = query(question, opt === undefined ? {} : { opt: { ...EDNS, ...opt } });
  const octets = await bench.send(request, transport);
  return { reply: parseMessage(octets), size: octets.length };
}

/** What a client knows after one exchange. */
async function serverCookie(): Promise<Buffer> {
  const { reply } = await exchange('www.example.org A', { options: [{ code: COOKIE, data: CLIENT_COOKIE }] });
  const data = reply.opt?.options[0]?.data;
  assert.ok(data);
  return data;
}

describe('a message', () => {
  it('has names compressed against the question and each other, octet by octet', async () => {
    const expected = octetsOf(`
      1234 8400 0001 0002 0000 0002   # id; QR AA; counts
      07 6578616d706c65 03 4f7267 00  # "example.Org" at 12
      0002 0001
      c00c 0002 0001 0000012c 0006    # NS ns1.example.org
        03 6e7331 c00c
      c00c 0002 0001 0000012c 0010    # NS ns.example.net: nothing of it is known
        02 6e73 07 6578616d706c65 03 6e6574 00
      c029 0001 0001 0000012c 0004 c0000235
      c029 001c 0001 0000012c 0010 20010db8000000000000000000000053`);
    const reply = await bench.send(query('example.Org NS'));
    assert.equal(reply.toString('hex'), expected.toString('hex'));
  });

  it('has no compressed names in types younger than RFC 1035', async () => {
    const reply = await bench.send(query('_sip._tcp.example.org SRV'));
    const target = Buffer.from('\x04mail\x07example\x03org\x00', 'latin1');
    assert.ok(reply.includes(Buffer.concat([octetsOf('0000 0005 13c4'), target])));
  });
});

describe('over UDP, an answer', () => {
  it('has at most 512 octets without EDNS, and 1232 with it, however much is offered', async () => {
    const data = await serverCookie();
    const proof = { options: [{ code: COOKIE, data }] };
    // 60 addresses need 1001 octets.
    assert.equal((await exchange('many.example.org A', undefined)).reply.tc, true);
    const small = await exchange('many.example.org A', { ...proof, udpPayloadSize: 512 });
    assert.equal(small.reply.tc, true);
    assert.ok(small.size <= 512);
    const whole = await exchange('many.example.org A', { ...proof, udpPayloadSize: 1232 });
    assert.equal(whole.reply.tc, false);
    assert.equal(whole.reply.answers.length, 60);
    const huge = await exchange('crowd.example.org A', { ...proof, udpPayloadSize: 65535 });
    assert.equal(huge.reply.tc, true);
    assert.ok(huge.size <= 1232);
  });

  it('takes a payload size below 512 for 512', async () => {
    const options = [{ code: COOKIE, data: await serverCookie() }];
    const { reply, size } = await exchange('text.example.org TXT', { options, udpPayloadSize: 100 });
    assert.equal(reply.tc, false);
    assert.ok(size > 300);
  });

  it('has whole RRsets or none of them, and TC where one is missing that belongs to it', async () => {
    const options = [{ code: COOKIE, data: await serverCookie() }];
    const { reply } = await exchange('manyalias.example.org A', { options, udpPayloadSize: 512 });
    assert.equal(
      answerText(reply),
      'NOERROR aa tc\nanswer manyalias.example.org 300 CNAME many.example.org.',
    );
  });

  it('has TC where glue of a referral is missing (RFC 9471)', async () => {
    const options = [{ code: COOKIE, data: await serverCookie() }];
    const small = await exchange('www.farm.example.org A', { options, udpPayloadSize: 600 });
    assert.equal(small.reply.tc, true);
    assert.equal(small.reply.authorities.length, 20);
    const large = await exchange('www.farm.example.org A', { options, udpPayloadSize: 1232 });
    assert.equal(large.reply.tc, false);
    assert.equal(large.reply.additionals.length, 20);
  });

  it('goes without additional addresses that have no room, and says nothing of it', async () => {
    const options = [{ code: COOKIE, data: await serverCookie() }];
    const { reply } = await exchange('pool.example.org MX', { options });
    assert.equal(reply.tc, false);
    assert.equal(reply.answers.length, 40);
    assert.ok(reply.additionals.length > 0 && reply.additionals.length < 40, `${reply.additionals.length}`);
  });

  it('is with its headers no larger than three times the question, for a client that may be forged', async () => {
    const random = new Random(7);
    const names = ['text TXT', 'many A', 'farm A', 'pool MX', 'www A', 'nothing A', ' NS', 'mail ANY'];
    for (let run = 0; run < 200; run += 1) {
      const [label, type] = random.pick(names).split(' ');
      const request = query(`${label === '' ? '' : `${label}.`}example.org ${type}`, {
        ...(random.below(2) === 0 ? {} : { opt: { ...EDNS, udpPayloadSize: random.below(65536) } }),
      });
      const reply = await bench.send(request, 'udp');
      assert.ok(reply.length + 28 <= 3 * (request.length + 28), `${reply.length} to ${request.length}`);
    }
    assert.equal((await exchange('text.example.org TXT', {})).reply.tc, true);
  });

  it('has room for what is asked most, whoever asks', async () => {
    for (const question of ['www.example.org A', 'nothing.example.org A', 'example.org SOA']) {
      assert.equal((await exchange(question, undefined)).reply.tc, false, question);
      assert.equal((await exchange(question, {})).reply.tc, false, question);
    }
  });
});

describe('over TCP, an answer', () => {
  it('has all that there is', async () => {
    const { reply } = await exchange('crowd.example.org A', undefined, 'tcp');
    assert.equal(reply.tc, false);
    assert.equal(reply.answers.length, 200);
  });
});

describe('EDNS', () => {
  it('is answered with EDNS: version 0, 1232 octets, DO as it was; and only then', async () => {
    for (const dnssecOk of [true, false]) {
      const { reply } = await exchange('www.example.org A', { dnssecOk, udpPayloadSize: 4096 });
      assert.deepEqual(reply.opt, { udpPayloadSize: 1232, version: 0, dnssecOk, options: [] });
    }
    assert.equal((await exchange('www.example.org A', undefined)).reply.opt, undefined);
    assert.ok((await exchange('example.net A', {})).reply.opt, 'also with REFUSED');
  });

  it('of a version that is not known is answered BADVERS, and nothing else', async () => {
    const { reply } = await exchange('www.example.org A', { version: 1 });
    assert.equal(reply.rcode, 16);
    assert.equal(reply.opt?.version, 0);
    assert.equal(reply.answers.length, 0);
  });

  it('options that are not known are passed over', async () => {
    const options = [
      { code: 65001, data: Buffer.from('abc') },
      { code: 3, data: Buffer.alloc(0) },
    ];
    const { reply } = await exchange('www.example.org A', { options });
    assert.equal(reply.answers.length, 2);
    assert.deepEqual(reply.opt?.options, []);
  });

  it('twice in one message is FORMERR', async () => {
    const one = query('www.example.org A', { opt: EDNS });
    const two = Buffer.concat([one, one.subarray(one.length - 11)]);
    two.writeUInt16BE(2, 10);
    assert.equal(answerText(parseMessage(await bench.send(two))), 'FORMERR');
  });
});

describe('a cookie (RFC 7873)', () => {
  it('of the client comes back with ours behind it', async () => {
    const cookie = await serverCookie();
    assert.equal(cookie.length, 24);
    assert.deepEqual(cookie.subarray(0, 8), CLIENT_COOKIE);
  });

  it('that is ours proves the address, from that address only', async () => {
    const data = await serverCookie();
    const request = query('text.example.org TXT', { opt: { ...EDNS, options: [{ code: COOKIE, data }] } });
    assert.equal(parseMessage(await bench.send(request, 'udp', '192.0.2.1')).tc, false);
    assert.equal(parseMessage(await bench.send(request, 'udp', '192.0.2.2')).tc, true);
    assert.equal(parseMessage(await bench.send(request, 'udp', '2001:db8::1')).tc, true);
  });

  for (const length of [0, 1, 7, 9, 15, 41]) {
    it(`of ${length} octets is FORMERR`, async () => {
      const { reply } = await exchange('www.example.org A', {
        options: [{ code: COOKIE, data: Buffer.alloc(length) }],
      });
      assert.equal(answerText(reply), 'FORMERR');
    });
  }

  it('is to be had without a question', async () => {
    const request = query('www.example.org A', {
      opt: { ...EDNS, options: [{ code: COOKIE, data: CLIENT_COOKIE }] },
    });
    const questionSize = 17 + 4;
    const asking = Buffer.concat([request.subarray(0, 12), request.subarray(12 + questionSize)]);
    asking.writeUInt16BE(0, 4);
    const reply = parseMessage(await bench.send(asking, 'udp'));
    assert.equal(answerText(reply), 'NOERROR');
    assert.deepEqual(reply.opt?.options[0]?.data, await serverCookie());
  });
});

describe('what is no question', () => {
  it('gets no answer when it is a response, or too short for a header', () => {
    const response = query('www.example.org A', { response: true });
    assert.equal(bench.handle(response), undefined);
    for (const length of [0, 1, 11]) {
      assert.equal(bench.handle(query('www.example.org A').subarray(0, length)), undefined);
    }
  });

  it('gets FORMERR when it cannot be read, with its id, its opcode and RD', async () => {
    const cut = query('www.example.org A', { id: 0xabcd, rd: true }).subarray(0, 20);
    assert.equal((await bench.send(cut)).toString('hex'), 'abcd81010000000000000000');
    const update = query('example.org SOA', { id: 0xabcd, opcode: Opcode.UPDATE }).subarray(0, 20);
    assert.equal((await bench.send(update)).toString('hex'), 'abcda8010000000000000000');
  });

  it('gets FORMERR with no question, or with two', async () => {
    const none = query('www.example.org A').subarray(0, 12);
    none.writeUInt16BE(0, 4);
    assert.equal(answerText(parseMessage(await bench.send(none))), 'FORMERR');
    const one = query('www.example.org A');
    const two = Buffer.concat([one, one.subarray(12)]);
    two.writeUInt16BE(2, 4);
    assert.equal(answerText(parseMessage(await bench.send(two))), 'FORMERR');
  });

  it('gets NOTIMP for every opcode but QUERY and UPDATE, readable or not', async () => {
    for (let opcode = 1; opcode < 16; opcode += 1) {
      if (opcode === Opcode.UPDATE) continue;
      const request = query('example.org SOA', { opcode });
      const reply = parseMessage(await bench.send(request));
      assert.equal(answerText(reply), 'NOTIMP', `opcode ${opcode}`);
      assert.equal(reply.opcode, opcode);
      assert.equal(parseMessage(await bench.send(request.subarray(0, 14))).rcode, 4, `opcode ${opcode}`);
    }
  });
});
