import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RrClass, typeText } from '../../../../src/adapters/dns-wire/constants.ts';
import { parseMessage } from '../../../../src/adapters/dns-wire/message.ts';
import type { ResourceRecord } from '../../../../src/adapters/dns-wire/resource-record.ts';
import {
  buildQuery,
  buildUpdate,
  updateSectionsOf,
} from '../../../../src/adapters/dns-wire/update-message.ts';
import { domainName } from '../../../../src/domain/domain-name.ts';
import { addressFromOctets, type IpAddress, parseIpAddress } from '../../../../src/domain/ip-address.ts';
import type { NameChange } from '../../../../src/domain/record-set.ts';
import { ttl } from '../../../../src/domain/ttl.ts';
import { replacing } from '../../../support/changes.ts';
import { octetsOf } from '../../../support/octets.ts';
import { valueIn } from '../../../support/parsed.ts';
import { wireFault } from '../../../support/wire-fault.ts';

const ZONE = domainName('dyn.example.test');
const HOST = domainName('h1.dyn.example.test');
const TTL = ttl(60);

const addresses = (...texts: string[]): IpAddress[] => texts.map((text) => valueIn(parseIpAddress(text)));

const CLASS_TEXTS = new Map<number, string>(Object.entries(RrClass).map(([text, number]) => [number, text]));

/** `h1.dyn.example.test A IN 60 192.0.2.7` */
function textOf({ name, type, class: rrClass, ttl: seconds, rdata }: ResourceRecord): string {
  const data = rdata.length === 0 ? '-' : addressFromOctets(rdata).text;
  return [name, typeText(type), CLASS_TEXTS.get(rrClass), seconds, data].join(' ');
}

/** The prerequisites and updates of a message as text. */
function contents(
  changes: readonly NameChange[],
  zone = ZONE,
): { prerequisites: string[]; updates: string[] } {
  const message = parseMessage(buildUpdate(1, zone, updateSectionsOf(changes)));
  return { prerequisites: message.answers.map(textOf), updates: message.authorities.map(textOf) };
}

describe('an UPDATE', () => {
  it('names its zone, asks for no recursion, and has no additional data', () => {
    assert.deepEqual(
      buildUpdate(0x1234, ZONE, updateSectionsOf([])),
      octetsOf('1234 2800 0001 0000 0000 0000  03 64796e 07 6578616d706c65 04 74657374 00 0006 0001'),
    );
  });

  it('replaces an RRset: all of it is deleted and the new one added, where there is no CNAME', () => {
    const change: NameChange = replacing(HOST, {
      type: 'A',
      ttl: TTL,
      values: addresses('192.0.2.7', '192.0.2.8'),
    });
    assert.deepEqual(contents([change]), {
      prerequisites: ['h1.dyn.example.test CNAME NONE 0 -'],
      updates: [
        'h1.dyn.example.test A ANY 0 -',
        'h1.dyn.example.test A IN 60 192.0.2.7',
        'h1.dyn.example.test A IN 60 192.0.2.8',
      ],
    });
  });

  it('changes both families of a name together', () => {
    const change: NameChange = replacing(
      HOST,
      { type: 'A', ttl: TTL, values: addresses('192.0.2.7') },
      { type: 'AAAA', ttl: ttl(7), values: addresses('2001:db8::7') },
    );
    assert.deepEqual(contents([change]), {
      prerequisites: ['h1.dyn.example.test CNAME NONE 0 -'],
      updates: [
        'h1.dyn.example.test A ANY 0 -',
        'h1.dyn.example.test A IN 60 192.0.2.7',
        'h1.dyn.example.test AAAA ANY 0 -',
        'h1.dyn.example.test AAAA IN 7 2001:db8::7',
      ],
    });
  });

  it('deletes an RRset without minding a CNAME', () => {
    const change: NameChange = replacing(HOST, { type: 'AAAA', ttl: TTL, values: [] });
    assert.deepEqual(contents([change]), {
      prerequisites: [],
      updates: ['h1.dyn.example.test AAAA ANY 0 -'],
    });
  });

  it('demands what it replaces, and that what is new is not there yet', () => {
    const change: NameChange = replacing(
      HOST,
      { type: 'A', ttl: TTL, values: [], replaces: addresses('192.0.2.1', '192.0.2.2') },
      { type: 'AAAA', ttl: TTL, values: addresses('2001:db8::7'), replaces: [] },
    );
    assert.deepEqual(contents([change]), {
      prerequisites: [
        'h1.dyn.example.test CNAME NONE 0 -',
        'h1.dyn.example.test A IN 0 192.0.2.1',
        'h1.dyn.example.test A IN 0 192.0.2.2',
        'h1.dyn.example.test AAAA NONE 0 -',
      ],
      updates: [
        'h1.dyn.example.test A ANY 0 -',
        'h1.dyn.example.test AAAA ANY 0 -',
        'h1.dyn.example.test AAAA IN 60 2001:db8::7',
      ],
    });
  });

  it('that changes nothing has prerequisites alone', () => {
    const held = addresses('192.0.2.1', '192.0.2.2');
    const change: NameChange = replacing(
      HOST,
      { type: 'A', ttl: TTL, values: held, replaces: held },
      { type: 'AAAA', ttl: TTL, values: [], replaces: [] },
    );
    assert.deepEqual(contents([change]), {
      prerequisites: [
        'h1.dyn.example.test A IN 0 192.0.2.1',
        'h1.dyn.example.test A IN 0 192.0.2.2',
        'h1.dyn.example.test AAAA NONE 0 -',
      ],
      updates: [],
    });
  });

  it('keeps the changes in their order, and may change the apex and a wildcard', () => {
    const names = ['*.w.dyn.example.test', 'dyn.example.test', '_x.dyn.example.test'].map(domainName);
    const changes = names.map((name): NameChange => replacing(name, { type: 'A', ttl: TTL, values: [] }));
    assert.deepEqual(
      contents(changes).updates,
      names.map((name) => `${name} A ANY 0 -`),
    );
  });

  it('may be for names that every object has', () => {
    const zone = domainName('constructor');
    const name = domainName('__proto__.constructor');
    const change: NameChange = replacing(name, { type: 'A', ttl: TTL, values: [] });
    assert.deepEqual(contents([change], zone).updates, ['__proto__.constructor A ANY 0 -']);
  });

  it('is refused when it has more than 16 KB', () => {
    const changes = Array.from({ length: 700 }, (_, index): NameChange => {
      const name = domainName(`h${index}.dyn.example.test`);
      return replacing(name, { type: 'A', ttl: TTL, values: addresses('192.0.2.7') });
    });
    assert.throws(
      () => buildUpdate(1, ZONE, updateSectionsOf(changes)),
      wireFault('WIRE_TOO_LARGE', /16384/),
    );
  });

  it('has room for 300 names', () => {
    const changes = Array.from({ length: 300 }, (_, index): NameChange => {
      const name = domainName(`h${index}.dyn.example.test`);
      return replacing(name, { type: 'A', ttl: TTL, values: addresses('192.0.2.7') });
    });
    assert.equal(parseMessage(buildUpdate(1, ZONE, updateSectionsOf(changes))).authorities.length, 600);
  });
});

describe('a query', () => {
  it('asks the primary itself, without recursion', () => {
    const { opcode, rd, response, questions } = parseMessage(buildQuery(0x1234, HOST, 28));
    assert.deepEqual(
      { opcode, rd, response, questions },
      {
        opcode: 0,
        rd: false,
        response: false,
        questions: [{ name: HOST, type: 28, class: 1 }],
      },
    );
  });
});
