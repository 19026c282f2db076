import { Opcode, RrClass, RrType } from '../../src/adapters/dns-wire/constants.ts';
import { encodeName } from '../../src/adapters/dns-wire/name.ts';
import { uint } from '../../src/adapters/dns-wire/octets.ts';
import { signMessage } from '../../src/adapters/dns-wire/tsig.ts';
import { type OutgoingRecord, writeMessage } from '../../src/adapters/dns-wire/write-message.ts';
import { KEYS } from '../support/name-servers/keys.ts';
import type { Random } from '../support/random.ts';
import { EDNS, query } from '../support/served/name-server-bench.ts';
import { hostileMessage } from './hostile-messages.ts';

const ZONE = 'example.org';

const labels = ['www', 'alias', 'loop1', 'a.wild', 'x.sub', 'h.old', 'deep.er.empty', 'nothing', 'WWW', '*'];
const types = [
  'A',
  'AAAA',
  'NS',
  'SOA',
  'MX',
  'TXT',
  'CNAME',
  'ANY',
  'DS',
  'TYPE65280',
  'AXFR',
  'IXFR',
  'OPT',
];
const CHANGES = [RrClass.IN, RrClass.ANY, RrClass.NONE];
const CLASSES = [...CHANGES, RrClass.CH, RrClass.HS];
/** How far one serial can be from another so that it matters (RFC 1982). */
const STEPS = [0, 1, 2, 0x7fff_fffe, 0x7fff_ffff, 0x8000_0000, 0x8000_0001, -1, -2, -5];

/** Data that records of these types can have: few, so that what is added is also met, and deleted again. */
const RDATAS: ReadonlyMap<number, readonly Buffer[]> = new Map([
  [RrType.A, [1, 2, 3].map((last) => Buffer.of(192, 0, 2, last))],
  [RrType.AAAA, [1, 2].map((last) => Buffer.alloc(16, last))],
  [RrType.TXT, [Buffer.of(1, 65), Buffer.of(0), Buffer.of(1, 66, 1, 67)]],
  [RrType.CNAME, [encodeName('www.example.org'), encodeName('WWW.example.net')]],
  [RrType.NS, [encodeName('ns1.example.org'), encodeName('ns.example.net')]],
  [RrType.DNAME, [encodeName('new.example.org')]],
  [65280, [Buffer.alloc(0), Buffer.of(1, 2)]],
]);
/** Good messages out of which bad ones are made. */
const REMEMBERED = 16;

/** What a server of `example.org` may have to read, without end: in four messages one is as it should be. */
export class ClientMessages {
  readonly #random: Random;
  readonly #serial: () => number;
  readonly #good: Buffer[] = [];

  /** `serial` gives the present serial of the zone. */
  constructor(random: Random, serial: () => number) {
    this.#random = random;
    this.#serial = serial;
  }

  next(): Buffer {
    const random = this.#random;
    const isGood = random.below(4) === 0;
    if (isGood || this.#good.length < REMEMBERED) {
      const message = this.#goodMessage();
      this.#good.push(message);
      if (this.#good.length > REMEMBERED) this.#good.shift();
      return message;
    }
    return hostileMessage(random, this.#good);
  }

  /** One that a client could send, of all kinds. Whoever sends them may do everything in the zone. */
  #goodMessage(): Buffer {
    const random = this.#random;
    const name = `${random.pick(labels)}.${random.pick(['', '', 'child.'])}${ZONE}`;
    const id = random.below(0x10000);
    const opt = random.below(2) === 0 ? {} : { opt: { ...EDNS, options: this.#options() } };
    switch (random.below(9)) {
      case 0:
      case 1:
      case 2:
        return this.#update(id);
      case 3: {
        const authorities = [this.#soa(CLASSES)];
        return query(`${ZONE} ${random.pick(['AXFR', 'IXFR', 'IXFR', 'IXFR'])}`, { id, authorities });
      }
      case 4: {
        const message = random.below(2) === 0 ? this.#update(id) : query(`${name} A`, { id });
        const key = random.pick([KEYS.sha256, KEYS.md5, KEYS.powerless]);
        return signMessage(message, key, { time: Math.floor(Date.now() / 1000) + random.below(400) }).octets;
      }
      case 5:
        return query(`${ZONE} SOA`, { id, opcode: random.below(16), rd: true });
      default:
        return query(`${name} ${random.pick(types)} ${random.pick(['IN', 'IN', 'IN', 'CH', 'ANY'])}`, {
          id,
          ...opt,
        });
    }
  }

  #options(): { code: number; data: Buffer }[] {
    const random = this.#random;
    return Array.from({ length: random.below(3) }, () => ({
      code: random.pick([10, 10, 3, 8, random.below(65536)]),
      data: random.octets(random.pick([0, 7, 8, 24, 40, random.below(50)])),
    }));
  }

  #update(id: number): Buffer {
    const random = this.#random;
    const some = (most: number) => Array.from({ length: random.below(most) }, () => this.#record());
    return writeMessage({
      id,
      opcode: Opcode.UPDATE,
      question: { name: ZONE, type: RrType.SOA, class: RrClass.IN },
      answers: some(2),
      authorities: random.below(8) === 0 ? this.#soaSteps() : some(5),
    });
  }

  /** SOAs that lead from one serial to the next. */
  #soaSteps(): OutgoingRecord[] {
    const random = this.#random;
    let serial = this.#serial();
    return Array.from({ length: 1 + random.below(3) }, () => {
      serial = (serial + random.pick(STEPS)) >>> 0;
      return record(ZONE, RrType.SOA, soaRdata('ns1.example.org', serial), RrClass.IN);
    });
  }

  /** Of a prerequisite or an update. */
  #record(): OutgoingRecord {
    const random = this.#random;
    if (random.below(5) === 0) return this.#soa(CHANGES);
    const name = `${random.pick(['u', '*.', ''])}${random.below(300)}.${random.pick(['', 'sub.', 'wild.'])}${ZONE}`;
    const rrClass = random.pick(CHANGES);
    const type =
      rrClass === RrClass.ANY ? random.pick([...RDATAS.keys(), 255]) : random.pick([...RDATAS.keys()]);
    const rdata = rrClass === RrClass.ANY ? Buffer.alloc(0) : random.pick(RDATAS.get(type) ?? []);
    // One that cannot be meant makes the whole message one that is refused.
    return record(name, type, random.below(16) === 0 ? random.octets(random.below(20)) : rdata, rrClass);
  }

  /** With a serial that has something to do with that of the zone, and sometimes with data that is none. */
  #soa(classes: readonly number[]): OutgoingRecord {
    const random = this.#random;
    const serial = (this.#serial() + random.pick([...STEPS, random.below(2 ** 32)])) >>> 0;
    const rdata = soaRdata(random.pick(['ns1.example.org', 'NS1.Example.ORG', '']), serial);
    return record(
      random.pick([ZONE, ZONE, ZONE, 'Example.ORG', 'www.example.org']),
      RrType.SOA,
      random.pick([rdata, rdata, rdata, rdata, Buffer.alloc(0), Buffer.alloc(22), rdata.subarray(0, -1)]),
      // Most for the class that does something.
      random.pick([RrClass.IN, RrClass.IN, random.pick(classes)]),
    );
  }
}

function soaRdata(server: string, serial: number): Buffer {
  const numbers = [serial, 3600, 600, 86400, 60].map((value) => uint(value, 4));
  return Buffer.concat([encodeName(server), encodeName('hostmaster'), ...numbers]);
}

const record = (name: string, type: number, rdata: Buffer, rrClass: number): OutgoingRecord => ({
  name,
  type,
  class: rrClass,
  ttl: 0,
  rdata,
});
