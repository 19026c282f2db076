import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DnsFault, type DnsFaultCode } from '../../../../src/application/ports/dns-fault.ts';
import { ALICE, HOME, startService } from './service.ts';

const A = '203.0.113.7';

/** What a client is told, and what the operator. Every code has a line, so that a new one is thought about. */
type Told = {
  /** Behind `500 Internal Server Error: `, on /dns/update. */
  readonly detail: string;
  /** With status 503, on /nic/update. */
  readonly code: 'dnserr' | '911';
};

const refused = (detail: string): Told => ({ detail, code: 'dnserr' });

const UNWILLING = refused('the name server would not make this change');

const UNCONFIRMED: Told = {
  detail: 'the change could not be confirmed; try again later',
  code: '911',
};

const TOLD: Readonly<Record<DnsFaultCode, Told>> = {
  DNS_REFUSED: UNWILLING,
  DNS_CNAME: refused('the name is an alias (CNAME), beside which no address may stand'),
  DNS_NOT_ZONE: UNWILLING,
  DNS_NOT_AUTHORITATIVE: UNWILLING,
  DNS_DELEGATED: refused('the name lies in a zone that is delegated to other name servers'),
  DNS_NO_ZONE: UNWILLING,
  DNS_NOT_MADE: UNWILLING,
  DNS_BAD_MESSAGE: UNWILLING,
  DNS_CONFLICT: UNCONFIRMED,
  DNS_KEY_REJECTED: UNCONFIRMED,
  DNS_CLOCK: UNCONFIRMED,
  DNS_UNREACHABLE: UNCONFIRMED,
  DNS_TIMEOUT: UNCONFIRMED,
  DNS_SERVER_FAILURE: UNCONFIRMED,
  DNS_UNVERIFIED: UNCONFIRMED,
  DNS_OVERLOADED: UNCONFIRMED,
  DNS_STOPPED: UNCONFIRMED,
};

/** What inadyn and UniFi take for success, wherever it stands. */
const SUCCESS = /ok|good|true|updated|success|nochg/i;

describe('trouble with the DNS, as clients and operators hear of it', () => {
  for (const [code, { detail, code: word }] of Object.entries(TOLD) as [DnsFaultCode, Told][]) {
    for (const operation of ['lookUp', 'apply'] as const) {
      it(`${code} in ${operation}: the promised answers and a log line, and the same request succeeds later`, async () => {
        const { ask, dns, logger } = await startService();
        const ways = [
          {
            target: `/dns/update?domain=${HOME}&ipv4=${A}`,
            answer: [500, `500 Internal Server Error: ${detail}\n`],
          },
          { target: `/nic/update?hostname=${HOME}&myip=${A}`, answer: [503, `${word}\n`] },
        ];
        for (const { target, answer } of ways) {
          dns.fail(operation, HOME, code);
          const { status, body } = await ask(target, { as: ALICE });
          assert.deepEqual([status, body], answer);
          assert.doesNotMatch(body, SUCCESS);

          const [line, ...others] = logger.entries.splice(0);
          assert.deepEqual(others, [], 'one line for the operator');
          assert.deepEqual([line?.level, line?.event], ['warn', 'An update request was answered']);
          const { user, client, names, faults, fault } = line?.fields ?? {};
          assert.deepEqual([user, client, names, faults], ['alice', '127.0.0.1', [HOME], [code]]);
          assert.ok(fault instanceof DnsFault);
          assert.equal(fault.code, code);
          assert.match(fault.message, /home\.example\.org/, 'the words of whoever found the trouble');

          dns.recover();
          assert.equal((await ask(target, { as: ALICE })).body, `good ${A}\n`);
          logger.entries.length = 0;
          dns.put(HOME);
        }
      });
    }
  }

  it('a problem document says the same', async () => {
    const { ask, dns } = await startService();
    dns.putAlias(HOME);
    const headers = { Accept: 'application/json' };
    const { status, body } = await ask(`/dns/update?domain=${HOME}&ipv4=${A}`, { as: ALICE, headers });
    assert.equal(status, 500);
    assert.equal(JSON.parse(body).detail, TOLD.DNS_CNAME.detail);
  });
});
