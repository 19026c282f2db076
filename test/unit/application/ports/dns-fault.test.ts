import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DnsFault, type DnsFaultCode } from '../../../../src/application/ports/dns-fault.ts';
import { DynonymError } from '../../../../src/domain/errors.ts';

/** Whether each code is the last word on a name: all of them, so that a new one is thought about. */
const REFUSED: Readonly<Record<DnsFaultCode, boolean>> = {
  DNS_REFUSED: true,
  DNS_CNAME: true,
  DNS_NOT_ZONE: true,
  DNS_NOT_AUTHORITATIVE: true,
  DNS_DELEGATED: true,
  DNS_NO_ZONE: true,
  DNS_NOT_MADE: true,
  DNS_BAD_MESSAGE: true,
  DNS_CONFLICT: false,
  DNS_KEY_REJECTED: false,
  DNS_CLOCK: false,
  DNS_UNREACHABLE: false,
  DNS_TIMEOUT: false,
  DNS_SERVER_FAILURE: false,
  DNS_UNVERIFIED: false,
  DNS_OVERLOADED: false,
  DNS_STOPPED: false,
};

describe('a DNS fault', () => {
  for (const [code, refused] of Object.entries(REFUSED) as [DnsFaultCode, boolean][]) {
    it(`${code} ${refused ? 'is the answer of the primary' : 'is worth another try'}`, () => {
      assert.equal(new DnsFault(code, 'a reason').refused, refused);
    });
  }

  it('is a DynonymError that keeps its code, its words and its cause', () => {
    const cause = new Error('connect ECONNREFUSED');
    const fault = new DnsFault('DNS_UNREACHABLE', 'no connection to 192.0.2.53:53', { cause });
    assert.ok(fault instanceof DynonymError);
    assert.equal(fault.code, 'DNS_UNREACHABLE');
    assert.equal(fault.message, 'no connection to 192.0.2.53:53');
    assert.equal(fault.cause, cause);
  });
});
