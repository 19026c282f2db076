import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RrType } from '../../../../src/adapters/dns-wire/constants.ts';
import { parseMessage } from '../../../../src/adapters/dns-wire/message.ts';
import { expandRdata } from '../../../../src/adapters/dns-wire/rdata.ts';
import { octetsOf } from '../../../support/octets.ts';
import { wireFault } from '../../../support/wire-fault.ts';

/** The RDATA of a record behind the question `a.org IN ANY`; c00c points to `a.org`, c00e to `org`. */
function expand(type: number, hex: string, rrClass = 1): string {
  const head = octetsOf('1234 8000 0001 0001 0000 0000  01 61 03 6f7267 00 00ff 0001');
  const rdata = octetsOf(hex);
  const record = Buffer.alloc(11);
  record.writeUInt16BE(type, 1);
  record.writeUInt16BE(rrClass, 3);
  record.writeUInt16BE(rdata.length, 9);
  const message = parseMessage(Buffer.concat([head, record, rdata]));
  const [answer] = message.answers;
  assert.ok(answer);
  return expandRdata(message, answer).toString('hex');
}

const A_ORG = '0161036f726700';
const ORG = '036f726700';

describe('RDATA', () => {
  const expansions: readonly [type: keyof typeof RrType, hex: string, expanded: string][] = [
    ['A', 'c0000207', 'c0000207'],
    ['AAAA', '20010db8000000000000000000000007', '20010db8000000000000000000000007'],
    ['NS', 'c00c', A_ORG],
    ['CNAME', '01 62 c00e', `0162${ORG}`],
    ['SOA', `c00c 01 62 c00e ${'07'.repeat(20)}`, `${A_ORG}0162${ORG}${'07'.repeat(20)}`],
    ['MB', 'c00c', A_ORG],
    ['MG', 'c00c', A_ORG],
    ['MR', 'c00c', A_ORG],
    ['PTR', 'c00e', ORG],
    ['HINFO', '01 61 00', '016100'],
    ['MINFO', 'c00c c00e', `${A_ORG}${ORG}`],
    ['MX', '000a c00c', `000a${A_ORG}`],
    ['TXT', '03 616263 00 01 c0', '0361626300 01c0'.replace(' ', '')],
    ['RP', 'c00c 00', `${A_ORG}00`],
    ['AFSDB', '0001 c00c', `0001${A_ORG}`],
    ['RT', '0001 c00c', `0001${A_ORG}`],
    ['PX', '0001 c00c c00e', `0001${A_ORG}${ORG}`],
    ['SRV', '0001 0002 13c4 c00c', `0001000213c4${A_ORG}`],
    ['NAPTR', '0001 0002 01 73 02 c00c 00 c00c', `0001000201 7302c00c00${A_ORG}`.replace(' ', '')],
    ['KX', '0001 c00c', `0001${A_ORG}`],
    ['DNAME', 'c00c', A_ORG],
    ['DNAME', ORG, ORG],
  ];
  for (const [type, hex, expanded] of expansions) {
    it(`of ${type} is checked and its names are decompressed: ${hex.replaceAll(/(..)\1{9,}/g, '$1…')}`, () => {
      assert.equal(expand(RrType[type], hex), expanded);
    });
  }

  for (const type of [RrType.NULL, RrType.RRSIG, 65280]) {
    it(`of type ${type} stays as it is, whatever it looks like`, () => {
      assert.equal(expand(type, 'c00c'), 'c00c');
      assert.equal(expand(type, ''), '');
    });
  }

  for (const [rrClass, what] of [
    [254, 'NONE'],
    [255, 'ANY'],
  ] as const) {
    it(`may be empty in class ${what}, where it means "all" or "none at all"`, () => {
      assert.equal(expand(RrType.A, '', rrClass), '');
      assert.throws(() => expand(RrType.A, 'c00002', rrClass), wireFault('WIRE_MALFORMED', /ends too early/));
    });
  }

  const refusals: readonly [what: string, type: keyof typeof RrType, hex: string, message: RegExp][] = [
    ['an empty A', 'A', '', /the RDATA ends too early at octet 34$/],
    ['an A of three octets', 'A', 'c00002', /the RDATA ends too early at octet 34$/],
    ['an A of eight octets', 'A', 'c0000207c0000208', /4 octets too many in the RDATA at octet 38$/],
    ['an AAAA with an IPv4 address', 'AAAA', 'c0000207', /the RDATA ends too early/],
    ['an AAAA of 17 octets', 'AAAA', '00'.repeat(17), /1 octets too many/],
    ['a CNAME with an octet behind', 'CNAME', 'c00c 00', /1 octets too many/],
    ['a CNAME that points to itself', 'CNAME', 'c022', /does not lead back at octet 34$/],
    ['an SOA without its numbers', 'SOA', 'c00c c00c', /the RDATA ends too early/],
    ['an MX without a name', 'MX', '000a', /within a name/],
    ['a TXT without a string', 'TXT', '', /the RDATA ends too early/],
    ['a TXT whose string runs over the end', 'TXT', '01 61 03 6162', /the RDATA ends too early at octet 37$/],
  ];
  for (const [what, type, hex, message] of refusals) {
    it(`is refused: ${what}`, () => {
      assert.throws(() => expand(RrType[type], hex), wireFault('WIRE_MALFORMED', message));
    });
  }

  it('is refused when a name runs on into the next record', () => {
    const octets = octetsOf(
      '1234 8000 0000 0002 0000 0000  00 0005 0001 00000000 0002 0161  00 0001 0001 00000000 0000',
    );
    const message = parseMessage(octets);
    const [alias] = message.answers;
    assert.ok(alias);
    assert.throws(
      () => expandRdata(message, alias),
      wireFault('WIRE_MALFORMED', /a name runs over the end of the RDATA at octet 23$/),
    );
  });
});
