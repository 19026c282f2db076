import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ServerCookies } from '../../../../src/adapters/name-server/server-cookies.ts';
import { parseIpAddress } from '../../../../src/domain/ip-address.ts';
import { valueIn } from '../../../support/parsed.ts';

const hex = (text: string) => Buffer.from(text, 'hex');

const SECRET = 'e5e973e5a6b2a43f48e7dc849e37bfcf';
const CLIENT = '198.51.100.100';
const CLIENT_PART = '2464c4abcf10c957';
const TIME = 1559731985;
const COOKIE = '2464c4abcf10c957010000005cf79f111f8130c3eee29480';

/** `new COOKIE`, `kept`, and whether the cookie proves the address. */
function judge(cookie: string, { secret = SECRET, client = CLIENT, time = TIME } = {}): string {
  const verdict = new ServerCookies(hex(secret)).judge(hex(cookie), valueIn(parseIpAddress(client)), time);
  if (verdict.kind === 'malformed') return 'malformed';
  const reply = verdict.reply.toString('hex');
  return `${verdict.proven ? 'proven' : 'unproven'}, ${reply === cookie ? 'kept' : reply}`;
}

describe('the vectors of RFC 9018', () => {
  it('appendix A.1: learning a new server cookie', () => {
    assert.equal(judge(CLIENT_PART), `unproven, ${COOKIE}`);
  });

  it('appendix A.2: the same client learning a renewed server cookie', () => {
    const renewed = '2464c4abcf10c957010000005cf7a871d4a564a1442aca77';
    assert.equal(judge(COOKIE, { time: 1559734385 }), `proven, ${renewed}`);
  });

  it('appendix A.3: another client with a renewed server cookie', () => {
    const client = '203.0.113.203';
    const cookie = 'fc93fc62807ddb8601abcdef5cf78f71a314227b6679ebf5';
    const renewed = 'fc93fc62807ddb86010000005cf7a9acf73a7810aca2381e';
    // It is nearly two hours old: by section 4.3 of no worth any more, but good an hour before.
    assert.equal(judge(cookie, { client, time: 1559734700 }), `unproven, ${renewed}`);
    assert.match(judge(cookie, { client, time: 1559731000 }), /^proven, /);
  });

  it('appendix A.4: IPv6, after the secret has changed', () => {
    const secret = '445536bcd2513298075a5d379663c962';
    const client = '2001:db8:220:1:59de:d0f4:8769:82b8';
    const cookie = '22681ab97d52c298010000005cf7c57926556bd0934c72f8';
    const renewed = '22681ab97d52c298010000005cf7c609a6bb79d16625507a';
    assert.equal(judge(cookie, { secret, client, time: 1559741961 }), `unproven, ${renewed}`);
    assert.equal(
      judge(cookie, { secret: 'dd3bdf9344b678b185a6f5cb60fca715', client, time: 1559741961 }),
      'proven, kept',
    );
  });
});

describe('a cookie of ours', () => {
  it('is kept for half an hour, renewed for another half, and then worth nothing', () => {
    assert.equal(judge(COOKIE, { time: TIME + 1799 }), 'proven, kept');
    assert.match(judge(COOKIE, { time: TIME + 1800 }), /^proven, [0-9a-f]{48}$/);
    assert.match(judge(COOKIE, { time: TIME + 3600 }), /^proven, [0-9a-f]{48}$/);
    assert.match(judge(COOKIE, { time: TIME + 3601 }), /^unproven, /);
  });

  it('may come from five minutes in the future, where clocks differ', () => {
    assert.match(judge(COOKIE, { time: TIME - 300 }), /^proven, /);
    assert.match(judge(COOKIE, { time: TIME - 301 }), /^unproven, /);
  });

  it('is worth nothing with any bit changed, or at another address', () => {
    for (let bit = 0; bit < 24 * 8; bit += 1) {
      const changed = hex(COOKIE);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      assert.match(judge(changed.toString('hex')), /^unproven, /, `bit ${bit}`);
    }
    assert.match(judge(COOKIE, { client: '198.51.100.101' }), /^unproven, /);
  });
});

it('a cookie of another server is taken for none, one of a length that none has for malformed', () => {
  for (let length = 0; length <= 50; length += 1) {
    const isLength = length === 8 || (length >= 16 && length <= 40);
    assert.match(judge('00'.repeat(length)), isLength ? /^unproven, / : /^malformed$/, `${length} octets`);
  }
});
