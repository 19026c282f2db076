import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Deeds } from '../../src/application/manage/deeds.ts';
import { EndFollowing } from '../../src/application/manage/end-following.ts';
import { ManageHosts } from '../../src/application/manage/manage-hosts.ts';
import { ManageUsers, type TellEnded } from '../../src/application/manage/manage-users.ts';
import type { HostStore } from '../../src/application/ports/host-store.ts';
import type { UserStore } from '../../src/application/ports/user-store.ts';
import { type DomainName, domainName } from '../../src/domain/domain-name.ts';
import { DynonymError } from '../../src/domain/errors.ts';
import { type HostSettings, unknownHost } from '../../src/domain/host-settings.ts';
import { parseIpv6 } from '../../src/domain/ip-address.ts';
import { parseTtl } from '../../src/domain/ttl.ts';
import type { UserName } from '../../src/domain/user.ts';
import { CountingTokenMint } from '../fakes/counting-token-mint.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { PlainPasswordHasher } from '../fakes/plain-password-hasher.ts';
import { RecordingEvents } from '../fakes/recording-events.ts';
import { OPERATOR, userNamed } from '../support/fixtures.ts';
import { valueIn } from '../support/parsed.ts';

const HOME = domainName('home.example.org');
const CAM = domainName('cam.example.org');
const NAS = domainName('nas.example.org');
const ALICE = 'alice' as UserName;

type Stores = { readonly users: UserStore; readonly hosts: HostStore };

/** What is asked of the stores to find what ends. */
type Asked = Pick<UserStore, 'holdersOf'> & Pick<HostStore, 'find' | 'followersOf'>;

/** What a lost right ends, on the stores of users and hosts that `open` makes without content. */
export function endFollowingContract(name: string, open: () => Promise<Stores>): void {
  /** Users with their names, and hosts with the names that they follow. */
  async function setUp(
    held: Readonly<Record<string, readonly DomainName[]>>,
    follows: readonly (readonly [name: DomainName, follows: DomainName])[],
    trouble: (stores: Stores) => Partial<Asked> = () => ({}),
  ) {
    const { users, hosts } = await open();
    const passwordHash = `$2b$10$${'a'.repeat(53)}`;
    await users.addAll(Object.entries(held).map(([user, names]) => userNamed(user, names, { passwordHash })));
    await hosts.addAll(follows.map(([host, followed]) => following(host, followed)));
    const events = new RecordingEvents();
    const deeds = new Deeds(events, new ManualClock(), OPERATOR);
    const asked: Asked = {
      holdersOf: (names) => users.holdersOf(names),
      find: (names) => hosts.find(names),
      followersOf: (names) => hosts.followersOf(names),
      ...trouble({ users, hosts }),
    };
    const endFollowing = new EndFollowing(asked, asked, new ManageHosts(hosts, deeds));
    const ended: string[] = [];
    const tell: TellEnded = ({ name: host, follows: followed }) => ended.push(`${host} ${followed}`);
    return {
      hosts,
      manage: new ManageUsers(users, new PlainPasswordHasher(), new CountingTokenMint(), deeds, endFollowing),
      endFollowing,
      events,
      /** `HOST FOLLOWED`, as it was told. */
      ended,
      tell,
      followedBy: async (host: DomainName) => (await hosts.find([host])).get(host)?.follows,
    };
  }

  describe(`${name}: what ends with a right`, () => {
    it('the revoked name follows no other one any more, and its other settings stay', async () => {
      const { manage, hosts, ended, tell, events } = await setUp({ alice: [HOME, CAM] }, [[CAM, HOME]]);
      assert.equal(await manage.revoke(ALICE, CAM, tell), 'revoked');
      assert.deepEqual((await hosts.find([CAM])).get(CAM), {
        ...unknownHost(CAM),
        ttl: valueIn(parseTtl(90)),
      });
      assert.deepEqual(ended, [`${CAM} ${HOME}`]);
      assert.deepEqual(
        events.told.map((event) => event.kind === 'managed' && [event.deed, event.name, event.settings]),
        [
          ['name-revoked', CAM, undefined],
          ['host-set', CAM, ['follows', 'interfaceId', 'prefixLength']],
        ],
      );
    });

    it('names of the user follow the revoked one no more', async () => {
      const { manage, followedBy, ended, tell } = await setUp({ alice: [HOME, CAM] }, [[CAM, HOME]]);
      assert.equal(await manage.revoke(ALICE, HOME, tell), 'revoked');
      assert.deepEqual([await followedBy(CAM), ended], [undefined, [`${CAM} ${HOME}`]]);
    });

    it('names that follow each other are told of once each', async () => {
      const both = [
        [CAM, HOME],
        [HOME, CAM],
      ] as const;
      const { manage, ended, tell } = await setUp({ alice: [HOME, CAM] }, both);
      await manage.revoke(ALICE, HOME, tell);
      assert.deepEqual(ended.toSorted(), [`${CAM} ${HOME}`, `${HOME} ${CAM}`]);
    });

    for (const [what, revoked] of [
      ['the name', CAM],
      ['what it follows', HOME],
    ] as const) {
      it(`${what} is revoked from one of two who hold both: all stays`, async () => {
        const { manage, followedBy, ended, tell } = await setUp({ alice: [HOME, CAM], bob: [HOME, CAM] }, [
          [CAM, HOME],
        ]);
        await manage.revoke(ALICE, revoked, tell);
        assert.deepEqual([await followedBy(CAM), ended], [HOME, []]);
      });

      it(`${what} is revoked, and others hold only one of the two: it ends`, async () => {
        const { manage, followedBy } = await setUp({ alice: [HOME, CAM], bob: [CAM], carol: [HOME] }, [
          [CAM, HOME],
        ]);
        await manage.revoke(ALICE, revoked);
        assert.equal(await followedBy(CAM), undefined);
      });
    }

    it('hosts that the user did not hold go on following: an operator let them', async () => {
      const { manage, followedBy, ended, tell } = await setUp({ alice: [HOME, CAM], bob: [NAS] }, [
        [NAS, HOME],
        [domainName('tv.example.org'), HOME],
      ]);
      await manage.revoke(ALICE, HOME, tell);
      await manage.revoke(ALICE, CAM, tell);
      await manage.remove(ALICE, undefined, tell);
      assert.deepEqual([await followedBy(NAS), ended], [HOME, []]);
    });

    it('a removed user: all names of the user are looked at, and nobody is told where the removal is refused', async () => {
      const { manage, followedBy, ended, tell } = await setUp({ alice: [HOME, CAM, NAS], bob: [CAM, NAS] }, [
        [CAM, HOME],
        [NAS, CAM],
      ]);
      assert.equal(await manage.remove(ALICE, { isSeen: () => false }, tell), 'overtaken');
      assert.deepEqual([await followedBy(CAM), ended], [HOME, []]);
      assert.equal(await manage.remove(ALICE, {}, tell), 'removed');
      assert.deepEqual(
        [await followedBy(CAM), await followedBy(NAS), ended],
        [undefined, CAM, [`${CAM} ${HOME}`]],
      );
    });

    it('a revocation that ended halfway says so, and its repetition does the rest', async () => {
      let isAway = true;
      const { manage, followedBy, tell, ended } = await setUp(
        { alice: [HOME, CAM] },
        [[CAM, HOME]],
        ({ hosts }) => ({
          async find(names) {
            if (isAway) throw new DynonymError('STORE_UNREACHABLE', 'the database does not answer');
            return hosts.find(names);
          },
        }),
      );
      await assert.rejects(manage.revoke(ALICE, CAM, tell), {
        code: 'STORE_UNREACHABLE',
        message:
          'the name was revoked, but hosts may still follow cam.example.org, or cam.example.org another name; ' +
          'revoke it once more: the database does not answer',
      });
      assert.equal(await followedBy(CAM), HOME);
      isAway = false;
      assert.equal(await manage.revoke(ALICE, CAM, tell), 'not-granted');
      assert.deepEqual([await followedBy(CAM), ended], [undefined, [`${CAM} ${HOME}`]]);
    });

    it('settings that somebody changes meanwhile stay, and the following ends all the same', async () => {
      const { manage, hosts, ended, tell } = await setUp({ alice: [HOME, CAM] }, [[CAM, HOME]], (stores) => ({
        async holdersOf(names) {
          await stores.hosts.change(CAM, { ttl: valueIn(parseTtl(120)) });
          return stores.users.holdersOf(names);
        },
      }));
      await manage.revoke(ALICE, CAM, tell);
      const after = (await hosts.find([CAM])).get(CAM);
      assert.deepEqual(after, { ...unknownHost(CAM), ttl: valueIn(parseTtl(120)) });
      assert.deepEqual(ended, [`${CAM} ${HOME}`]);
    });

    it('a setting that comes after the revocation ends if nobody holds both names', async () => {
      const { endFollowing, hosts, followedBy } = await setUp(
        { alice: [HOME], bob: [CAM], carol: [NAS, HOME] },
        [],
      );
      await hosts.change(CAM, { follows: HOME });
      await hosts.change(NAS, { follows: HOME });
      assert.deepEqual([await endFollowing.ofNobody(CAM), await endFollowing.ofNobody(NAS)], [true, false]);
      assert.deepEqual([await followedBy(CAM), await followedBy(NAS)], [undefined, HOME]);
    });
  });
}

const following = (host: DomainName, follows: DomainName): HostSettings => ({
  ...unknownHost(host),
  ttl: valueIn(parseTtl(90)),
  follows,
  interfaceId: valueIn(parseIpv6('::bad')),
  prefixLength: 64,
});
