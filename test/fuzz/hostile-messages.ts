import type { Random } from '../support/random.ts';

/** One way to make octets that a parser should not take, or should take care with, out of some that it takes. */
type Attack = (random: Random, recorded: readonly Buffer[]) => Buffer;

const MAX = 0xffff;

const copyOfOne: Attack = (random, recorded) => Buffer.from(random.pick(recorded));

/** Some small numbers, some that are limits of something. */
function number(random: Random): number {
  return random.pick([
    0,
    1,
    2,
    4,
    12,
    16,
    63,
    64,
    255,
    0x3fff,
    0x8000,
    MAX,
    random.below(256),
    random.below(MAX),
  ]);
}

const attacks: readonly Attack[] = [
  // Nothing but chance.
  (random) => random.octets(random.below(600)),
  // Chance behind a header that promises little.
  (random) => {
    const octets = random.octets(12 + random.below(300));
    for (const at of [4, 6, 8, 10]) octets.writeUInt16BE(random.below(3), at);
    return octets;
  },
  // A few bits flipped.
  (random, recorded) => {
    const octets = copyOfOne(random, recorded);
    for (let flips = 1 + random.below(8); flips > 0; flips -= 1) {
      const at = random.below(octets.length);
      octets[at] = (octets[at] ?? 0) ^ (1 << random.below(8));
    }
    return octets;
  },
  // A few octets replaced by those that mean something to names: ends, lengths, pointers.
  (random, recorded) => {
    const octets = copyOfOne(random, recorded);
    for (let changes = 1 + random.below(4); changes > 0; changes -= 1) {
      octets[random.below(octets.length)] = random.pick([0, 1, 12, 63, 64, 128, 192, 193, 255]);
    }
    return octets;
  },
  // A number replaced: a count, a type, an RDLENGTH, a MAC size.
  (random, recorded) => {
    const octets = copyOfOne(random, recorded);
    octets.writeUInt16BE(number(random), random.below(octets.length - 1));
    return octets;
  },
  // A count that lies.
  (random, recorded) => {
    const octets = copyOfOne(random, recorded);
    octets.writeUInt16BE(number(random), random.pick([4, 6, 8, 10]));
    return octets;
  },
  // A pointer to anywhere, anywhere.
  (random, recorded) => {
    const octets = copyOfOne(random, recorded);
    const at = random.below(octets.length - 1);
    const target = random.pick([
      at,
      at - 1,
      at + 2,
      12,
      0,
      random.below(octets.length),
      random.below(0x4000),
    ]);
    octets.writeUInt16BE(0xc000 | (target & 0x3fff), at);
    return octets;
  },
  // An end too early, or too late.
  (random, recorded) => random.pick(recorded).subarray(0, random.below(600)),
  (random, recorded) => Buffer.concat([random.pick(recorded), random.octets(1 + random.below(40))]),
  // The head of one and the tail of another.
  (random, recorded) => {
    const [head, tail] = [random.pick(recorded), random.pick(recorded)];
    return Buffer.concat([
      head.subarray(0, random.below(head.length)),
      tail.subarray(random.below(tail.length)),
    ]);
  },
  // A part of it twice.
  (random, recorded) => {
    const octets = random.pick(recorded);
    const end = random.below(octets.length);
    return Buffer.concat([octets.subarray(0, end), octets.subarray(random.below(end + 1))]);
  },
];

/** Each costs as much as 64 KB can; so they come seldom. */
const largeAttacks: readonly Attack[] = [
  (random) => random.octets(MAX - random.below(100)),
  // Records beyond number whose names are pointers, to the longest of names or to each other.
  (random) => records(random, longestName(random), () => [0xc0, 12]),
  (random) =>
    records(random, longestName(random), (at) => [0xc0 | (Math.min(at - 12, 0x3fff) >> 8), (at - 12) & 0xff]),
  (random) =>
    records(random, longestName(random), () => [1, random.below(256), 0xc0, 12 + 2 * random.below(100)]),
  (random) => records(random, longestName(random), () => [0]),
  // A chain of pointers through the whole message.
  () => {
    const octets = Buffer.alloc(MAX - 1);
    octets.writeUInt16BE(1, 6);
    for (let at = 14; at < octets.length; at += 2) octets.writeUInt16BE(0xc000 | ((at - 2) & 0x3fff), at);
    return octets;
  },
];

/** The root last, all others labels of one octet, most of which need an escape. */
function longestName(random: Random): Buffer {
  const octet = random.pick([0x61, 0x2e, 0x5c, 0, 0xff]);
  return Buffer.from(Array.from({ length: 255 }, (_, at) => (at === 254 ? 0 : at % 2 === 0 ? 1 : octet)));
}

/** A question with that name, and as many records as fit, with names and RDATA that lead back to it. */
function records(random: Random, name: Buffer, owner: (at: number) => readonly number[]): Buffer {
  const octets = Buffer.alloc(MAX);
  octets.writeUInt16BE(1, 4);
  name.copy(octets, 12);
  const type = random.pick([1, 2, 6, 15, 16, 65280]);
  const rdata = random.pick([[], [0xc0, 12], [0xc0, 12, 0xc0, 12]]);
  let at = 12 + name.length + 4;
  let count = 0;
  for (; ; count += 1) {
    const record = [...owner(at), type >> 8, type & 0xff, 0, 1, 0, 0, 0, 0, 0, rdata.length, ...rdata];
    if (at + record.length > MAX) break;
    octets.set(record, at);
    at += record.length;
  }
  octets.writeUInt16BE(count, random.pick([6, 8, 10]));
  return octets.subarray(0, at);
}

/** One in so many is large. */
const SELDOM = 500;

/** The next of endlessly many hostile messages, `recorded` being some good ones. */
export function hostileMessage(random: Random, recorded: readonly Buffer[]): Buffer {
  const kinds = random.below(SELDOM) === 0 ? largeAttacks : attacks;
  return random.pick(kinds)(random, recorded);
}
