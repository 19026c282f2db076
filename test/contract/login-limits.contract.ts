import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { LoginAttempt, LoginLimits } from '../../src/application/ports/login-limits.ts';
import { parseIpAddress } from '../../src/domain/ip-address.ts';
import type { ManualClock } from '../fakes/manual-clock.ts';
import { valueIn } from '../support/parsed.ts';

const MINUTE = 60_000;
const HERE = '198.51.100.7';
const ELSEWHERE = '198.51.100.8';
const USER = { name: 'alice', passwordHash: '$hash-of-alice' } as const;
const NOBODY = { name: 'nobody', passwordHash: undefined } as const;
const TOKEN = { name: undefined, passwordHash: undefined } as const;

type Who = Pick<LoginAttempt, 'name' | 'passwordHash'>;

export type LimitsOnClock = { readonly limits: LoginLimits; readonly clock: ManualClock };

/** What every LoginLimits keeps to: the rules of lock-out. */
export function loginLimitsContract(
  name: string,
  create: () => LimitsOnClock | Promise<LimitsOnClock>,
): void {
  describe(`${name} as limits of logins`, () => {
    let limits: LoginLimits;
    let clock: ManualClock;
    let guesses = 0;
    beforeEach(async () => {
      ({ limits, clock } = await create());
    });

    const attempt = (who: Who, from = HERE, secret = `guess-${guesses++}`): LoginAttempt => ({
      ...who,
      secret,
      from: valueIn(parseIpAddress(from)),
    });
    const fail = (who: Who, from = HERE) => limits.settle(attempt(who, from), 'wrong');
    /** Fails with other credentials each time; the last one brings what it brings. */
    const failTimes = async (times: number, who: Who, from = HERE) => {
      for (let time = 0; time < times; time += 1) assert.equal(await fail(who, from), undefined);
    };
    /** What the right credentials hear: nothing, or which pause in minutes. */
    const heard = async (who: Who = USER, from = HERE) => {
      const pause = await limits.settle(attempt(who, from), 'right');
      return pause && [pause.scope, pause.milliseconds / MINUTE];
    };

    it('tell where logins fail: the longest pauses first, then the most failures, and no more than asked for', async () => {
      assert.deepEqual(await limits.failing(10), []);
      await failTimes(3, TOKEN, ELSEWHERE);
      await failTimes(10, USER);
      assert.deepEqual(await limits.failing(10), [
        { site: HERE, name: 'alice', failures: 0, paused: MINUTE },
        { site: HERE, name: undefined, failures: 10, paused: 0 },
        { site: ELSEWHERE, name: undefined, failures: 3, paused: 0 },
      ]);
      assert.equal((await limits.failing(2)).length, 2);
      await clock.advance(10 * MINUTE);
      assert.deepEqual(await limits.failing(10), []);
    });

    for (const [whose, who] of Object.entries({ 'a user': USER, nobody: NOBODY })) {
      it(`pause the name of ${whose} at a site for a minute after ten failures, whatever is right`, async () => {
        await failTimes(9, who);
        assert.equal(await heard(who), undefined);
        await failTimes(1, who);
        assert.deepEqual(await heard(who), ['name', 1]);
        assert.deepEqual(await limits.look(attempt(who)), {
          kind: 'paused',
          scope: 'name',
          milliseconds: MINUTE,
        });
        const { name, from } = attempt(who);
        assert.deepEqual(await limits.pauseOf({ name, from }), {
          kind: 'paused',
          scope: 'name',
          milliseconds: MINUTE,
        });
        assert.equal(await limits.pauseOf({ name: undefined, from }), undefined);
        await clock.advance(MINUTE - 1);
        assert.deepEqual(await heard(who), ['name', 1 / MINUTE]);
        await clock.advance(1);
        assert.equal(await heard(who), undefined);
      });
    }

    it('leave other names at the site, and the same name at other sites, as they are', async () => {
      await failTimes(10, USER);
      assert.equal(await heard(NOBODY), undefined);
      assert.equal(await heard(TOKEN), undefined);
      assert.equal(await heard(USER, ELSEWHERE), undefined);
    });

    it('take the name as it was typed', async () => {
      await failTimes(10, { ...NOBODY, name: 'Alice' });
      assert.equal(await heard(USER), undefined);
    });

    it('let at most ten of many attempts at once learn their verdict', async () => {
      const settled = await Promise.all(Array.from({ length: 100 }, () => fail(USER)));
      assert.equal(settled.filter((pause) => pause === undefined).length, 10);
    });

    it('let no right attempt through that is settled after a pause began', async () => {
      const guesses = Array.from({ length: 10 }, () => fail(USER));
      const right = heard(USER);
      await Promise.all(guesses);
      assert.deepEqual(await right, ['name', 1]);
    });

    it('count the same wrong credentials once', async () => {
      const old = attempt(USER);
      for (let time = 0; time < 100; time += 1) {
        assert.equal(await limits.settle(old, 'wrong'), undefined);
        await clock.advance(MINUTE);
      }
      await Promise.all(Array.from({ length: 100 }, () => limits.settle(old, 'wrong')));
      await failTimes(9, USER);
      assert.equal(await heard(), undefined);
    });

    it('know the same wrong credentials again, and no others', async () => {
      const old = attempt(USER, HERE, 'old password');
      assert.deepEqual(await limits.look(old), { kind: 'open' });
      await limits.settle(old, 'wrong');
      assert.deepEqual(await limits.look(old), { kind: 'wrong' });
      for (const other of [
        { ...old, secret: 'new password' },
        { ...old, name: 'bob' },
        { ...old, name: undefined },
        { ...old, passwordHash: '$another-hash' },
        { ...old, passwordHash: undefined },
        attempt(USER, ELSEWHERE, old.secret),
      ]) {
        assert.deepEqual(await limits.look(other), { kind: 'open' });
      }
    });

    it('count the same credentials again when they are wrong for another stored hash', async () => {
      const passwordHash = (change: number) => `$hash-${change}`;
      for (let change = 0; change < 10; change += 1) {
        await limits.settle(
          attempt({ name: 'alice', passwordHash: passwordHash(change) }, HERE, 's'),
          'wrong',
        );
      }
      assert.deepEqual(await heard(), ['name', 1]);
    });

    it('know nothing of credentials that were settled during a pause', async () => {
      await failTimes(10, USER);
      const during = attempt(USER);
      assert.ok(await limits.settle(during, 'wrong'));
      await clock.advance(MINUTE);
      assert.deepEqual(await limits.look(during), { kind: 'open' });
    });

    it('do not make a pause longer for what fails in it, nor count that later', async () => {
      await failTimes(10, USER);
      await clock.advance(MINUTE / 2);
      for (let time = 0; time < 100; time += 1) await fail(USER);
      assert.deepEqual(await heard(), ['name', 1 / 2]);
      await clock.advance(MINUTE / 2);
      await failTimes(9, USER);
      assert.equal(await heard(), undefined);
      await failTimes(1, USER);
      assert.deepEqual(await heard(), ['name', 2]);
    });

    it('do not add up failures that lie more than ten minutes apart', async () => {
      await failTimes(9, USER);
      await clock.advance(10 * MINUTE);
      await failTimes(9, USER);
      assert.equal(await heard(), undefined);
    });

    it('double the pause up to an hour', async () => {
      const pauses: unknown[] = [];
      for (let round = 0; round < 8; round += 1) {
        await failTimes(10, USER);
        pauses.push(await heard());
        await clock.advance(60 * MINUTE);
      }
      assert.deepEqual(
        pauses,
        [1, 2, 4, 8, 16, 32, 60, 60].map((minutes) => ['name', minutes]),
      );
    });

    it('begin with a minute again after two quiet hours', async () => {
      await failTimes(10, USER);
      await clock.advance(120 * MINUTE);
      await failTimes(10, USER);
      assert.deepEqual(await heard(), ['name', 1]);
    });

    it('pause a site as a whole after fifty failures with whatever names', async () => {
      for (let name = 0; name < 49; name += 1) await failTimes(1, { ...NOBODY, name: `user${name}` });
      assert.equal(await heard(), undefined);
      await failTimes(1, TOKEN);
      for (const who of [USER, NOBODY, TOKEN]) assert.deepEqual(await heard(who), ['site', 1]);
      assert.equal(await heard(USER, ELSEWHERE), undefined);
      await clock.advance(MINUTE);
      assert.equal(await heard(), undefined);
      await failTimes(50, TOKEN);
      assert.deepEqual(await heard(), ['site', 2]);
    });

    it('let at most fifty of many tokens at once learn their verdict', async () => {
      const settled = await Promise.all(Array.from({ length: 1_000 }, () => fail(TOKEN)));
      assert.equal(settled.filter((pause) => pause === undefined).length, 50);
    });

    it('speak of the site where both the site and the name are paused', async () => {
      await failTimes(40, TOKEN);
      await failTimes(10, USER);
      assert.deepEqual(await heard(), ['site', 1]);
    });

    it('take nothing off a count for what is right', async () => {
      await failTimes(9, USER);
      await failTimes(40, TOKEN);
      for (let time = 0; time < 100; time += 1) assert.equal(await heard(), undefined);
      await failTimes(1, USER);
      assert.deepEqual(await heard(), ['site', 1]);
      assert.equal(await heard(USER, ELSEWHERE), undefined);
    });

    it('take an IPv6 /64 for one site', async () => {
      for (let host = 1; host <= 10; host += 1) await failTimes(1, USER, `2001:db8:1:2::${host}`);
      assert.deepEqual(await heard(USER, '2001:db8:1:2:ffff::1'), ['name', 1]);
      assert.equal(await heard(USER, '2001:db8:1:3::1'), undefined);
    });

    it('pause an IPv6 /48 after five hundred failures in it', async () => {
      for (let site = 0; site < 50; site += 1) {
        await failTimes(site < 49 ? 10 : 9, TOKEN, `2001:db8:1:${site.toString(16)}::1`);
      }
      assert.equal(await heard(USER, '2001:db8:1:ffff::1'), undefined);
      await failTimes(1, TOKEN, '2001:db8:1:aaaa::1');
      assert.deepEqual(await heard(USER, '2001:db8:1:ffff::1'), ['site', 1]);
      assert.equal(await heard(USER, '2001:db8:2::1'), undefined);
    });

    it('take the IPv4 address behind a NAT64 for the site, and pause no others behind it', async () => {
      await failTimes(50, TOKEN, '64:ff9b::192.0.2.1');
      for (const from of ['64:ff9b::192.0.2.1', '192.0.2.1']) {
        assert.deepEqual(await heard(USER, from), ['site', 1]);
      }
      for (let host = 2; host < 14; host += 1) await failTimes(49, TOKEN, `64:ff9b::192.0.2.${host}`);
      assert.equal(await heard(USER, '64:ff9b::192.0.2.99'), undefined);
    });
  });
}
