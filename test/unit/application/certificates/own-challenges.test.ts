import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AnswerChallenges } from '../../../../src/application/certificates/answer-challenges.ts';
import { ChallengeRecords } from '../../../../src/application/certificates/challenge-records.ts';
import { ChallengeRights } from '../../../../src/application/certificates/challenge-rights.ts';
import { OwnChallenges } from '../../../../src/application/certificates/own-challenges.ts';
import { NameTurns } from '../../../../src/application/turns/name-turns.ts';
import { domainName } from '../../../../src/domain/domain-name.ts';
import { parseSocketAddress } from '../../../../src/domain/socket-address.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';
import { MemoryAuthoritativeServers } from '../../../fakes/memory-authoritative-servers.ts';
import { MemoryChallengeStore } from '../../../fakes/memory-challenge-store.ts';
import { MemoryDnsUpdater } from '../../../fakes/memory-dns-updater.ts';
import { MemoryUserStore } from '../../../fakes/memory-user-store.ts';
import { noEvents } from '../../../support/events.ts';
import { userNamed } from '../../../support/fixtures.ts';
import { valueIn } from '../../../support/parsed.ts';

const MINUTE = 60_000;
const NAME = domainName('ddns.example.org');
const CHALLENGE = domainName('_acme-challenge.ddns.example.org');
const VALUE = 'v'.padEnd(43, '-');
const HELD = new Map([[`${CHALLENGE} TXT`, [{ family: 'text', text: VALUE } as const]]]);

function setUp(sockets: readonly string[] = []) {
  const clock = new ManualClock();
  const store = new MemoryChallengeStore();
  const dns = new MemoryDnsUpdater('example.org');
  const servers = new MemoryAuthoritativeServers();
  const records = new ChallengeRecords(dns, store, new NameTurns(), clock);
  // Others hold what such a certificate covers, too. The operator decides.
  const users = new MemoryUserStore([userNamed('bob', [NAME])]);
  const answers = new AnswerChallenges(
    new ChallengeRights(users, { zone: undefined }),
    records,
    store,
    clock,
    noEvents,
  );
  const asked = sockets.map((socket) => valueIn(parseSocketAddress(socket)));
  const challenges = new OwnChallenges({ answers, store, dns, servers, clock }, [NAME], asked);
  const stop = new AbortController();
  let outcome: 'shown' | { readonly code: string; readonly message: string } | undefined;
  const present = async (name = CHALLENGE) => {
    challenges.present({ name, value: VALUE }, stop.signal).then(
      () => {
        outcome = 'shown';
      },
      (error) => {
        outcome = error;
      },
    );
    await clock.advance(0);
  };
  return { clock, store, dns, servers, challenges, stop, present, outcome: () => outcome };
}

describe('a challenge of our own', () => {
  it('is shown when all name servers show it, and is ours until it is cleaned up', async () => {
    const { clock, store, dns, servers, challenges, present, outcome } = setUp();
    servers.contents.set('ns1.example.org', HELD);
    servers.contents.set('ns2.example.org', new Map());
    await present();
    await clock.advance(MINUTE);
    assert.equal(outcome(), undefined);
    assert.deepEqual(dns.addressesOf(CHALLENGE), [VALUE]);
    assert.equal((await store.at(CHALLENGE)).length, 1);
    servers.contents.set('ns2.example.org', HELD);
    await clock.advance(MINUTE);
    assert.equal(outcome(), 'shown');
    await challenges.cleanUp({ name: CHALLENGE, value: VALUE });
    assert.deepEqual([dns.addressesOf(CHALLENGE), await store.at(CHALLENGE)], [[], []]);
    assert.equal(clock.pending, 0);
  });

  it('is not shown where a name server stays behind or silent for ten minutes, and both are named', async () => {
    const { clock, servers, present, outcome } = setUp();
    servers.contents.set('ns1.example.org', HELD);
    servers.contents.set('ns2.example.org', new Map());
    servers.contents.set('ns3.example.org', undefined);
    await present();
    await clock.advance(9 * MINUTE);
    assert.equal(outcome(), undefined);
    await clock.advance(2 * MINUTE);
    const { code, message } = outcome() as { code: string; message: string };
    assert.equal(code, 'CHALLENGE_NOT_VISIBLE');
    assert.match(message, /ns2\.example\.org: not there yet; ns3\.example\.org: no answer$/);
  });

  it('is not shown where nobody tells the name servers', async () => {
    const { clock, present, outcome } = setUp();
    await present();
    await clock.advance(11 * MINUTE);
    assert.match(
      (outcome() as { message: string }).message,
      /the name servers of example\.org were not found/,
    );
  });

  it('is looked for at the servers that the configuration names, and at no others', async () => {
    const { servers, present, outcome } = setUp(['192.0.2.1:53']);
    servers.contents.set('192.0.2.1:53', HELD);
    servers.contents.set('ns1.example.org', new Map());
    await present();
    assert.equal(outcome(), 'shown');
  });

  it('is written and looked for where an alias leads', async () => {
    const { dns, servers, present, outcome } = setUp();
    const target = '_acme-challenge.other.example.org';
    dns.putAlias(CHALLENGE, target);
    const values = [{ family: 'text', text: VALUE } as const];
    servers.contents.set('ns1.example.org', new Map([[`${target} TXT`, values]]));
    await present();
    assert.equal(outcome(), 'shown');
    assert.deepEqual(dns.addressesOf(target), [VALUE]);
  });

  it('fails with the fault of the primary, or where it may not be written, and is never looked for', async () => {
    for (const [name, code] of [
      [CHALLENGE, 'DNS_REFUSED'],
      [domainName('_acme-challenge.elsewhere.example.org'), 'CHALLENGE_REFUSED'],
    ] as const) {
      const { dns, servers, present, outcome } = setUp();
      dns.fail('apply', CHALLENGE, 'DNS_REFUSED');
      await present(name);
      assert.equal((outcome() as { code: string }).code, code);
      assert.deepEqual(servers.questions, []);
    }
  });

  it('is not waited for when the server stops', async () => {
    const { clock, stop, present, outcome } = setUp();
    await present();
    stop.abort();
    await clock.advance(0);
    assert.equal((outcome() as { code: string }).code, 'CHALLENGE_NOT_VISIBLE');
    assert.equal(clock.pending, 0);
  });
});
