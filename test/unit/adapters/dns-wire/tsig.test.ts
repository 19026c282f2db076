import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, it } from 'node:test';
import { Rcode } from '../../../../src/adapters/dns-wire/constants.ts';
import { parseMessage } from '../../../../src/adapters/dns-wire/message.ts';
import {
  type ResponseVerdict,
  type SigningOptions,
  signMessage,
  tsigSizeOf,
  verifyResponse,
} from '../../../../src/adapters/dns-wire/tsig.ts';
import { writeMessage } from '../../../../src/adapters/dns-wire/write-message.ts';
import { domainName } from '../../../../src/domain/domain-name.ts';
import { TSIG_ALGORITHMS, type TsigKey } from '../../../../src/domain/tsig-key.ts';
import { octetsOf } from '../../../support/octets.ts';
import { wireFault } from '../../../support/wire-fault.ts';

const KEY: TsigKey = {
  name: domainName('key.example.org'),
  algorithm: 'hmac-sha256',
  secret: Buffer.alloc(32, 7),
};
const TIME = 1_700_000_000;
const REQUEST_MAC = Buffer.alloc(32, 1);

const QUESTION = { name: 'example.org', type: 6, class: 1 };
const response = writeMessage({ id: 0x1234, opcode: 5, response: true, question: QUESTION });

/** What is made of the response that was signed so and perhaps changed on its way. */
function judge(
  options: Partial<SigningOptions> & { key?: TsigKey; change?: (octets: Buffer) => Buffer | undefined } = {},
  time = TIME,
): ResponseVerdict {
  const { key = KEY, change = () => undefined, ...signing } = options;
  const { octets } = signMessage(response, key, { time: TIME, requestMac: REQUEST_MAC, ...signing });
  const received = parseMessage(change(octets) ?? octets);
  return verifyResponse(received, KEY, { requestMac: REQUEST_MAC, time });
}

const VERIFIED = { kind: 'verified', error: Rcode.NOERROR, serverTime: undefined };

/** `octets` with the MAC cut to `length` octets, which stand right before id, error and the empty other data. */
function withMacOf(length: number, octets: Buffer): Buffer {
  const { tsig } = parseMessage(octets);
  assert.ok(tsig);
  const macEnd = octets.length - 6;
  const cut = Buffer.concat([octets.subarray(0, macEnd - tsig.mac.length + length), octets.subarray(macEnd)]);
  cut.writeUInt16BE(length, macEnd - tsig.mac.length - 2);
  const rdLength = cut.length - (tsig.offset + 17 + 10);
  cut.writeUInt16BE(rdLength, tsig.offset + 17 + 8);
  return cut;
}

describe('a signed message', () => {
  it('has a TSIG record behind its last, whose MAC covers message and variables', () => {
    const { octets, mac } = signMessage(response, KEY, { time: TIME });
    const key = '03 6b6579 07 6578616d706c65 03 6f7267 00';
    const algorithm = '0b 686d61632d736861323536 00';
    const digested = octetsOf(
      `${response.toString('hex')} ${key} 00ff 00000000 ${algorithm} 00006553f100 012c 0000 0000`,
    );
    assert.deepEqual(mac, createHmac('sha256', KEY.secret).update(digested).digest());
    const expected = octetsOf(`${response.toString('hex')} ${key} 00fa 00ff 00000000 003d
      ${algorithm} 00006553f100 012c 0020 ${mac.toString('hex')} 1234 0000 0000`);
    expected.writeUInt16BE(1, 10);
    assert.deepEqual(octets, expected);
  });

  it('covers the MAC of the request, with its length, when it is a response', () => {
    const { mac } = signMessage(response, KEY, { time: TIME, requestMac: Buffer.from([1, 2, 3]) });
    const unasked = signMessage(Buffer.concat([octetsOf('0003 010203'), response]), KEY, { time: TIME });
    assert.deepEqual(mac, unasked.mac);
  });

  it('says fudge, error and other data', () => {
    const options = { time: 2 ** 47, fudge: 7, error: Rcode.BADTIME, otherData: octetsOf('0102') };
    const { tsig } = parseMessage(signMessage(response, KEY, options).octets);
    const { time, fudge, error, otherData, originalId, keyName, algorithmName } =
      tsig ?? assert.fail('no TSIG');
    assert.deepEqual({ time, fudge, error, otherData }, options);
    assert.deepEqual([originalId, keyName, algorithmName], [0x1234, 'key.example.org', 'hmac-sha256']);
  });

  for (const time of [-1, 0.5, 2 ** 48]) {
    it(`is refused when its time is ${time}`, () => {
      assert.throws(
        () => signMessage(response, KEY, { time }),
        wireFault('WIRE_UNWRITABLE', /no whole number/),
      );
    });
  }

  it('leaves the message that was given as it was', () => {
    const before = Buffer.from(response);
    signMessage(response, KEY, { time: TIME });
    assert.deepEqual(response, before);
  });

  for (const algorithm of TSIG_ALGORITHMS) {
    it(`is as much longer as was foretold, and verifies, with ${algorithm}`, () => {
      const key = { ...KEY, algorithm };
      const { octets } = signMessage(response, key, { time: TIME, requestMac: REQUEST_MAC });
      assert.equal(octets.length, response.length + tsigSizeOf(key));
      const verdict = verifyResponse(parseMessage(octets), key, { requestMac: REQUEST_MAC, time: TIME });
      assert.deepEqual(verdict, VERIFIED);
    });
  }
});

describe('a response', () => {
  it('verifies when the holder of the key wrote it to this request', () => {
    assert.deepEqual(judge(), VERIFIED);
  });

  it('is unsigned without a TSIG record', () => {
    const verdict = verifyResponse(parseMessage(response), KEY, { requestMac: REQUEST_MAC, time: TIME });
    assert.deepEqual(verdict, { kind: 'unsigned' });
  });

  it('verifies when a forwarder changed its id and the case of names in TSIG', () => {
    const change = (octets: Buffer) => {
      octets.writeUInt16BE(0x4321, 0);
      for (const lower of ['key', 'hmac'])
        octets.write(lower.toUpperCase(), octets.lastIndexOf(lower), 'latin1');
      return octets;
    };
    assert.deepEqual(judge({ change }), VERIFIED);
  });

  it('verifies when a server compressed the name of the key', () => {
    const change = (octets: Buffer) => {
      const owner = octetsOf('03 6b6579 07 6578616d706c65 03 6f7267 00');
      const at = octets.lastIndexOf(owner);
      return Buffer.concat([
        octets.subarray(0, at),
        octetsOf('03 6b6579 c00c'),
        octets.subarray(at + owner.length),
      ]);
    };
    assert.deepEqual(judge({ change }), VERIFIED);
  });

  for (let at = 0; at < response.length; at += 1) {
    // What the MAC does not cover is the id, which the TSIG record has too, and the count of it.
    if (at < 2 || at === 10 || at === 11) continue;
    it(`does not verify when a bit of octet ${at} was changed`, () => {
      for (let bit = 1; bit <= 0x80; bit <<= 1) {
        const { octets } = signMessage(response, KEY, { time: TIME, requestMac: REQUEST_MAC });
        octets[at] = (octets[at] ?? 0) ^ bit;
        let received: ReturnType<typeof parseMessage>;
        try {
          received = parseMessage(octets);
        } catch {
          continue;
        }
        const verdict = verifyResponse(received, KEY, { requestMac: REQUEST_MAC, time: TIME });
        assert.deepEqual(verdict, { kind: 'bad-signature' });
      }
    });
  }

  const inTsig: readonly [what: string, fromEnd: number, verdict: ResponseVerdict['kind']][] = [
    ['the time', 6 + 32 + 2 + 2 + 1, 'bad-signature'],
    ['the fudge', 6 + 32 + 2 + 1, 'bad-signature'],
    ['the MAC', 6 + 1, 'bad-signature'],
    ['the original id', 6, 'bad-signature'],
    ['the error', 3, 'bad-signature'],
    ['the algorithm', 6 + 32 + 2 + 2 + 6 + 2, 'bad-key'],
  ];
  for (const [what, fromEnd, kind] of inTsig) {
    it(`does not verify when ${what} was changed`, () => {
      const change = (octets: Buffer) => {
        const at = octets.length - fromEnd;
        octets[at] = (octets[at] ?? 0) ^ 1;
        return octets;
      };
      assert.deepEqual(judge({ change }), { kind });
    });
  }

  it('does not verify as the answer to another request', () => {
    assert.deepEqual(judge({ requestMac: Buffer.alloc(32, 2) }), { kind: 'bad-signature' });
  });

  it('does not verify when it is the request, reflected', () => {
    const request = signMessage(writeMessage({ id: 0x1234, opcode: 5, question: QUESTION }), KEY, {
      time: TIME,
    });
    const reflected = Buffer.from(request.octets);
    reflected.writeUInt16BE(0xa804, 2);
    for (const octets of [request.octets, reflected]) {
      const verdict = verifyResponse(parseMessage(octets), KEY, { requestMac: request.mac, time: TIME });
      assert.deepEqual(verdict, { kind: 'bad-signature' });
    }
  });

  it('does not verify with another secret', () => {
    assert.deepEqual(judge({ key: { ...KEY, secret: Buffer.alloc(32, 8) } }), { kind: 'bad-signature' });
  });

  it('does not verify with another key or algorithm, even where the secret is the same', () => {
    assert.deepEqual(judge({ key: { ...KEY, name: domainName('other.example.org') } }), { kind: 'bad-key' });
    assert.deepEqual(judge({ key: { ...KEY, algorithm: 'hmac-sha512' } }), { kind: 'bad-key' });
  });

  for (const length of [1, 10, 16, 31]) {
    it(`does not verify with ${length} octets of the right MAC`, () => {
      assert.deepEqual(judge({ change: (octets) => withMacOf(length, octets) }), { kind: 'bad-signature' });
    });
  }

  it('is not authenticated by an error in place of the MAC', () => {
    const change = (octets: Buffer) => withMacOf(0, octets);
    assert.deepEqual(judge({ error: Rcode.BADKEY, change }), {
      kind: 'unauthenticated',
      error: Rcode.BADKEY,
    });
    assert.deepEqual(judge({ change }), { kind: 'unauthenticated', error: Rcode.NOERROR });
  });

  for (const apart of [-300, 300]) {
    it(`verifies when the clocks are ${apart} seconds apart, as far as fudge allows`, () => {
      assert.deepEqual(judge({}, TIME + apart), VERIFIED);
    });
  }

  for (const apart of [-301, 301]) {
    it(`has a bad time when the clocks are ${apart} seconds apart`, () => {
      assert.deepEqual(judge({}, TIME + apart), { kind: 'bad-time', serverTime: TIME });
    });
  }

  it('has a bad time only when its MAC is right', () => {
    assert.deepEqual(judge({ requestMac: Buffer.alloc(32, 2) }, TIME + 301), { kind: 'bad-signature' });
    assert.deepEqual(judge({ error: Rcode.BADTIME }, TIME + 301), { kind: 'bad-time', serverTime: TIME });
  });

  it('tells the time of the server with BADTIME', () => {
    assert.deepEqual(judge({ error: Rcode.BADTIME, otherData: octetsOf('00006553ff10') }), {
      kind: 'verified',
      error: Rcode.BADTIME,
      serverTime: 0x6553ff10,
    });
  });

  it('tells no time when there is none, or it is no time', () => {
    assert.deepEqual(judge({ otherData: octetsOf('00006553ff10') }), VERIFIED);
    const verdict = judge({ error: Rcode.BADTIME, otherData: octetsOf('6553ff10') });
    assert.deepEqual(verdict, { kind: 'verified', error: Rcode.BADTIME, serverTime: undefined });
  });
});
