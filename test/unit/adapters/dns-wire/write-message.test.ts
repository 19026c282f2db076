import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseMessage } from '../../../../src/adapters/dns-wire/message.ts';
import { readName } from '../../../../src/adapters/dns-wire/name.ts';
import {
  MAX_MESSAGE,
  type OutgoingMessage,
  type OutgoingRecord,
  writeMessage,
} from '../../../../src/adapters/dns-wire/write-message.ts';
import { fuzzRuns } from '../../../support/fuzz-runs.ts';
import { octetsOf } from '../../../support/octets.ts';
import { wireFault } from '../../../support/wire-fault.ts';
import { type MessageWithOpt, writeWithOpt } from '../../../support/write-with-opt.ts';

const QUESTION = { name: 'example.org', type: 1, class: 1 };
const PLAIN: OutgoingMessage = { id: 0x1234, opcode: 0, question: QUESTION };
const NOTHING: Buffer = Buffer.alloc(0);

const record = (name: string, rdata = NOTHING): OutgoingRecord => ({
  name,
  type: 1,
  class: 1,
  ttl: 60,
  rdata,
});

/** The message as it is read back, as far as it could be given to the writer. */
function writtenAndRead(message: MessageWithOpt): unknown {
  const {
    octets: _octets,
    tsig: _tsig,
    questions,
    answers,
    authorities,
    additionals,
    ...rest
  } = parseMessage(writeWithOpt(message));
  const data = [answers, authorities, additionals].map((records) =>
    records.map(({ rdataOffset: _offset, ...fields }) => ({ ...fields, rdata: Buffer.from(fields.rdata) })),
  );
  return { ...rest, question: questions[0], answers: data[0], authorities: data[1], additionals: data[2] };
}

describe('a message that is written', () => {
  it('asks for no recursion and sets no flag unless told to', () => {
    assert.deepEqual(
      writeMessage(PLAIN),
      octetsOf('1234 0000 0001 0000 0000 0000  07 6578616d706c65 03 6f7267 00 0001 0001'),
    );
  });

  it('compresses owners and leaves RDATA alone', () => {
    const name = octetsOf('07 6578616d706c65 03 6f7267 00');
    assert.deepEqual(
      writeMessage({
        ...PLAIN,
        response: true,
        answers: [{ ...record('a.example.org', name), type: 5 }, record('A.example.org')],
      }),
      octetsOf(`1234 8000 0001 0002 0000 0000  07 6578616d706c65 03 6f7267 00 0001 0001
        01 61 c00c 0005 0001 0000003c 000d 07 6578616d706c65 03 6f7267 00
        01 41 c00c 0001 0001 0000003c 0000`),
    );
  });

  // Whoever looks for these among the names written so far, in a plain object, finds what every object has.
  for (const label of [
    'constructor',
    '__proto__',
    'toString',
    'valueOf',
    'hasOwnProperty',
    '__defineGetter__',
  ]) {
    it(`may have the label ${label} anywhere in its names`, () => {
      const names = [label, `a.${label}`, `${label}.org`, `${label}.${label}`];
      for (const name of names) {
        const message = {
          ...PLAIN,
          question: { ...QUESTION, name },
          answers: [record(name), record(`x.${name}`)],
        };
        const parsed = parseMessage(writeMessage(message));
        assert.equal(parsed.questions[0]?.name, name);
        assert.deepEqual(
          parsed.answers.map((answer) => answer.name),
          [name, `x.${name}`],
        );
      }
    });
  }

  for (const name of [
    'a\\.b.org',
    '\\000\\255.org',
    '\\\\.org',
    'xn--bcher-kva.org',
    '*.example.org',
    '_a._tcp.org',
    '',
  ]) {
    it(`writes the name "${name}" as it is, and compresses it`, () => {
      const octets = writeMessage({ ...PLAIN, question: { ...QUESTION, name }, answers: [record(name)] });
      const parsed = parseMessage(octets);
      assert.equal(parsed.questions[0]?.name, name);
      assert.equal(parsed.answers[0]?.name, name);
      assert.ok(name === '' || octets.includes(octetsOf('c00c')));
    });
  }

  it('does not take a dot in a label for the end of a label when it compresses', () => {
    const octets = writeMessage({
      ...PLAIN,
      question: { ...QUESTION, name: 'a\\.b' },
      answers: [record('b'), record('a.b')],
    });
    assert.deepEqual(
      parseMessage(octets).answers.map(({ name }) => name),
      ['b', 'a.b'],
    );
  });

  // What native-dns-packet means by these numbers itself.
  for (const type of [1, 16, 28, 33, 41, 250, 255, 34464, 34465, 34470, 34473, 65280, 65535]) {
    it(`writes RDATA of type ${type} as it is`, () => {
      for (const rdata of [NOTHING, octetsOf('c00c'), Buffer.alloc(300, 7)]) {
        const message = { ...PLAIN, answers: [{ ...record('example.org', rdata), type }] };
        const octets = writeMessage(message);
        const tail = Buffer.alloc(4);
        tail.writeUInt16BE(type, 0);
        tail.writeUInt16BE(1, 2);
        assert.deepEqual(octets.subarray(29 + 2, 29 + 6), tail);
        assert.deepEqual(octets.subarray(29 + 12), rdata);
      }
    });
  }

  const unwritable: readonly [what: string, message: OutgoingMessage, text: RegExp][] = [
    [
      'a label of 64 octets',
      { ...PLAIN, question: { ...QUESTION, name: 'a'.repeat(64) } },
      /more than 63 octets/,
    ],
    ['a label of 192 octets', { ...PLAIN, answers: [record('a'.repeat(192))] }, /more than 63 octets/],
    ['an empty label', { ...PLAIN, answers: [record('a..b')] }, /empty label/],
    ['a first dot', { ...PLAIN, answers: [record('.z')] }, /empty label/],
    ['a final dot', { ...PLAIN, answers: [record('z.')] }, /empty label/],
    ['characters outside of ASCII', { ...PLAIN, answers: [record('š.org')] }, /needs an escape/],
    [
      'a name of 256 octets',
      { ...PLAIN, answers: [record(`${'a.'.repeat(126)}aa`)] },
      /more than 255 octets/,
    ],
    [
      'a TTL above 2^31 - 1',
      { ...PLAIN, answers: [{ ...record('a'), ttl: 2 ** 31 }] },
      /2147483648 is no whole number/,
    ],
    ['a broken TTL', { ...PLAIN, answers: [{ ...record('a'), ttl: 0.5 }] }, /0.5 is no whole number/],
    [
      'a TTL that is no number',
      { ...PLAIN, answers: [{ ...record('a'), ttl: Number.NaN }] },
      /NaN is no whole number/,
    ],
    [
      'a type above 65535',
      { ...PLAIN, answers: [{ ...record('a'), type: 65536 }] },
      /65536 is no whole number/,
    ],
    ['a negative class', { ...PLAIN, question: { ...QUESTION, class: -1 } }, /-1 is no whole number/],
    ['an id above 65535', { ...PLAIN, id: 65536 }, /65536 is no whole number/],
    ['an opcode above 15', { ...PLAIN, opcode: 16 }, /16 is no whole number/],
    ['an RCODE above 15', { ...PLAIN, rcode: 16 }, /16 is no whole number/],
  ];
  for (const [what, message, text] of unwritable) {
    it(`is refused: ${what}`, () => {
      assert.throws(() => writeMessage(message), wireFault('WIRE_UNWRITABLE', text));
    });
  }
});

describe('the size of a message', () => {
  /** Twelve octets each, with the owner of the question. */
  const repeated = (count: number) => Array.from({ length: count }, () => record(QUESTION.name));
  const head = writeMessage(PLAIN).length;

  it(`may be ${MAX_MESSAGE} octets`, () => {
    const rdata = Buffer.alloc(MAX_MESSAGE - head - 12);
    assert.equal(writeMessage({ ...PLAIN, answers: [record(QUESTION.name, rdata)] }).length, MAX_MESSAGE);
    const records = Math.floor((MAX_MESSAGE - head) / 12);
    const octets = writeMessage({ ...PLAIN, answers: repeated(records) });
    assert.equal(parseMessage(octets).answers.length, records);
  });

  const tooLarge: readonly [what: string, answers: readonly OutgoingRecord[]][] = [
    ['one octet more', [record(QUESTION.name, Buffer.alloc(MAX_MESSAGE - head - 11))]],
    ['one record more', repeated(Math.floor((MAX_MESSAGE - head) / 12) + 1)],
    ['RDATA beyond what a record can have', [record('a', Buffer.alloc(70_000))]],
    [
      'a name first written and repeated beyond the reach of a pointer',
      [record('a', Buffer.alloc(17_000)), record('b'), record('b')],
    ],
    ['a million records', Array<OutgoingRecord>(1_000_000).fill(record('a'))],
  ];
  for (const [what, answers] of tooLarge) {
    it(`is refused: ${what}`, () => {
      assert.throws(
        () => writeMessage({ ...PLAIN, answers }),
        wireFault('WIRE_TOO_LARGE', /more than 16384 octets/),
      );
    });
  }
});

describe('every message', () => {
  const object = <Fields>(fields: { [Key in keyof Fields]: fc.Arbitrary<Fields[Key]> }) =>
    fc.record(fields, { noNullPrototype: true });
  const uint16 = fc.integer({ min: 0, max: 0xffff });
  // Few different labels, so that suffixes repeat and get compressed.
  const label = fc.oneof(
    fc.constantFrom('a', 'B', 'example', 'org', 'constructor', '__proto__', 'toString', 'a\\.b', '\\000'),
    fc.uint8Array({ minLength: 1, maxLength: 63 }).map((octets) => {
      const wire = Buffer.concat([Buffer.alloc(12), Buffer.from([octets.length]), octets, Buffer.alloc(1)]);
      return readName(wire, 12).name;
    }),
  );
  const name = fc
    .array(label, { maxLength: 5 })
    .map((labels) => labels.join('.'))
    .filter((text) => text.length < 200);
  // 41 and 250 are never data.
  const type = uint16.filter((number) => number !== 41 && number !== 250);
  const rdata = fc.uint8Array({ maxLength: 200 }).map((octets) => Buffer.from(octets));
  const records = fc.array(
    object({ name, type, class: uint16, ttl: fc.integer({ min: 0, max: 0x7fffffff }), rdata }),
    { maxLength: 6 },
  );
  const opt = object({
    udpPayloadSize: uint16,
    version: fc.integer({ min: 0, max: 255 }),
    dnssecOk: fc.boolean(),
    options: fc.array(object({ code: uint16, data: rdata }), { maxLength: 3 }),
  });
  const message = object({
    id: uint16,
    response: fc.boolean(),
    opcode: fc.integer({ min: 0, max: 15 }),
    ...{ aa: fc.boolean(), tc: fc.boolean(), rd: fc.boolean() },
    ...{ ra: fc.boolean(), ad: fc.boolean(), cd: fc.boolean() },
    rcode: fc.integer({ min: 0, max: 0x7ff }),
    question: object({ name, type: uint16, class: uint16 }),
    ...{ answers: records, authorities: records, additionals: records },
    opt: fc.option(opt, { nil: undefined }),
  }).map((fields) => ({ ...fields, rcode: fields.opt === undefined ? fields.rcode & 0xf : fields.rcode }));

  it('reads as it was written', () => {
    fc.assert(
      fc.property(message, (fields) => {
        assert.deepEqual(writtenAndRead(fields), fields);
      }),
      { numRuns: fuzzRuns(1500) },
    );
  });
});
