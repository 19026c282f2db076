import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RrClass, RrType, rcodeText } from '../../../../src/adapters/dns-wire/constants.ts';
import { parseMessage } from '../../../../src/adapters/dns-wire/message.ts';
import { signMessage } from '../../../../src/adapters/dns-wire/tsig.ts';
import { withoutTsig } from '../../../../src/adapters/dns-wire/tsig-record.ts';
import { signStream } from '../../../../src/adapters/dns-wire/tsig-server.ts';
import type { OutgoingRecord } from '../../../../src/adapters/dns-wire/write-message.ts';
import { domainName } from '../../../../src/domain/domain-name.ts';
import { parseNetwork } from '../../../../src/domain/network.ts';
import type { TsigKey } from '../../../../src/domain/tsig-key.ts';
import { addressRecord } from '../../../support/dns-answers.ts';
import { valueIn } from '../../../support/parsed.ts';
import {
  answerText,
  EDNS,
  NameServerBench,
  query,
  transferred,
} from '../../../support/served/name-server-bench.ts';
import { EXAMPLE_ZONE } from '../../../support/served/zones.ts';

const KEY: TsigKey = { name: domainName('xfr'), algorithm: 'hmac-sha256', secret: Buffer.alloc(32, 1) };
const UPDATER: TsigKey = { name: domainName('upd'), algorithm: 'hmac-sha256', secret: Buffer.alloc(32, 2) };

/** The transfer is for the holders of KEY, and for everybody in 198.51.100.0/24. */
function newBench(zone = EXAMPLE_ZONE): NameServerBench {
  return new NameServerBench(
    { 'example.org': zone },
    {
      'example.org': {
        transfer: [
          { key: KEY, networks: [] },
          { key: undefined, networks: [valueIn(parseNetwork('198.51.100.0/24'))] },
        ],
        updates: [{ key: UPDATER, networks: [], names: [], subtrees: [], types: [] }],
      },
    },
  );
}

const ALLOWED = '198.51.100.7';
const soa = (serial: number): string =>
  `example.org 300 SOA ns1.example.org. hostmaster.example.org. ${serial} 3600 600 86400 60`;

const soaRecord = (serial: number, name = 'example.org'): OutgoingRecord => {
  const rdata = Buffer.alloc(22);
  rdata.writeUInt32BE(serial, 2);
  return { name, type: RrType.SOA, class: RrClass.IN, ttl: 0, rdata };
};
const ixfr = (serial: number) => query('example.org IXFR', { authorities: [soaRecord(serial)] });

async function change(bench: NameServerBench, owner: string, address: string | undefined): Promise<void> {
  const [zone] = bench.store.zones;
  assert.ok(zone);
  const name = `${owner}.example.org`;
  const updates: OutgoingRecord[] = [
    { name, type: RrType.A, class: RrClass.ANY, ttl: 0, rdata: Buffer.alloc(0) },
  ];
  if (address !== undefined) updates.push(addressRecord(name, address));
  assert.equal(await bench.store.update(zone, { prerequisites: [], updates }), 0);
}

const rcodeOf = async (bench: NameServerBench, octets: Buffer, address = '192.0.2.1') =>
  rcodeText(parseMessage(await bench.send(octets, 'tcp', address)).rcode);

describe('AXFR (RFC 5936)', () => {
  it('has the SOA, every other record once, and the SOA again', async () => {
    const records = transferred(await newBench().transfer(query('example.org AXFR'), ALLOWED));
    assert.equal(records[0], soa(1000));
    assert.equal(records.at(-1), soa(1000));
    const inner = records.slice(1, -1);
    assert.equal(new Set(inner).size, inner.length);
    // All of them, also what is below a delegation, and what only a wildcard answers.
    assert.equal(inner.length, EXAMPLE_ZONE.trim().split('\n').length - 3);
    for (const record of [
      'ns.sub.example.org 300 A 192.0.2.54',
      'Mixed.Case.example.org 300 A 192.0.2.90',
      '*.wild.example.org 300 A 192.0.2.99',
      'opaque.example.org 300 TYPE65280 \\# 4 01020304',
    ]) {
      assert.ok(inner.includes(record), record);
    }
  });

  it('has messages with the id of the request, the question in the first, AA, and OPT if asked with it', async () => {
    const large = EXAMPLE_ZONE + Array.from({ length: 5_000 }, (_, at) => `host${at} A 192.0.2.1`).join('\n');
    const octets = await newBench(large).transfer(
      query('example.org AXFR', { id: 0x7777, opt: EDNS }),
      ALLOWED,
    );
    assert.ok(octets.length > 3, `${octets.length} messages`);
    for (const [at, message] of octets.map(parseMessage).entries()) {
      assert.equal(message.id, 0x7777);
      assert.equal(message.aa, true);
      assert.equal(message.questions.length, at === 0 ? 1 : 0);
      assert.ok(message.opt);
      assert.ok((octets[at]?.length ?? 0) <= 0x4000);
    }
    assert.equal(transferred(octets).length, EXAMPLE_ZONE.trim().split('\n').length - 1 + 5_000);
  });

  it('has room for a record that is larger than most messages', async () => {
    const text = Array.from({ length: 150 }, () => `"${'x'.repeat(250)}"`).join(' ');
    const records = transferred(
      await newBench(`${EXAMPLE_ZONE}big TXT ${text}\nafter A 192.0.2.1\n`).transfer(
        query('example.org AXFR'),
        ALLOWED,
      ),
    );
    assert.ok(
      records.some((record) => record.startsWith('big.example.org 300 TXT') && record.length > 37_000),
    );
    assert.ok(records.includes('after.example.org 300 A 192.0.2.1'));
  });

  it('has every record that a zone may have, also the largest, signed and with OPT', async () => {
    const owner = `${'o'.repeat(63)}.${'p'.repeat(63)}.${'q'.repeat(63)}`;
    const bench = newBench(`${EXAMPLE_ZONE}${owner} TYPE65280 \\# 63988 ${'00'.repeat(63_988)}\n`);
    const request = query('example.org AXFR', { opt: EDNS });
    const records = transferred(await bench.transfer(signMessage(request, KEY, { time: bench.time }).octets));
    assert.ok(records.some((record) => record.startsWith(`${owner}.example.org 300 TYPE65280`)));
    const whole = await bench.send(query(`${owner}.example.org TYPE65280`, { opt: EDNS }));
    assert.equal(parseMessage(whole).answers.length, 1);
  });

  it('ends with a fault at a record that fits no message, and gives no zone without it', async () => {
    const bench = newBench();
    const [zone] = bench.store.zones;
    assert.ok(zone);
    const soaOf = (serial: number) => {
      const rdata = Buffer.from(zone.soa.rdatas[0]);
      rdata.writeUInt32BE(serial, rdata.length - 20);
      return { owner: 'example.org', type: RrType.SOA, ttl: 300, rdata };
    };
    const large = { owner: 'big.example.org', type: 65_280, ttl: 300, rdata: Buffer.alloc(65_500) };
    // Past all that refuses it.
    zone.apply({ from: 1000, to: 1001, deleted: [soaOf(1000)], added: [soaOf(1001), large] });
    await assert.rejects(bench.transfer(query('example.org AXFR'), ALLOWED), {
      name: 'RangeError',
      message: 'the TYPE65280 of big.example.org is larger than a message',
    });
  });

  it('shows the zone as it was when it began, whatever changes meanwhile', async () => {
    const bench = newBench();
    const reply = bench.handle(query('example.org AXFR'), 'tcp', ALLOWED);
    await change(bench, 'www', '192.0.2.200');
    assert.ok(reply !== undefined && 'next' in reply);
    const records = transferred([...reply]);
    assert.equal(records[0], soa(1000));
    assert.equal(records.at(-1), soa(1000));
    assert.ok(records.includes('www.example.org 60 A 192.0.2.80'));
  });

  it('is REFUSED to everybody else, and the log tells whose key it was', async () => {
    const bench = newBench();
    assert.equal(await rcodeOf(bench, query('example.org AXFR')), 'REFUSED');
    assert.equal(
      await rcodeOf(bench, signMessage(query('example.org AXFR'), UPDATER, { time: bench.time }).octets),
      'REFUSED',
    );
    assert.equal(bench.logger.at('info')[0]?.fields['key'], 'upd');
  });

  it('is FORMERR over UDP, and NOTAUTH of what is no zone', async () => {
    const bench = newBench();
    const overUdp = parseMessage(await bench.send(query('example.org AXFR'), 'udp', ALLOWED));
    assert.equal(answerText(overUdp), 'FORMERR');
    assert.equal(await rcodeOf(bench, query('www.example.org AXFR'), ALLOWED), 'NOTAUTH');
    assert.equal(await rcodeOf(bench, query('example.net AXFR'), ALLOWED), 'NOTAUTH');
    assert.equal(await rcodeOf(bench, query('example.org AXFR CH'), ALLOWED), 'NOTAUTH');
  });

  it('is signed throughout, each message over the one before (RFC 8945 section 5.3.1)', async () => {
    const large = EXAMPLE_ZONE + Array.from({ length: 2_000 }, (_, at) => `host${at} A 192.0.2.1`).join('\n');
    const bench = newBench(large);
    const request = signMessage(query('example.org AXFR'), KEY, { time: bench.time });
    const messages = await bench.transfer(request.octets);
    assert.ok(messages.length > 1);
    const unsigned = messages.map((octets) => {
      const { tsig } = parseMessage(octets);
      assert.ok(tsig);
      assert.ok(octets.length <= 0x4000);
      return withoutTsig(octets, tsig);
    });
    assert.deepEqual(messages, [...signStream(unsigned, KEY, request.mac, () => bench.time)]);
  });
});

describe('IXFR (RFC 1995)', () => {
  it('has each change since the serial of the client, with the SOA before what goes and what comes', async () => {
    const bench = newBench();
    await change(bench, 'host1', '192.0.2.1');
    await change(bench, 'mail', '192.0.2.26');
    await change(bench, 'host1', undefined);
    assert.deepEqual(transferred(await bench.transfer(ixfr(1000), ALLOWED)), [
      soa(1003),
      soa(1000),
      soa(1001),
      'host1.example.org 60 A 192.0.2.1',
      soa(1001),
      'mail.example.org 300 A 192.0.2.25',
      soa(1002),
      'mail.example.org 60 A 192.0.2.26',
      soa(1002),
      'host1.example.org 60 A 192.0.2.1',
      soa(1003),
      soa(1003),
    ]);
    assert.equal(transferred(await bench.transfer(ixfr(1002), ALLOWED)).length, 5);
  });

  it('has the whole zone when the serial is not among those that are remembered', async () => {
    const bench = newBench();
    await change(bench, 'host1', '192.0.2.1');
    const records = transferred(await bench.transfer(ixfr(500), ALLOWED));
    assert.equal(records[0], soa(1001));
    assert.ok(records.includes('host1.example.org 60 A 192.0.2.1'));
    assert.equal(records.at(-1), soa(1001));
    assert.equal(records.length, EXAMPLE_ZONE.trim().split('\n').length);
  });

  it('is the SOA alone for who is not behind, also by serial number arithmetic (RFC 1982)', async () => {
    const bench = newBench();
    for (const serial of [1000, 1001, 2 ** 31 + 999]) {
      const reply = parseMessage(await bench.send(ixfr(serial), 'tcp', ALLOWED));
      assert.equal(answerText(reply), `NOERROR aa\nanswer ${soa(1000)}`, `${serial}`);
    }
  });

  it('over UDP is the SOA alone: who is behind comes back over TCP', async () => {
    const bench = newBench();
    await change(bench, 'host1', '192.0.2.1');
    const reply = parseMessage(await bench.send(ixfr(1000), 'udp', ALLOWED));
    assert.equal(answerText(reply), `NOERROR aa\nanswer ${soa(1001)}`);
  });

  it('without the SOA of the client is FORMERR', async () => {
    const bench = newBench();
    assert.equal(await rcodeOf(bench, query('example.org IXFR'), ALLOWED), 'FORMERR');
    const other = query('example.org IXFR', { authorities: [soaRecord(1000, 'example.net')] });
    assert.equal(await rcodeOf(bench, other, ALLOWED), 'FORMERR');
    const broken = { ...soaRecord(1000), rdata: Buffer.alloc(5) };
    assert.equal(
      await rcodeOf(bench, query('example.org IXFR', { authorities: [broken] }), ALLOWED),
      'FORMERR',
    );
    // Of a class in which a record may be without data.
    const empty = { ...soaRecord(1000), class: RrClass.ANY, rdata: Buffer.alloc(0) };
    assert.equal(
      await rcodeOf(bench, query('example.org IXFR', { authorities: [empty] }), ALLOWED),
      'FORMERR',
    );
  });

  it('is REFUSED to everybody else', async () => {
    assert.equal(await rcodeOf(newBench(), ixfr(1000)), 'REFUSED');
  });
});
