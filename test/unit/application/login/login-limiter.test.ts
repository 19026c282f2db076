import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { LoginLimiter } from '../../../../src/application/login/login-limiter.ts';
import { type IpAddress, parseIpAddress } from '../../../../src/domain/ip-address.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';
import { RecordingLogger } from '../../../fakes/recording-logger.ts';
import { valueIn } from '../../../support/parsed.ts';

const MINUTE = 60_000;
const at = (text: string): IpAddress => valueIn(parseIpAddress(text));
const HERE = at('198.51.100.7');

function setUp() {
  const clock = new ManualClock();
  const logger = new RecordingLogger();
  const limiter = new LoginLimiter(clock, logger);
  const fail = (times: number, from = HERE) => {
    for (let time = 0; time < times; time += 1) limiter.failed(from);
  };
  return { clock, limiter, logger, fail };
}

describe('LoginLimiter', () => {
  test('nine failures are forgiven, the tenth brings a pause of a minute', async () => {
    const { clock, limiter, fail } = setUp();
    fail(9);
    assert.equal(limiter.pauseOf(HERE), undefined);
    assert.equal(limiter.failed(HERE), MINUTE);
    assert.equal(limiter.pauseOf(HERE), MINUTE);
    await clock.advance(MINUTE - 1);
    assert.equal(limiter.pauseOf(HERE), 1);
    await clock.advance(1);
    assert.equal(limiter.pauseOf(HERE), undefined);
  });

  test('tells the log of the pause, and for how long it is', () => {
    const { logger, fail } = setUp();
    fail(10);
    assert.deepEqual(
      logger.at('warn').map(({ fields }) => fields),
      [{ site: '198.51.100.7', seconds: 60 }],
    );
  });

  test('what fails during a pause makes it no longer, and counts no more', async () => {
    const { clock, limiter, logger, fail } = setUp();
    fail(10);
    await clock.advance(MINUTE / 2);
    fail(100);
    assert.equal(limiter.pauseOf(HERE), MINUTE / 2);
    assert.equal(logger.at('warn').length, 1);
    await clock.advance(MINUTE / 2);
    fail(9);
    assert.equal(limiter.pauseOf(HERE), undefined);
    assert.equal(limiter.failed(HERE), 2 * MINUTE);
  });

  test('failures that lie more than ten minutes apart do not add up', async () => {
    const { clock, limiter, fail } = setUp();
    fail(9);
    await clock.advance(10 * MINUTE);
    assert.equal(limiter.failed(HERE), undefined);
  });

  test('pauses double up to an hour', async () => {
    const { clock, limiter, fail } = setUp();
    const pauses: (number | undefined)[] = [];
    for (let round = 0; round < 8; round += 1) {
      fail(9);
      pauses.push(limiter.failed(HERE));
      await clock.advance(60 * MINUTE);
    }
    assert.deepEqual(
      pauses.map((pause) => (pause ?? 0) / MINUTE),
      [1, 2, 4, 8, 16, 32, 60, 60],
    );
  });

  test('after two quiet hours the first pause is a minute again', async () => {
    const { clock, limiter, fail } = setUp();
    fail(10);
    await clock.advance(120 * MINUTE);
    fail(9);
    assert.equal(limiter.failed(HERE), MINUTE);
  });

  test('an attacker locks out nobody but the own site', () => {
    const { limiter, fail } = setUp();
    fail(10);
    assert.equal(limiter.pauseOf(at('198.51.100.8')), undefined);
  });

  test('addresses of one IPv6 /64 are one site, those of the next are not', () => {
    const { limiter } = setUp();
    for (let host = 1; host <= 10; host += 1) limiter.failed(at(`2001:db8:1:2::${host}`));
    assert.equal(limiter.pauseOf(at('2001:db8:1:2:ffff::1')), MINUTE);
    assert.equal(limiter.pauseOf(at('2001:db8:1:3::1')), undefined);
  });

  test('a flood from many sites is forgotten from its oldest end', () => {
    const { limiter, fail } = setUp();
    fail(10);
    for (let site = 0; site < 100_000; site += 1) {
      limiter.failed(at(`10.${site >> 16}.${(site >> 8) & 255}.${site & 255}`));
    }
    assert.equal(limiter.pauseOf(HERE), undefined);
  });
});
