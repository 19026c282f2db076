import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Rcode, RrType } from '../../../../src/adapters/dns-wire/constants.ts';
import type { Message } from '../../../../src/adapters/dns-wire/message.ts';
import { Channel } from '../../../../src/adapters/rfc2136/probe/channel.ts';
import { query } from '../../../../src/adapters/rfc2136/requests.ts';
import { domainName } from '../../../../src/domain/domain-name.ts';
import type { TsigKey } from '../../../../src/domain/tsig-key.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';
import { type Scripted, ScriptedTransport } from '../../../fakes/scripted-transport.ts';
import { answerTo, sign } from '../../../support/dns-answers.ts';

const ZONE = domainName('dyn.example.test');
const KEY: TsigKey = { name: domainName('dyn-key'), algorithm: 'hmac-sha256', secret: Buffer.alloc(32, 7) };

type Script = (request: Message) => Scripted;

const verified: Script = (request) => sign(answerTo(request, {}), request, KEY);
const unsigned: Script = (request) => answerTo(request, { rcode: Rcode.REFUSED });
const silent: Script = () => ({ kind: 'silent' });
const lost: Script = () => ({ kind: 'lost' });
const unreachable: Script = () => ({ kind: 'unreachable', cause: new Error('connect ECONNREFUSED') });

/** What is heard of a signed query, and how many messages went by each way. */
async function ask(udp: Script, stream: Script) {
  const clock = new ManualClock();
  const transports = {
    udp: new ScriptedTransport(clock, udp),
    stream: new ScriptedTransport(clock, stream),
  };
  const asked = new Channel(transports, clock).ask(query(ZONE, RrType.SOA), { key: KEY, ahead: 0 });
  await clock.advance(60_000);
  const { kind } = await asked;
  return { kind, sent: [transports.udp.sent.length, transports.stream.sent.length] };
}

describe('a channel by UDP', () => {
  it('takes an answer that verifies, and sends nothing by TCP', async () => {
    assert.deepEqual(await ask(verified, unreachable), { kind: 'answer', sent: [1, 0] });
  });

  it('asks by TCP after a datagram that does not verify, which may be forged', async () => {
    assert.deepEqual(await ask(unsigned, verified), { kind: 'answer', sent: [1, 1] });
  });

  for (const [what, stream] of Object.entries({ silent, lost, unreachable })) {
    it(`returns a datagram that does not verify where TCP is ${what}: its hint is all there is`, async () => {
      assert.deepEqual(await ask(unsigned, stream), { kind: 'unverified', sent: [1, 1] });
    });
  }
});
