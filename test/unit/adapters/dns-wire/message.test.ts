import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseMessage } from '../../../../src/adapters/dns-wire/message.ts';
import { octetsOf } from '../../../support/octets.ts';
import { wireFault } from '../../../support/wire-fault.ts';

/** A header with these counts, and what stands behind it. */
const message = (counts: string, body: string) => octetsOf(`1234 8000 ${counts} ${body}`);

const QUESTION = '03 6f7267 00  0001 0001';
const ADDRESS = 'c00c  0001 0001 0000003c  0004 c0000207';
const OPT = '00  0029 04d0 00000000  0000';
const TSIG = '01 6b 00  00fa 00ff 00000000  0018  04 686d6163 00  000000000001 012c 0002 abcd 1234 0000 0000';

describe('a message', () => {
  it('is its header, question and records, sections apart', () => {
    const octets = message(
      '0001 0001 0001 0001',
      `${QUESTION} ${ADDRESS} c00c 0002 0001 80000000 0002 c00c  01 6e c00c  ff00 0003 00000000 0003 616263`,
    );
    const parsed = parseMessage(octets);
    assert.deepEqual(parsed, {
      octets,
      id: 0x1234,
      response: true,
      opcode: 0,
      aa: false,
      tc: false,
      rd: false,
      ra: false,
      ad: false,
      cd: false,
      rcode: 0,
      questions: [{ name: 'org', type: 1, class: 1 }],
      answers: [
        { name: 'org', type: 1, class: 1, ttl: 60, rdata: Buffer.from([192, 0, 2, 7]), rdataOffset: 33 },
      ],
      authorities: [
        { name: 'org', type: 2, class: 1, ttl: 2 ** 31, rdata: octetsOf('c00c'), rdataOffset: 49 },
      ],
      additionals: [
        { name: 'n.org', type: 0xff00, class: 3, ttl: 0, rdata: Buffer.from('abc'), rdataOffset: 65 },
      ],
      opt: undefined,
      tsig: undefined,
    });
    assert.equal(parsed.answers[0]?.rdata.buffer, octets.buffer, 'RDATA is a view, not a copy');
  });

  const flags = { response: 0x8000, aa: 0x0400, tc: 0x0200, rd: 0x0100, ra: 0x0080, ad: 0x0020, cd: 0x0010 };
  for (const [flag, bit] of Object.entries(flags)) {
    it(`has the flag ${flag} in a bit of its own`, () => {
      const header = Buffer.alloc(12);
      header.writeUInt16BE(bit, 2);
      const set = Object.entries(parseMessage(header)).filter(([, value]) => value === true);
      assert.deepEqual(set, [[flag, true]]);
    });
  }

  it('has opcode and RCODE of four bits', () => {
    const { opcode, rcode } = parseMessage(octetsOf('0000 7a0f 0000 0000 0000 0000'));
    assert.deepEqual({ opcode, rcode }, { opcode: 15, rcode: 15 });
  });

  it('may be a header alone: some servers answer so to what they do not implement', () => {
    const { id, response, opcode, rcode, questions } = parseMessage(
      octetsOf('1234 a804 0000 0000 0000 0000'),
    );
    assert.deepEqual(
      { id, response, opcode, rcode, questions },
      {
        id: 0x1234,
        response: true,
        opcode: 5,
        rcode: 4,
        questions: [],
      },
    );
  });

  it('may hold types that nobody knows, and empty RDATA of those that everybody knows', () => {
    const { answers } = parseMessage(
      message('0000 0002 0000 0000', '00 0001 00ff 00000000 0000 00 ff00 0001 00000000 0001 ff'),
    );
    assert.deepEqual(
      answers.map(({ type, rdata }) => [type, rdata.toString('hex')]),
      [
        [1, ''],
        [0xff00, 'ff'],
      ],
    );
  });

  const refusals: readonly [what: string, octets: Buffer, message: RegExp][] = [
    ['nothing', octetsOf(''), /ends too early at octet 0$/],
    ['eleven octets', octetsOf('1234 8000 0000 0000 0000 00'), /ends too early at octet 10$/],
    [
      'a trailing octet',
      message('0001 0000 0000 0000', `${QUESTION} 00`),
      /^1 octets too many in the message at octet 21$/,
    ],
    [
      'two questions',
      message('0002 0000 0000 0000', `${QUESTION} ${QUESTION}`),
      /2 questions in one message at octet 4$/,
    ],
    ['a missing question', message('0001 0000 0000 0000', ''), /too short for 0 records/],
    [
      '65535 records in one of three sections',
      message('0000 0000 ffff 0000', ADDRESS),
      /too short for 65535 records/,
    ],
    ['one record less than promised', message('0001 0002 0000 0000', `${QUESTION} ${ADDRESS}`), /at octet/],
    [
      'one record more than promised',
      message('0001 0001 0000 0000', `${QUESTION} ${ADDRESS} ${ADDRESS}`),
      /16 octets too many/,
    ],
    [
      'half a question',
      message('0001 0000 0000 0000', '03 6f7267 00 0001'),
      /the message ends too early at octet 19$/,
    ],
    [
      'RDLENGTH beyond the end',
      message('0000 0001 0000 0000', '00 0001 0001 00000000 0005 c0000207'),
      /ends too early at octet 23$/,
    ],
    [
      'RDLENGTH short of the next record',
      message('0000 0002 0000 0000', `00 0001 0001 00000000 0003 c0000207 ${OPT}`),
      /./,
    ],
    [
      'an owner that loops',
      message('0000 0001 0000 0000', 'c00c 0001 0001 00000000 0000'),
      /does not lead back at octet 12$/,
    ],
    [
      'a question that loops through a label',
      message('0001 0000 0000 0000', '01 61 c00c 0006 0001'),
      /does not lead back at octet 14$/,
    ],
    [
      'OPT among the answers',
      message('0000 0001 0000 0000', OPT),
      /OPT or TSIG outside of the additional section at octet 12$/,
    ],
    [
      'TSIG among the authorities',
      message('0000 0000 0001 0000', TSIG),
      /OPT or TSIG outside of the additional section at octet 12$/,
    ],
    ['a second OPT', message('0000 0000 0000 0002', `${OPT} ${OPT}`), /a second OPT record at octet 23$/],
    [
      'an OPT whose owner is not the root',
      message('0000 0000 0000 0001', `01 61 ${OPT}`),
      /owner is not the root at octet 12$/,
    ],
    [
      'an OPT with half an option',
      message('0000 0000 0000 0001', '00 0029 04d0 00000000 0003 000a 00'),
      /the OPT record ends too early at octet 25$/,
    ],
    [
      'an OPT with an option beyond its end',
      message('0000 0000 0000 0001', '00 0029 04d0 00000000 0004 000a 0001'),
      /the OPT record ends too early at octet 27$/,
    ],
    [
      'a record behind TSIG',
      message('0000 0000 0000 0002', `${TSIG} ${OPT}`),
      /a record behind TSIG at octet 49$/,
    ],
    ['two TSIG', message('0000 0000 0000 0002', `${TSIG} ${TSIG}`), /a record behind TSIG at octet 49$/],
    [
      'a TSIG of class IN',
      message('0000 0000 0000 0001', TSIG.replace('00ff', '0001')),
      /TSIG record whose class is not ANY/,
    ],
    [
      'a TSIG with a TTL',
      message('0000 0000 0000 0001', TSIG.replace('00000000', '00000001')),
      /TSIG record whose class is not ANY or whose TTL is not 0 at octet 12$/,
    ],
    [
      'a TSIG whose MAC is longer than it',
      message('0000 0000 0000 0001', TSIG.replace('0002 abcd', '00ff abcd')),
      /the TSIG record ends too early at octet 41$/,
    ],
    [
      'a TSIG with octets to spare',
      message('0000 0000 0000 0001', TSIG.replace('0002 abcd', '0001 abcd')),
      /TSIG record/,
    ],
    [
      'a TSIG with a compressed algorithm',
      message(
        '0000 0000 0000 0001',
        '01 6b 00  00fa 00ff 00000000  0014  c00c 000000000001 012c 0002 abcd 1234 0000 0000',
      ),
      /compressed name in a TSIG record at octet 25$/,
    ],
  ];
  for (const [what, octets, text] of refusals) {
    it(`is refused: ${what}`, () => {
      assert.throws(() => parseMessage(octets), wireFault('WIRE_MALFORMED', text));
    });
  }

  it('is refused when compression makes megabytes of names of it', () => {
    const long = `${'01 61'.repeat(127)} 00`;
    const records = Array.from({ length: 1100 }, () => 'c00c 0001 00ff 00000000 0000').join('');
    const counts = (number: number) => `0001 ${number.toString(16).padStart(4, '0')} 0000 0000`;
    assert.equal(
      parseMessage(message(counts(1000), `${long} 0001 0001 ${records.slice(0, 1000 * 28)}`)).answers.length,
      1000,
    );
    assert.throws(
      () => parseMessage(message(counts(1100), `${long} 0001 0001 ${records}`)),
      wireFault('WIRE_MALFORMED', /too many characters of names/),
    );
  });
});

describe('an OPT record', () => {
  it('says size, version, DO and options, and completes the RCODE', () => {
    const options = '000a 0008 0102030405060708  000f 0000';
    const octets = octetsOf(`1234 8007 0000 0000 0000 0001  00 0029 04d0 01028000 0010 ${options}`);
    const { rcode, opt, additionals } = parseMessage(octets);
    assert.equal(rcode, 0x17);
    assert.deepEqual(opt, {
      udpPayloadSize: 1232,
      version: 2,
      dnssecOk: true,
      options: [
        { code: 10, data: octetsOf('0102030405060708') },
        { code: 15, data: Buffer.alloc(0) },
      ],
    });
    assert.deepEqual(additionals, []);
  });

  it('takes the upper bits of the RCODE for unsigned', () => {
    const octets = octetsOf('1234 800f 0000 0000 0000 0001  00 0029 04d0 ff000000 0000');
    assert.equal(parseMessage(octets).rcode, 0xfff);
  });
});

describe('a TSIG record', () => {
  it('is read with its place, its names in lower case', () => {
    const octets = message(
      '0001 0000 0000 0002',
      `${QUESTION} ${OPT}  03 4b6559 c00c  00fa 00ff 00000000  001c
       04 486d4143 00  0000 ffffffff 012c 0002 abcd 4321 0012 0004 01020304`,
    );
    const { tsig, additionals, opt } = parseMessage(octets);
    assert.deepEqual(tsig, {
      offset: 32,
      keyName: 'key.org',
      algorithmName: 'hmac',
      time: 0xffffffff,
      fudge: 300,
      mac: octetsOf('abcd'),
      originalId: 0x4321,
      error: 18,
      otherData: octetsOf('01020304'),
    });
    assert.deepEqual(additionals, []);
    assert.equal(opt?.udpPayloadSize, 1232);
  });
});
