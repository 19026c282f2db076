import fc from 'fast-check';
import { RrType } from '../../src/adapters/dns-wire/constants.ts';
import { encodeName, readName } from '../../src/adapters/dns-wire/name.ts';
import type { ZoneRecord } from '../../src/adapters/name-server/zone-data.ts';

/** A label of any octets, most of them ordinary. */
const label = fc.oneof(
  { weight: 6, arbitrary: fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,8}$/).map((text) => Buffer.from(text)) },
  {
    weight: 1,
    arbitrary: fc.uint8Array({ minLength: 1, maxLength: 12 }).map((octets) => Buffer.from(octets)),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('@', '$TTL', '*', '_x', 'A', '60', '\\', '"', ';', '()', 'in')
      .map((text) => Buffer.from(text)),
  },
);

const wireName = (labels: readonly Buffer[]): Buffer =>
  Buffer.concat([...labels.flatMap((octets) => [Buffer.of(octets.length), octets]), Buffer.of(0)]);

/** The text of a name below `zone`, or `zone` itself; of at least so many labels more. */
export const ownerBelow = (zone: string, minLength = 0): fc.Arbitrary<string> =>
  fc.array(label, { minLength, maxLength: 3 }).map((labels) => {
    const below = Buffer.concat([wireName(labels).subarray(0, -1), encodeName(zone)]);
    return readName(below, 0).name;
  });

const name = (zone: string) =>
  fc.oneof(
    fc.array(label, { maxLength: 4 }).map(wireName),
    ownerBelow(zone).map((text) => encodeName(text)),
  );

const octets = (minLength: number, maxLength = minLength) =>
  fc.uint8Array({ minLength, maxLength }).map((array) => Buffer.from(array));
const string = octets(0, 40).map((content) => Buffer.concat([Buffer.of(content.length), content]));
const joined = (...parts: readonly fc.Arbitrary<Buffer>[]) =>
  fc.tuple(...parts).map((all) => Buffer.concat(all));

/** Parameters of a service: any of those with a form of their own, and one without. */
const parameters = fc
  .tuple(
    ...[
      fc.constant(Buffer.of(0, 1)),
      fc
        .array(
          octets(1, 9).map((text) => Buffer.concat([Buffer.of(text.length), text])),
          { minLength: 1, maxLength: 3 },
        )
        .map((all) => Buffer.concat(all)),
      fc.constant(Buffer.alloc(0)),
      octets(2),
      fc.array(octets(4), { minLength: 1, maxLength: 3 }).map((all) => Buffer.concat(all)),
      octets(1, 20),
      fc.array(octets(16), { minLength: 1, maxLength: 3 }).map((all) => Buffer.concat(all)),
    ].map((value) => fc.option(value, { nil: undefined })),
    octets(0, 20),
  )
  .map((values) => {
    // What is mandatory, and what stands for a default, need alpn.
    const kept =
      values[1] === undefined
        ? values.map((value, key) => (key === 0 || key === 2 ? undefined : value))
        : values;
    return Buffer.concat(
      kept.flatMap((value, key) =>
        value === undefined ? [] : [Buffer.of(0, key === 7 ? 200 : key, 0, value.length), value],
      ),
    );
  });

/** Data that a type demands, for the types that have a form of their own, and for some without. */
export function rdataOf(zone: string): ReadonlyMap<number, fc.Arbitrary<Buffer>> {
  const target = name(zone);
  /** Of a digest the length goes with its kind. */
  const digest = fc
    .constantFrom<[number, number]>([1, 20], [2, 32], [4, 48])
    .chain(([kind, length]) => joined(fc.constant(Buffer.of(kind)), octets(length)));
  return new Map<number, fc.Arbitrary<Buffer>>([
    [RrType.A, octets(4)],
    [RrType.AAAA, octets(16)],
    [RrType.NS, target],
    [RrType.PTR, target],
    [RrType.HINFO, joined(string, string)],
    [RrType.MX, joined(octets(2), target)],
    [RrType.TXT, fc.array(string, { minLength: 1, maxLength: 4 }).map((all) => Buffer.concat(all))],
    [RrType.RP, joined(target, target)],
    [RrType.AFSDB, joined(octets(2), target)],
    [RrType.SRV, joined(octets(6), target)],
    [RrType.NAPTR, joined(octets(4), string, string, fc.constant(Buffer.of(0)), target)],
    [RrType.KX, joined(octets(2), target)],
    [RrType.DS, joined(octets(3), digest)],
    [RrType.CDS, joined(octets(3), digest)],
    [RrType.SSHFP, joined(octets(1), fc.constantFrom(Buffer.alloc(21, 1), Buffer.alloc(33, 2)))],
    [RrType.TLSA, octets(4, 40)],
    [RrType.SMIMEA, octets(4, 40)],
    [RrType.OPENPGPKEY, octets(1, 40)],
    [RrType.URI, octets(5, 40)],
    [
      RrType.CAA,
      joined(
        octets(1),
        fc
          .stringMatching(/^[a-zA-Z0-9]{1,9}$/)
          .map((tag) => Buffer.from(`${String.fromCharCode(tag.length)}${tag}`)),
        octets(0, 20),
      ),
    ],
    [RrType.SVCB, joined(octets(2), target, parameters)],
    [RrType.HTTPS, joined(octets(2), target, parameters)],
    [65_280, octets(0, 20)],
    [1_000, octets(1, 300)],
  ]);
}

/** Records of one zone below its apex, one of every type, without NS, so that nothing hides anything. */
export function recordsOfEveryType(zone: string): fc.Arbitrary<readonly ZoneRecord[]> {
  const types = [...rdataOf(zone)].filter(([type]) => type !== RrType.NS);
  return fc.tuple(
    ...types.map(([type, rdata]) =>
      fc.record({
        owner: ownerBelow(zone, 1),
        type: fc.constant(type),
        ttl: fc.oneof(fc.constant(300), fc.integer({ min: 0, max: 2 ** 31 - 1 })),
        rdata,
      }),
    ),
  );
}
