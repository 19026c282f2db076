import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Rcode } from '../../../../src/adapters/dns-wire/constants.ts';
import {
  faultOf,
  hintFault,
  hintIn,
  queryFault,
  updateFault,
} from '../../../../src/adapters/rfc2136/answer-fault.ts';
import type { DnsFault, DnsFaultCode } from '../../../../src/application/ports/dns-fault.ts';
import { domainName } from '../../../../src/domain/domain-name.ts';

const SIGNED = {
  server: '192.0.2.53:53',
  key: { name: domainName('dyn-key'), algorithm: 'hmac-sha256' },
} as const;
const UNSIGNED = { server: '192.0.2.53:53', key: undefined };

type Row = {
  readonly rcode: number;
  readonly code: DnsFaultCode;
  /** What an operator must be able to read in it. */
  readonly says: readonly string[];
};

/** One line, which names the server, what it said and what to do, and does not end like a sentence. */
function assertFault(fault: DnsFault, code: DnsFaultCode, says: readonly string[]): void {
  assert.equal(fault.code, code);
  for (const part of says) assert.ok(fault.message.includes(part), `"${part}" in: ${fault.message}`);
  assert.match(fault.message, /^(could not confirm: )?the primary 192\.0\.2\.53:53 [^\n]*[^.\n]$/);
}

const UPDATE_ROWS: readonly Row[] = [
  { rcode: Rcode.FORMERR, code: 'DNS_BAD_MESSAGE', says: ['FORMERR', 'update of dyn.example.test'] },
  { rcode: Rcode.NXDOMAIN, code: 'DNS_BAD_MESSAGE', says: ['NXDOMAIN', 'update of dyn.example.test'] },
  { rcode: Rcode.NOTIMP, code: 'DNS_BAD_MESSAGE', says: ['NOTIMP', 'takes no updates', 'socket'] },
  { rcode: Rcode.YXDOMAIN, code: 'DNS_BAD_MESSAGE', says: ['YXDOMAIN'] },
  { rcode: Rcode.YXRRSET, code: 'DNS_CONFLICT', says: ['YXRRSET', 'no longer'] },
  { rcode: Rcode.NXRRSET, code: 'DNS_CONFLICT', says: ['NXRRSET', 'no longer'] },
  { rcode: Rcode.NOTZONE, code: 'DNS_NOT_ZONE', says: ['NOTZONE', 'outside of the zone dyn.example.test'] },
  { rcode: 11, code: 'DNS_BAD_MESSAGE', says: ['RCODE11'] },
  { rcode: 3841, code: 'DNS_BAD_MESSAGE', says: ['RCODE3841'] },
];

describe('the fault behind an answer to an update', () => {
  for (const { rcode, code, says } of UPDATE_ROWS) {
    it(`with RCODE ${rcode} is ${code}, with a key or without`, () => {
      for (const context of [SIGNED, UNSIGNED]) {
        assertFault(updateFault(rcode, 'dyn.example.test', context), code, says);
      }
    });
  }

  it('REFUSED is the policy for a key, and the missing key without one', () => {
    const said = (context: typeof SIGNED | typeof UNSIGNED) =>
      updateFault(Rcode.REFUSED, 'dyn.example.test', context);
    assertFault(said(SIGNED), 'DNS_REFUSED', ['REFUSED', 'policy', '"dyn-key"', 'A and AAAA']);
    assertFault(said(UNSIGNED), 'DNS_REFUSED', ['unsigned', 'no TSIG key is configured', 'configure dns']);
  });

  it('NOTAUTH is a wrong server, or without a key perhaps that', () => {
    const said = (context: typeof SIGNED | typeof UNSIGNED) =>
      updateFault(Rcode.NOTAUTH, 'dyn.example.test', context);
    assertFault(said(SIGNED), 'DNS_NOT_AUTHORITATIVE', [
      'does not serve the zone dyn.example.test',
      'socket',
    ]);
    assertFault(said(UNSIGNED), 'DNS_NOT_AUTHORITATIVE', [
      'does not serve the zone dyn.example.test',
      'TSIG key',
    ]);
  });

  it('SERVFAIL leaves the outcome open', () => {
    assertFault(faultOf('DNS_SERVER_FAILURE', { code: 'server-failure' }, SIGNED), 'DNS_SERVER_FAILURE', [
      'could not confirm',
      'SERVFAIL',
      'log',
    ]);
  });
});

describe('the fault behind an answer to a query', () => {
  const said = (rcode: number) => queryFault(rcode, 'home.dyn.example.test', SIGNED);

  for (const rcode of [Rcode.REFUSED, Rcode.NOTAUTH]) {
    it(`with RCODE ${rcode} is a server that does not serve the name`, () => {
      assertFault(said(rcode), 'DNS_NOT_AUTHORITATIVE', [
        'home.dyn.example.test',
        'serves no zone that holds',
        'socket',
      ]);
    });
  }

  for (const rcode of [Rcode.FORMERR, Rcode.NOTIMP, Rcode.NOTZONE]) {
    it(`with RCODE ${rcode} is a message that was not understood`, () => {
      assertFault(said(rcode), 'DNS_BAD_MESSAGE', ['home.dyn.example.test']);
    });
  }
});

describe('the fault behind an answer that does not verify', () => {
  const unsigned = (rcode: number, tsigError: number = Rcode.NOERROR) =>
    hintFault(hintIn(rcode, tsigError, 'without a signature'), SIGNED);

  it('NOTAUTH with BADKEY is the key, or the ACL of a Knot', () => {
    assertFault(unsigned(Rcode.NOTAUTH, Rcode.BADKEY), 'DNS_KEY_REJECTED', ['BADKEY', '"dyn-key"', 'ACL']);
  });

  it('NOTAUTH with BADSIG is the secret', () => {
    assertFault(unsigned(Rcode.NOTAUTH, Rcode.BADSIG), 'DNS_KEY_REJECTED', [
      'BADSIG',
      'secret of the key "dyn-key"',
    ]);
  });

  it('NOTAUTH with BADTIME is a clock', () => {
    assertFault(unsigned(Rcode.NOTAUTH, Rcode.BADTIME), 'DNS_CLOCK', ['BADTIME', 'clocks']);
  });

  for (const rcode of [Rcode.REFUSED, Rcode.NOTAUTH]) {
    it(`RCODE ${rcode} alone may be the name, the algorithm, the secret, the clock or the rights`, () => {
      const everything = ['zone', '"dyn-key"', 'algorithm', 'secret', 'clocks', 'may do'];
      assertFault(unsigned(rcode), 'DNS_KEY_REJECTED', everything);
    });
  }

  it('NOERROR is no success', () => {
    assertFault(unsigned(Rcode.NOERROR), 'DNS_UNVERIFIED', [
      'could not confirm',
      'NOERROR',
      'without a signature',
    ]);
  });

  it('SERVFAIL may pass', () => {
    assertFault(unsigned(Rcode.SERVFAIL), 'DNS_SERVER_FAILURE', ['could not confirm', 'SERVFAIL']);
  });

  it('NOTIMP is a server that is no primary', () => {
    assertFault(unsigned(Rcode.NOTIMP), 'DNS_UNVERIFIED', ['could not confirm', 'takes no updates']);
  });
});

describe('the fault behind clocks that differ', () => {
  it('says by how much, and which is ahead', () => {
    const clockFault = (seconds: number) => faultOf('DNS_CLOCK', { code: 'clocks-apart', seconds }, SIGNED);
    assertFault(clockFault(7_200), 'DNS_CLOCK', ['BADTIME', '7200 seconds ahead of ours']);
    assertFault(clockFault(-7_200), 'DNS_CLOCK', ['7200 seconds behind ours']);
    const stale = hintFault({ cause: { code: 'clocks-apart', seconds: -400 } }, SIGNED);
    assertFault(stale, 'DNS_CLOCK', ['could not confirm', '400 seconds behind ours']);
  });
});
