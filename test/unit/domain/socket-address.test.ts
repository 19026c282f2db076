import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { addressFromOctets } from '../../../src/domain/ip-address.ts';
import {
  parseHttpSocket,
  parseServerSocket,
  parseSocketAddress,
  socketText,
} from '../../../src/domain/socket-address.ts';
import { fuzzRuns } from '../../support/fuzz-runs.ts';
import { reasonIn, valueIn } from '../../support/parsed.ts';

const numRuns = fuzzRuns(1000);

describe('a socket of HTTP', () => {
  it('is read like any other', () => {
    assert.equal(socketText(valueIn(parseHttpSocket('[::]:8053'))), '[::]:8053');
    assert.equal(reasonIn(parseHttpSocket('127.0.0.1:65536')), 'a port is a number from 0 to 65535');
  });

  it('has no name', () => {
    assert.equal(
      reasonIn(parseHttpSocket('localhost:8090')),
      'a socket is an address and a port, like 127.0.0.1:8053 or [::]:8053; names are not taken here',
    );
  });
});

describe('a socket address', () => {
  const readings: readonly [text: string, canonical: string][] = [
    ['127.0.0.1:53', '127.0.0.1:53'],
    ['0.0.0.0:0', '0.0.0.0:0'],
    ['192.0.2.1:65535', '192.0.2.1:65535'],
    ['[::1]:53', '[::1]:53'],
    ['[2001:DB8:0:0::7]:8053', '[2001:db8::7]:8053'],
    ['[::]:8053', '[::]:8053'],
  ];
  for (const [text, canonical] of readings) {
    it(`${text} is ${canonical}`, () => {
      assert.equal(socketText(valueIn(parseSocketAddress(text))), canonical);
    });
  }

  for (const text of [
    '',
    ':',
    ':53',
    '127.0.0.1',
    '127.0.0.1:',
    '127.0.0.1:-1',
    '127.0.0.1:+53',
    '127.0.0.1:5 3',
    '127.0.0.1:53\n',
    '127.0.0.1:0x35',
    '127.0.0.1:٥٣',
    '127.1:53',
    'localhost:53',
    '::1:53',
    '[::1]',
    '[::1]53',
    '[::1]:',
    '[]:53',
    '[127.0.0.1]:53',
    '[::ffff:127.0.0.1]:53',
    '[fe80::1%eth0]:53',
    '[[::1]]:53',
    '[::1]:53]:53',
    'tcp://127.0.0.1:53',
  ]) {
    it(`is not ${JSON.stringify(text)}`, () => {
      assert.equal(reasonIn(parseSocketAddress(text)), 'a socket is written like 127.0.0.1:53 or [::1]:53');
    });
  }

  for (const text of ['127.0.0.1:65536', '[::1]:100000', '192.0.2.1:000065536']) {
    it(`is not ${text}: the port is too large`, () => {
      assert.equal(reasonIn(parseSocketAddress(text)), 'a port is a number from 0 to 65535');
    });
  }

  it('of a server that somebody else runs has a port', () => {
    const text = '192.0.2.53:53';
    assert.deepEqual(valueIn(parseServerSocket(text)), valueIn(parseSocketAddress(text)));
    assert.equal(reasonIn(parseServerSocket('192.0.2.53:0')), 'no server listens on port 0');
  });

  for (const text of ['192.0.2.53:65536', '[::1]:65536', 'bind:65536']) {
    it(`of such a server is not ${text}: its port is from 1 to 65535`, () => {
      assert.equal(reasonIn(parseServerSocket(text)), 'a port is a number from 1 to 65535');
    });
  }

  it('of such a server may have a host name in place of the address', () => {
    for (const [text, host] of [
      ['bind:53', 'bind'],
      ['NS1.example.org.:5353', 'ns1.example.org'],
    ] as const) {
      const socket = valueIn(parseServerSocket(text));
      assert.deepEqual(socket, { host, port: Number(text.split(':')[1]) });
      assert.deepEqual(valueIn(parseServerSocket(socketText(socket))), socket);
    }
    for (const text of [
      'bind',
      'bind:',
      '*.example.org:53',
      '127.1:53',
      '300.0.2.1:53',
      'a b:53',
      '::1:53',
    ]) {
      assert.match(
        reasonIn(parseServerSocket(text)),
        /^a socket is written like .* or ns\.example\.org:53$/,
        text,
      );
    }
    assert.equal(reasonIn(parseServerSocket('bind:0')), 'no server listens on port 0');
  });

  it('is read from what it is written as', () => {
    const octets = fc
      .constantFrom(4, 16)
      .chain((size) => fc.uint8Array({ minLength: size, maxLength: size }));
    fc.assert(
      fc.property(octets, fc.nat(65_535), (address, port) => {
        const socket = { address: addressFromOctets(address), port };
        assert.deepEqual(valueIn(parseSocketAddress(socketText(socket))), socket);
      }),
      { numRuns },
    );
  });

  it('is not looked for in a text without end', () => {
    for (const unit of ['[', ':', '[:', '1', ']:', '[::1]:53']) {
      assert.ok(reasonIn(parseSocketAddress(unit.repeat(300_000))));
      assert.ok(reasonIn(parseSocketAddress(`[${unit.repeat(300_000)}`)));
    }
  });
});
