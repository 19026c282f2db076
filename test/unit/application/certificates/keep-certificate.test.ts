import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KeepCertificate } from '../../../../src/application/certificates/keep-certificate.ts';
import type { DnsChallenge } from '../../../../src/application/ports/certificate-authority.ts';
import type { CertificateFacts } from '../../../../src/application/ports/certificate-store.ts';
import { domainName } from '../../../../src/domain/domain-name.ts';
import { DynonymError } from '../../../../src/domain/errors.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';
import { MemoryCertificateAuthority } from '../../../fakes/memory-certificate-authority.ts';
import { MemoryCertificateStore } from '../../../fakes/memory-certificate-store.ts';
import { RecordingLogger } from '../../../fakes/recording-logger.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 0, 1);
const NAME = domainName('ddns.example.org');
const WILDCARD = domainName('*.ddns.example.org');

/** A certificate for {@link NAME} that began `age` ago. */
const certificate = (age: number, lifetime: number, names: readonly string[] = [NAME]): CertificateFacts => ({
  names,
  notBefore: START - age,
  notAfter: START - age + lifetime,
});

function setUp(held?: CertificateFacts, names = [NAME], chance = 0.5) {
  const clock = new ManualClock(START);
  const logger = new RecordingLogger();
  const store = new MemoryCertificateStore(held);
  const authority = new MemoryCertificateAuthority(clock);
  const standing = new Set<DnsChallenge>();
  const answers = {
    async present(challenge: DnsChallenge) {
      standing.add(challenge);
    },
    async cleanUp(challenge: DnsChallenge) {
      standing.delete(challenge);
    },
  };
  const keeper = new KeepCertificate({ authority, answers, store, clock, logger }, names, () => chance);
  /** Minutes after the start at which the authority was asked. */
  const asked = () => authority.orders.map(({ at }) => (at - START) / MINUTE);
  return { clock, logger, store, authority, answers, standing, keeper, asked };
}

describe('the certificate of our own HTTPS', () => {
  it('is ordered at the start, which does not wait for the authority', async () => {
    const { clock, store, authority, keeper } = setUp(undefined, [NAME, WILDCARD]);
    authority.isSlow = true;
    assert.deepEqual(await keeper.start(), []);
    await clock.advance(0);
    assert.equal(await store.find(), undefined);
    assert.deepEqual(await keeper.state(), {
      notAfter: undefined,
      renewal: undefined,
      isGood: false,
      failures: 0,
      trouble: undefined,
    });
    assert.deepEqual(authority.orders[0]?.names, [NAME, WILDCARD]);
    await keeper.stop(AbortSignal.abort());
  });

  for (const [what, lifetime] of [
    ['90 days', 90 * DAY],
    ['six days', 6 * DAY],
    ['an hour', HOUR],
  ] as const) {
    it(`is renewed at two thirds of its lifetime, again and again: ${what}`, async () => {
      const { clock, store, authority, keeper, asked } = setUp();
      authority.lifetime = lifetime;
      await keeper.start();
      await clock.advance(0);
      const first = await store.find();
      assert.equal(first?.notAfter, START + lifetime);
      assert.equal((await keeper.state()).renewal, START + (lifetime * 2) / 3);
      await clock.advance((lifetime * 2) / 3 - 1);
      assert.deepEqual(await store.find(), first);
      await clock.advance(1);
      assert.equal((await store.find())?.notAfter, START + (lifetime * 5) / 3);
      await clock.advance((lifetime * 2) / 3);
      assert.deepEqual(
        asked(),
        [0, 2, 4].map((thirds) => (thirds * lifetime) / 3 / MINUTE),
      );
      await keeper.stop(AbortSignal.abort());
    });
  }

  it('that is good is left alone at the start', async () => {
    const { clock, keeper, asked } = setUp(certificate(10 * DAY, 90 * DAY));
    await keeper.start();
    await clock.advance(DAY);
    assert.deepEqual(asked(), []);
    assert.equal((await keeper.state()).isGood, true);
    await keeper.stop(AbortSignal.abort());
  });

  it('is ordered at once where the configuration has a name that it lacks, and not for one that is gone', async () => {
    for (const [held, orders] of [
      [[NAME], 1],
      [[NAME, WILDCARD, 'other.example.org'], 0],
    ] as const) {
      const { clock, keeper, asked } = setUp(certificate(0, 90 * DAY, held), [NAME, WILDCARD]);
      await keeper.start();
      await clock.advance(0);
      assert.equal(asked().length, orders);
      await keeper.stop(AbortSignal.abort());
    }
  });

  it('comes after an hour without the authority, with pauses that grow, and what there was stays', async () => {
    const held = certificate(61 * DAY, 90 * DAY);
    const { clock, logger, store, authority, keeper, asked } = setUp(held);
    authority.trouble = 'CA_UNREACHABLE';
    await keeper.start();
    await clock.advance(HOUR);
    assert.deepEqual(asked(), [0, 2, 6, 14, 30]);
    assert.deepEqual(await store.find(), held);
    const { isGood, failures, trouble } = await keeper.state();
    assert.deepEqual([isGood, failures, trouble], [true, 5, 'no certificate: CA_UNREACHABLE']);
    assert.deepEqual(
      logger.at('error').map(({ event, fields }) => [event, fields['minutesUntilRetry']]),
      [2, 4, 8, 16, 32].map((minutes) => [
        'No certificate could be got; what there is stays in use',
        minutes,
      ]),
    );
    authority.trouble = undefined;
    await clock.advance(2 * MINUTE);
    assert.deepEqual(asked(), [0, 2, 6, 14, 30, 62]);
    assert.equal((await store.find())?.notAfter, START + 62 * MINUTE + 90 * DAY);
    assert.deepEqual([(await keeper.state()).failures, (await keeper.state()).trouble], [0, undefined]);
    await keeper.stop(AbortSignal.abort());
  });

  it('is asked for once an hour where the authority goes on to reject the order', async () => {
    const { clock, logger, authority, keeper, asked } = setUp(certificate(61 * DAY, 90 * DAY));
    authority.trouble = 'CA_REFUSED';
    await keeper.start();
    await clock.advance(DAY);
    const pauses = asked()
      .slice(1)
      .map((minute, index) => minute - (asked()[index] ?? 0));
    assert.deepEqual(pauses.slice(0, 6), [2, 4, 8, 16, 32, 60]);
    assert.ok(pauses.slice(6).every((pause) => pause === 60));
    const error = logger.at('error')[0]?.fields['error'];
    assert.ok(error instanceof DynonymError && error.code === 'CA_REFUSED');
    await keeper.stop(AbortSignal.abort());
  });

  it('has pauses that differ by a tenth from one server to another', async () => {
    for (const [chance, minutes] of [
      [0, 1.8],
      [1, 2.2],
    ] as const) {
      const { clock, authority, keeper, asked } = setUp(undefined, [NAME], chance);
      authority.trouble = 'CA_REFUSED';
      await keeper.start();
      await clock.advance(3 * MINUTE);
      assert.deepEqual(
        asked().map((minute) => Math.round(minute * 10) / 10),
        [0, minutes],
      );
      await keeper.stop(AbortSignal.abort());
    }
  });

  it('is not ordered where it could not be kept', async () => {
    const { clock, store, keeper, asked } = setUp();
    store.trouble = 'unwritable';
    await keeper.start();
    await clock.advance(MINUTE);
    assert.deepEqual(asked(), []);
    assert.equal((await keeper.state()).trouble, 'the folder cannot be written');
    store.trouble = undefined;
    await clock.advance(MINUTE);
    assert.deepEqual(asked(), [2]);
    await keeper.stop(AbortSignal.abort());
  });

  it('is ordered by one of two processes', async () => {
    const { clock, store, keeper, asked } = setUp();
    store.trouble = 'held';
    await keeper.start();
    await clock.advance(3 * MINUTE);
    assert.deepEqual(asked(), []);
    assert.equal((await keeper.state()).failures, 0);
    // The other one has failed, or died.
    store.trouble = undefined;
    await clock.advance(MINUTE);
    assert.equal(asked().length, 1);
    await keeper.stop(AbortSignal.abort());
  });

  it('is renewed within an hour where the clock of the system was set', async () => {
    const { clock, keeper, authority } = setUp(certificate(0, 90 * DAY));
    await keeper.start();
    await clock.advance(MINUTE);
    clock.setWallClock(START + 61 * DAY);
    await clock.advance(HOUR);
    assert.equal(authority.orders.length, 1);
    await keeper.stop(AbortSignal.abort());
  });

  it('leaves no challenge and no timer behind when the server stops in the middle of an order', async () => {
    const { clock, logger, authority, standing, keeper } = setUp(undefined, [NAME, WILDCARD]);
    authority.isSlow = true;
    await keeper.start();
    await clock.advance(0);
    assert.equal(standing.size, 2);
    await keeper.stop(new AbortController().signal);
    assert.equal(standing.size, 0);
    assert.equal(clock.pending, 0);
    assert.deepEqual(logger.at('error'), []);
  });
});
