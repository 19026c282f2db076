import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { it } from 'node:test';
import { type Message, parseMessage } from '../../src/adapters/dns-wire/message.ts';
import { expandRdata } from '../../src/adapters/dns-wire/rdata.ts';
import { verifyResponse } from '../../src/adapters/dns-wire/tsig.ts';
import { verifyRequest } from '../../src/adapters/dns-wire/tsig-server.ts';
import { WireFault } from '../../src/adapters/dns-wire/wire-fault.ts';
import { keyOf, recordedMessages } from '../golden/dns-wire/golden.ts';
import { fuzzRuns } from '../support/fuzz-runs.ts';
import { Random } from '../support/random.ts';
import { hostileMessage } from './hostile-messages.ts';

const KEY = keyOf({ name: 'dyn-key', algorithm: 'hmac-sha256', secret: 'dyn-key-secret-dyn-key-secret-dy' });

function orFault<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof WireFault && error.code === 'WIRE_MALFORMED') return undefined;
    throw error;
  }
}

/** What must be true of every message that was taken, and what is done with it next. */
function assertSound(octets: Buffer, message: Message): void {
  const sections = [message.questions, message.answers, message.authorities, message.additionals];
  const counts = sections.map((section) => section.length);
  counts[3] = (counts[3] ?? 0) + (message.opt === undefined ? 0 : 1) + (message.tsig === undefined ? 0 : 1);
  assert.deepEqual(
    counts,
    [4, 6, 8, 10].map((at) => octets.readUInt16BE(at)),
  );

  orFault(() => {
    for (const records of [message.answers, message.authorities, message.additionals]) {
      for (const record of records) expandRdata(message, record);
    }
  });

  const requestMac = Buffer.alloc(32);
  const verdict = verifyResponse(message, KEY, { requestMac, time: 1_795_351_147 });
  assert.notEqual(verdict.kind, 'verified', 'nobody asked with this MAC');
  verifyRequest(message, () => KEY, 1_795_351_147);
}

const runs = fuzzRuns(20_000, 200_000);

// How long the slowest takes is a row of `npm run bench` (the part `hostile`).
it(`the parser takes each of ${runs} hostile messages for a message, or throws a WireFault`, (test) => {
  const seed = Number(process.env['FUZZ_SEED'] ?? randomInt(2 ** 32));
  test.diagnostic(`FUZZ_SEED=${seed} repeats this run`);
  const random = new Random(seed);
  const recorded = recordedMessages();
  let taken = 0;

  for (let run = 0; run < runs; run += 1) {
    const octets = hostileMessage(random, recorded);
    try {
      const message = orFault(() => parseMessage(octets));
      if (message === undefined) continue;
      taken += 1;
      assertSound(octets, message);
    } catch (cause) {
      const shown = octets.toString('hex', 0, 1_000);
      throw new Error(`FUZZ_SEED=${seed}, run ${run}, ${octets.length} octets: ${shown}`, { cause });
    }
  }
  test.diagnostic(`${taken} were messages`);
  assert.ok(taken > runs / 100 && taken < runs, `${taken} of ${runs} were messages: nothing was tried`);
});
