import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Rcode } from '../../../../src/adapters/dns-wire/constants.ts';
import { parseMessage } from '../../../../src/adapters/dns-wire/message.ts';
import { signMessage, verifyResponse } from '../../../../src/adapters/dns-wire/tsig.ts';
import { appendTsig } from '../../../../src/adapters/dns-wire/tsig-record.ts';
import {
  type RequestVerdict,
  signReply,
  verifyRequest,
} from '../../../../src/adapters/dns-wire/tsig-server.ts';
import { writeMessage } from '../../../../src/adapters/dns-wire/write-message.ts';
import { domainName } from '../../../../src/domain/domain-name.ts';
import type { TsigAlgorithm, TsigKey } from '../../../../src/domain/tsig-key.ts';

const TIME = 1_700_000_000;
const keyOf = (algorithm: TsigAlgorithm, name = 'key'): TsigKey => ({
  name: domainName(name),
  algorithm,
  secret: Buffer.alloc(32, 7),
});
const KEY = keyOf('hmac-sha256');

const QUESTION = { name: 'example.org', type: 6, class: 1 };
const request = writeMessage({ id: 0x1234, opcode: 5, question: QUESTION });
const reply = writeMessage({
  id: 0x1234,
  opcode: 5,
  response: true,
  rcode: Rcode.NOTAUTH,
  question: QUESTION,
});

type Signing = { key?: TsigKey; time?: number; macLength?: number; fudge?: number };

/** The request as signed by somebody, perhaps with a MAC that is cut. */
function signed({ key = KEY, time = TIME, macLength, fudge = 300 }: Signing): Buffer {
  const { octets } = signMessage(request, key, { time, fudge });
  const { tsig } = parseMessage(octets);
  assert.ok(tsig);
  const zeros = Buffer.alloc(64);
  const mac = Buffer.concat([tsig.mac, zeros]).subarray(0, macLength ?? tsig.mac.length);
  return appendTsig(request, { ...tsig, mac });
}

function judge(signing: Signing, known: TsigKey = KEY): RequestVerdict {
  const findKey = (name: string) => (name === known.name ? known : undefined);
  return verifyRequest(parseMessage(signed(signing)), findKey, TIME);
}

/** Kind and error; the rest is the key and the record. */
function summary(verdict: RequestVerdict): string {
  return 'error' in verdict ? `${verdict.kind} ${verdict.error}` : verdict.kind;
}

describe('a request', () => {
  it('is unsigned without a TSIG record', () => {
    assert.deepEqual(verifyRequest(parseMessage(request), assert.fail, TIME), { kind: 'unsigned' });
  });

  it('verifies with the key that it names', () => {
    const verdict = judge({});
    assert.equal(verdict.kind, 'verified');
    assert.equal(verdict.key, KEY);
  });

  it('names its key in any case', () => {
    const octets = signed({});
    octets.write('KEY', octets.lastIndexOf('key'), 'latin1');
    assert.equal(
      verifyRequest(parseMessage(octets), (name) => (name === 'key' ? KEY : undefined), TIME).kind,
      'verified',
    );
  });

  it('has BADKEY with an unknown key, or another algorithm', () => {
    assert.equal(summary(judge({ key: keyOf('hmac-sha256', 'other') })), `unauthenticated ${Rcode.BADKEY}`);
    assert.equal(summary(judge({ key: keyOf('hmac-sha512') })), `unauthenticated ${Rcode.BADKEY}`);
  });

  it('has BADSIG with another secret, before its time counts', () => {
    const key = { ...KEY, secret: Buffer.alloc(32, 8) };
    assert.equal(summary(judge({ key })), `unauthenticated ${Rcode.BADSIG}`);
    assert.equal(summary(judge({ key, time: TIME - 3600 })), `unauthenticated ${Rcode.BADSIG}`);
  });

  const times: readonly [apart: number, fudge: number, verdict: string][] = [
    [-300, 300, 'verified'],
    [300, 300, 'verified'],
    [-301, 300, `rejected ${Rcode.BADTIME}`],
    [301, 300, `rejected ${Rcode.BADTIME}`],
    [-3600, 7200, 'verified'],
    [-1, 0, `rejected ${Rcode.BADTIME}`],
  ];
  for (const [apart, fudge, verdict] of times) {
    it(`is ${verdict} when signed ${apart} seconds from now with a fudge of ${fudge}`, () => {
      assert.equal(summary(judge({ time: TIME + apart, fudge })), verdict);
    });
  }

  // RFC 8945 section 5.2.2.1: at least ten octets, and at least half.
  const lengths: readonly [algorithm: TsigAlgorithm, length: number, verdict: string][] = [
    ['hmac-md5', 16, 'verified'],
    ['hmac-md5', 15, `rejected ${Rcode.BADTRUNC}`],
    ['hmac-md5', 10, `rejected ${Rcode.BADTRUNC}`],
    ['hmac-md5', 9, 'malformed'],
    ['hmac-sha1', 10, `rejected ${Rcode.BADTRUNC}`],
    ['hmac-sha1', 9, 'malformed'],
    ['hmac-sha224', 14, `rejected ${Rcode.BADTRUNC}`],
    ['hmac-sha224', 13, 'malformed'],
    ['hmac-sha256', 33, 'malformed'],
    ['hmac-sha256', 31, `rejected ${Rcode.BADTRUNC}`],
    ['hmac-sha256', 16, `rejected ${Rcode.BADTRUNC}`],
    ['hmac-sha256', 15, 'malformed'],
    ['hmac-sha256', 0, 'malformed'],
    ['hmac-sha384', 24, `rejected ${Rcode.BADTRUNC}`],
    ['hmac-sha512', 32, `rejected ${Rcode.BADTRUNC}`],
    ['hmac-sha512', 31, 'malformed'],
  ];
  for (const [algorithm, macLength, verdict] of lengths) {
    it(`is ${verdict} with ${macLength} octets of the MAC of ${algorithm}`, () => {
      const key = keyOf(algorithm);
      assert.equal(summary(judge({ key, macLength }, key)), verdict);
    });
  }

  it('has BADSIG when its truncated MAC is wrong, and BADTIME before BADTRUNC', () => {
    assert.equal(
      summary(judge({ macLength: 16, key: { ...KEY, secret: Buffer.alloc(32, 8) } })),
      `unauthenticated ${Rcode.BADSIG}`,
    );
    assert.equal(summary(judge({ macLength: 16, time: TIME - 3600 })), `rejected ${Rcode.BADTIME}`);
  });
});

describe('the reply to a request', () => {
  /** What the client that signed so makes of the reply to it. */
  function seenByClient(signing: Signing) {
    const asked = parseMessage(signed(signing));
    const verdict = verifyRequest(asked, (name) => (name === KEY.name ? KEY : undefined), TIME);
    const octets = signReply(reply, verdict, TIME);
    const requestMac = asked.tsig?.mac ?? assert.fail('unsigned');
    const received = parseMessage(octets);
    assert.deepEqual([received.id, received.rcode], [0x1234, Rcode.NOTAUTH]);
    return verifyResponse(received, signing.key ?? KEY, { requestMac, time: signing.time ?? TIME });
  }

  it('is signed for who verified', () => {
    assert.deepEqual(seenByClient({}), { kind: 'verified', error: Rcode.NOERROR, serverTime: undefined });
  });

  it('has no TSIG record for who sent none, or one that cannot be', () => {
    assert.equal(signReply(reply, { kind: 'unsigned' }, TIME), reply);
    assert.equal(signReply(reply, judge({ macLength: 0 }), TIME), reply);
  });

  it('says BADKEY without a MAC', () => {
    const key = keyOf('hmac-sha512', 'other');
    assert.deepEqual(seenByClient({ key }), { kind: 'unauthenticated', error: Rcode.BADKEY });
  });

  it('says BADSIG without a MAC', () => {
    const key = { ...KEY, secret: Buffer.alloc(32, 8) };
    assert.deepEqual(seenByClient({ key }), { kind: 'unauthenticated', error: Rcode.BADSIG });
  });

  it('says BADTIME to a clock that is wrong, signed, with the right time beside', () => {
    assert.deepEqual(seenByClient({ time: TIME - 3600 }), {
      kind: 'verified',
      error: Rcode.BADTIME,
      serverTime: TIME,
    });
  });

  it('says BADTRUNC with a whole MAC', () => {
    assert.deepEqual(seenByClient({ macLength: 16 }), {
      kind: 'verified',
      error: Rcode.BADTRUNC,
      serverTime: undefined,
    });
  });
});
