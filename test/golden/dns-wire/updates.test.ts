import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Opcode, rcodeText } from '../../../src/adapters/dns-wire/constants.ts';
import { parseMessage } from '../../../src/adapters/dns-wire/message.ts';
import { signMessage, verifyResponse } from '../../../src/adapters/dns-wire/tsig.ts';
import { withoutTsig } from '../../../src/adapters/dns-wire/tsig-record.ts';
import { signReply, verifyRequest } from '../../../src/adapters/dns-wire/tsig-server.ts';
import { octetsOf } from '../../support/octets.ts';
import { wireFault } from '../../support/wire-fault.ts';
import { keyOf, type RecordedUpdate, recordedUpdates } from './golden.ts';

/** One that no parser should take. */
const MALFORMED = 'TSIG not last (OPT after)';

function requestIn(update: RecordedUpdate) {
  const message = parseMessage(octetsOf(update.request));
  return { message, requestMac: message.tsig?.mac ?? Buffer.alloc(0), time: message.tsig?.time ?? 0 };
}

for (const update of recordedUpdates()) {
  const { server, response, client, rcode, verdict, asServer } = update;

  describe(`${server}, ${update.case}`, () => {
    if (update.case === MALFORMED) {
      it('is an UPDATE that cannot be read', () => {
        assert.throws(
          () => parseMessage(octetsOf(update.request)),
          wireFault('WIRE_MALFORMED', /behind TSIG/),
        );
      });
      return;
    }

    it(`answered ${rcode}, ${verdict.kind}`, () => {
      const { message, ...request } = requestIn(update);
      const answer = parseMessage(octetsOf(response));
      assert.equal(answer.id, message.id);
      assert.equal(answer.opcode, Opcode.UPDATE);
      assert.equal(rcodeText(answer.rcode), rcode);
      const judged = verifyResponse(answer, keyOf(client), request);
      assert.deepEqual(JSON.parse(JSON.stringify(judged)), verdict);
    });

    if (asServer === undefined) return;

    it(`is to a server: ${asServer.verdict}`, () => {
      const { message } = requestIn(update);
      const known = keyOf(asServer.known);
      const judged = verifyRequest(
        message,
        (name) => (name === known.name ? known : undefined),
        asServer.clock,
      );
      const error = 'error' in judged ? ` ${rcodeText(judged.error)}` : '';
      assert.equal(`${judged.kind}${error}`, asServer.verdict);

      if (!asServer.sameTsig) return;
      const answer = parseMessage(octetsOf(response));
      assert.ok(answer.tsig);
      assert.deepEqual(
        signReply(withoutTsig(answer.octets, answer.tsig), judged, asServer.clock),
        answer.octets,
      );
    });

    const isWhole = asServer.verdict !== 'malformed' && !asServer.verdict.endsWith('BADTRUNC');
    // Our key names are lower-case on the wire: PowerDNS refuses any other.
    if (!isWhole || update.case.includes('DYN-KEY')) return;

    it('was signed as it is signed here', () => {
      const { message, time } = requestIn(update);
      assert.ok(message.tsig);
      const unsigned = withoutTsig(message.octets, message.tsig);
      assert.deepEqual(signMessage(unsigned, keyOf(client), { time }).octets, message.octets);
    });
  });
}

it('has recordings of all three servers', () => {
  const servers = new Set(recordedUpdates().map(({ server }) => server.split(' ')[0]));
  assert.deepEqual([...servers], ['BIND', 'Knot', 'PowerDNS']);
});
