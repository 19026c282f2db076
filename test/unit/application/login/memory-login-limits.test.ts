import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type IpAddress, parseIpAddress } from '../../../../src/domain/ip-address.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';
import { RecordingEvents } from '../../../fakes/recording-events.ts';
import { RecordingLogger } from '../../../fakes/recording-logger.ts';
import { loginLimits } from '../../../support/authenticate-user-on.ts';
import { valueIn } from '../../../support/parsed.ts';

const HERE = '198.51.100.7';

function setUp() {
  const logger = new RecordingLogger();
  const [clock, events] = [new ManualClock(), new RecordingEvents()];
  const limits = loginLimits(clock, logger, events);
  let guesses = 0;
  const attempt = (from: string, name?: string, passwordHash?: string) => {
    const address: IpAddress = valueIn(parseIpAddress(from));
    guesses += 1;
    return { from: address, name, passwordHash, secret: `guess-${guesses}` };
  };
  const fail = async (times: number, ...of: Parameters<typeof attempt>) => {
    for (let time = 0; time < times; time += 1) await limits.settle(attempt(...of), 'wrong');
  };
  const warnings = () => logger.at('warn').map(({ fields }) => fields);
  return { limits, attempt, fail, warnings, clock, events };
}

describe('MemoryLoginLimits', () => {
  test('tells the log once of a pause: where, for how long, and which user was tried', async () => {
    const { fail, warnings } = setUp();
    await fail(20, HERE, 'alice', '$hash');
    assert.deepEqual(warnings(), [{ site: HERE, user: 'alice', seconds: 60 }]);
  });

  test('tells the event of a pause, without a name that is no user’s', async () => {
    const { fail, clock, events } = setUp();
    await fail(10, HERE, 'alice', '$hash');
    await fail(10, HERE, 's3cret');
    const paused = { kind: 'paused', at: clock.now(), from: HERE, until: clock.now() + 60_000 };
    assert.deepEqual(events.told, [
      { ...paused, user: 'alice' },
      { ...paused, user: undefined },
    ]);
  });

  test('tells the log no name that is no user’s: it may be a password in the wrong field', async () => {
    const { fail, warnings } = setUp();
    await fail(20, HERE, 's3cret');
    assert.deepEqual(warnings(), [{ site: HERE, seconds: 60 }]);
  });

  test('tells the log of the pause of a site, and of an IPv6 /48', async () => {
    const { fail, warnings } = setUp();
    await fail(60, HERE);
    for (let site = 1; site <= 20; site += 1) await fail(25, `2001:db8:1:${site}::1`);
    assert.deepEqual(warnings(), [
      { site: HERE, seconds: 60 },
      { site: '2001:db8:1::/48', seconds: 60 },
    ]);
  });

  test('takes names that are longer than any user’s and begin alike for one', async () => {
    const { fail, warnings } = setUp();
    const long = 'a'.repeat(256);
    for (let end = 0; end < 10; end += 1) await fail(1, HERE, `${long}${end}`);
    assert.equal(warnings().length, 1);
  });

  test('forgets a flood from many sites from its oldest end', async () => {
    const { limits, attempt, fail } = setUp();
    await fail(50, HERE);
    for (let site = 0; site < 100_000; site += 1) {
      await fail(1, `10.${site >> 16}.${(site >> 8) & 255}.${site & 255}`);
    }
    assert.equal(await limits.settle(attempt(HERE), 'right'), undefined);
  });
});
