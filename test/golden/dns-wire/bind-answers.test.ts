import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Rcode, RrType, typeText } from '../../../src/adapters/dns-wire/constants.ts';
import { parseMessage } from '../../../src/adapters/dns-wire/message.ts';
import { readName } from '../../../src/adapters/dns-wire/name.ts';
import { expandRdata } from '../../../src/adapters/dns-wire/rdata.ts';
import { withoutTsig } from '../../../src/adapters/dns-wire/tsig-record.ts';
import { signStream, verifyRequest } from '../../../src/adapters/dns-wire/tsig-server.ts';
import { octetsOf } from '../../support/octets.ts';
import { keyOf, recordedAnswers } from './golden.ts';

const { answers, transfer } = recordedAnswers();

/** The answer to `question`, and its records as `owner TYPE RDATA`, with names in full. */
function recorded(question: string) {
  const message = parseMessage(octetsOf(answers[question] ?? assert.fail(`nothing recorded: ${question}`)));
  const text = (records: typeof message.answers) =>
    records.map(
      (record) => `${record.name} ${typeText(record.type)} ${expandRdata(message, record).toString('hex')}`,
    );
  return {
    message,
    answers: text(message.answers),
    authorities: text(message.authorities),
    additionals: text(message.additionals),
  };
}

/** A name as its octets in hexadecimal, by other means than the codec's. */
function octetsOfName(name: string): string {
  const labels = name.split('.').map((label) => Buffer.from([label.length, ...Buffer.from(label)]));
  return Buffer.concat([...labels, Buffer.alloc(1)]).toString('hex');
}

const ZONE = 'dyn.example.test';
const SOA = `${octetsOfName(`ns1.${ZONE}`)}${octetsOfName(`hostmaster.${ZONE}`)}0000000700000e1000000258000151800000003c`;
const NS1 = `ns1.${ZONE} A c0000235`;
const NS2 = `ns2.${ZONE} AAAA 20010db8000000000000000000000053`;
const MAIL = `mail.${ZONE} A c0000219`;
const nameServers = [1, 2].map((number) => `${ZONE} NS ${octetsOfName(`ns${number}.${ZONE}`)}`);

describe('an answer of BIND', () => {
  it('has the SOA, with compressed names in it', () => {
    const { message, ...records } = recorded('SOA of the apex');
    assert.equal(message.aa, true);
    assert.deepEqual(records.answers, [`${ZONE} SOA ${SOA}`]);
    assert.deepEqual(new Set(records.authorities), new Set(nameServers));
    assert.deepEqual(new Set(records.additionals), new Set([NS1, NS2]));
  });

  it('has an MX behind its preference', () => {
    assert.deepEqual(recorded('MX').answers, [`${ZONE} MX 000a${octetsOfName(`mail.${ZONE}`)}`]);
    assert.ok(recorded('MX').additionals.includes(MAIL));
  });

  it('has an SRV, which is not compressed', () => {
    assert.deepEqual(recorded('SRV').answers, [
      `_sip._tcp.${ZONE} SRV 0001000213c4${octetsOfName(`mail.${ZONE}`)}`,
    ]);
  });

  it('has the alias and what it leads to', () => {
    assert.deepEqual(recorded('A of an alias').answers, [
      `alias.${ZONE} CNAME ${octetsOfName(`mail.${ZONE}`)}`,
      MAIL,
    ]);
  });

  it('has the SOA as the authority for a name that is missing', () => {
    const { message, authorities } = recorded('A of a missing name');
    assert.equal(message.rcode, Rcode.NXDOMAIN);
    assert.deepEqual(authorities, [`${ZONE} SOA ${SOA}`]);
  });

  it('has an OPT record when asked with one, beside the additional data', () => {
    const { message, additionals } = recorded('SOA, asked with EDNS');
    assert.deepEqual(message.opt, { udpPayloadSize: 1232, version: 0, dnssecOk: false, options: [] });
    assert.deepEqual(new Set(additionals), new Set([NS1, NS2]));
  });

  it('has BADVERS for a version of EDNS that nobody knows', () => {
    assert.equal(recorded('SOA, asked with EDNS version 1').message.rcode, Rcode.BADVERS);
  });
});

describe('a zone transfer of BIND', () => {
  const key = keyOf({
    name: 'dyn-key',
    algorithm: 'hmac-sha256',
    secret: 'dyn-key-secret-dyn-key-secret-dy',
  });

  it('is signed as a stream is signed here, every octet of five messages', () => {
    const request = parseMessage(octetsOf(transfer.request));
    const verdict = verifyRequest(request, () => key, request.tsig?.time ?? 0);
    assert.equal(verdict.kind, 'verified');
    assert.equal(request.questions[0]?.type, RrType.AXFR);

    assert.equal(transfer.messages.length, 5);
    let time = 0;
    const unsigned = transfer.messages.map((text) => {
      const { octets, tsig } = parseMessage(octetsOf(text));
      assert.ok(tsig);
      time = tsig.time;
      return withoutTsig(octets, tsig);
    });
    assert.deepEqual(
      [...signStream(unsigned, key, verdict.tsig.mac, () => time)],
      transfer.messages.map(octetsOf),
    );
  });

  it('begins and ends with the SOA', () => {
    const records = transfer.messages.flatMap((text) => parseMessage(octetsOf(text)).answers);
    assert.equal(records.length, 51);
    assert.deepEqual([records.at(0)?.type, records.at(-1)?.type], [RrType.SOA, RrType.SOA]);
    assert.equal(readName(octetsOf(transfer.messages[0] ?? ''), 12).name, ZONE);
  });
});
