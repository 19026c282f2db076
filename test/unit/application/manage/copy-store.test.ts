import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type CopiedPart,
  type CopyOutcome,
  type CopyProblem,
  CopyStore,
  type StorePlace,
} from '../../../../src/application/manage/copy-store.ts';
import { domainName } from '../../../../src/domain/domain-name.ts';
import type { HostSettings } from '../../../../src/domain/host-settings.ts';
import { INVITATION_LIFE, type Invitation } from '../../../../src/domain/invitation.ts';
import { parseNetwork } from '../../../../src/domain/network.ts';
import { parseNoticeAddress } from '../../../../src/domain/notice.ts';
import { ttl } from '../../../../src/domain/ttl.ts';
import type { User } from '../../../../src/domain/user.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';
import { MemoryChallengeStore } from '../../../fakes/memory-challenge-store.ts';
import { MemoryHostStore } from '../../../fakes/memory-host-store.ts';
import { MemoryInvitationStore } from '../../../fakes/memory-invitation-store.ts';
import { MemoryUserStore } from '../../../fakes/memory-user-store.ts';
import { allOf } from '../../../support/all-of.ts';
import { hostNamed, userNamed } from '../../../support/fixtures.ts';
import { valueIn } from '../../../support/parsed.ts';

const HOME = domainName('home.example.org');
const NAS = domainName('nas.example.org');
const network = valueIn(parseNetwork('192.0.2.0/24'));
const digest = (digit: string) => digit.repeat(64);

/** With everything that belongs to a user. */
const ALICE = userNamed('alice', ['home.example.org', 'nas.example.org'], {
  passwordHash: '$argon2id$alice',
  offline: true,
  networks: [network],
  identity: 'alice@example.org',
  admin: true,
  certificates: false,
  expect: 3_600_000,
  offlineAfter: 7_200_000,
  tokens: [
    { name: 'router', digest: digest('a'), domains: [HOME], networks: [network] },
    { name: 'acme', digest: digest('b'), domains: undefined, use: 'certificates', challenge: NAS },
  ],
  passkeys: [{ name: 'key', id: 'an-id', publicKey: 'a-key', counter: 3, since: 1_000 }],
  notices: [
    {
      ...{ id: 'n1', to: valueIn(parseNoticeAddress('https://hooks.example.org/x')), form: 'json' },
      ...{ secret: 'a secret', events: ['silent'], names: [HOME], allow: [] },
    },
  ],
});
const BOB = userNamed('bob', ['cam.example.org']);
const FOLLOWER = hostNamed('nas.example.org', { follows: HOME, ttl: ttl(30) });

type Kept = { readonly users?: readonly User[]; readonly hosts?: readonly HostSettings[] };

function place({ users, hosts }: Kept = {}, more: Partial<Pick<StorePlace, 'most' | 'atOnce'>> = {}) {
  return {
    users: new MemoryUserStore(users),
    hosts: new MemoryHostStore(hosts),
    invitations: new MemoryInvitationStore(),
    challenges: new MemoryChallengeStore(),
    most: Number.POSITIVE_INFINITY,
    atOnce: 2,
    ...more,
  };
}

async function copy(from: StorePlace, to: StorePlace, clock = new ManualClock()) {
  const problems: CopyProblem[] = [];
  const heard: string[] = [];
  const outcome = await new CopyStore(from, to, clock).execute({
    async progress(...steps) {
      heard.push(steps.join(' '));
    },
    async problem(problem) {
      problems.push(problem);
    },
  });
  return { outcome, problems, heard };
}

const countOf = (outcome: CopyOutcome, part: CopiedPart) =>
  outcome.kind === 'done' ? Object.values(outcome.counts[part]) : outcome.kind;

describe('a copy of a store', () => {
  it('has all that the source has, and is verified record by record', async () => {
    const [from, to] = [place({ users: [ALICE, BOB], hosts: [FOLLOWER] }), place()];
    const { outcome, problems, heard } = await copy(from, to);
    assert.deepEqual(problems, []);
    assert.deepEqual(await allOf(to.users.list()), [ALICE, BOB]);
    assert.deepEqual(await allOf(to.hosts.list()), [FOLLOWER]);
    assert.deepEqual(countOf(outcome, 'users'), [2, 2, 0]);
    assert.deepEqual(countOf(outcome, 'hosts'), [1, 1, 0]);
    assert.deepEqual(heard, ['copy users 2', 'verify users 2', 'copy hosts 1', 'verify hosts 1']);
  });

  it('has the invitations that are still good, and the challenges that stand', async () => {
    const clock = new ManualClock();
    const [from, to] = [place(), place()];
    const now = clock.now();
    const invitation = (letter: string, since: number): Invitation => ({
      ...{ digest: digest(letter), by: ALICE.name, since },
      to: { kind: 'join', domains: [HOME] },
    });
    await from.invitations.add(invitation('a', now - INVITATION_LIFE - 1), 0);
    await from.invitations.add(invitation('b', now - 1), 0);
    const challenge = { asked: HOME, place: HOME, value: 'v', since: now - 5 };
    await from.challenges.add(challenge);
    for (const copied of [1, 0]) {
      const { outcome, problems } = await copy(from, to, clock);
      assert.deepEqual(problems, []);
      assert.deepEqual(countOf(outcome, 'invitations'), [copied, 1, 0]);
      assert.deepEqual(countOf(outcome, 'challenges'), [copied, 1, 0]);
    }
    assert.deepEqual(await to.invitations.list(), [invitation('b', now - 1)]);
    assert.deepEqual(await to.challenges.at(HOME), [challenge]);
  });

  it('that is made again copies only what is missing', async () => {
    const users = Array.from({ length: 7 }, (_, number) => userNamed(`u${number}`));
    const from = place({ users, hosts: [FOLLOWER] });
    const to = place({ users: users.slice(0, 3) });
    const { outcome, problems } = await copy(from, to);
    assert.deepEqual(problems, []);
    assert.deepEqual(countOf(outcome, 'users'), [4, 7, 0]);
    assert.deepEqual(countOf((await copy(from, to)).outcome, 'users'), [0, 7, 0]);
  });

  it('leaves what is there and differs, and names the keys', async () => {
    const { passkeys: _, identity: __, ...other } = ALICE;
    const there = { ...other, passwordHash: 'x', domains: [NAS], tokens: ALICE.tokens.slice(1) };
    const to = place({ users: [there], hosts: [hostNamed('nas.example.org', { ttl: ttl(30) })] });
    const { outcome, problems } = await copy(place({ users: [ALICE, BOB], hosts: [FOLLOWER] }), to);
    assert.deepEqual(countOf(outcome, 'users'), [1, 1, 1]);
    const keys = ['pw', 'domains', 'oidc', 'tokens', 'passkeys'];
    assert.deepEqual(problems, [
      { part: 'users', name: 'alice', why: { code: 'differs', keys } },
      { part: 'hosts', name: 'nas.example.org', why: { code: 'differs', keys: ['follows'] } },
    ]);
    assert.deepEqual(await to.users.find(ALICE.name), there);
  });

  it('is equal where only the order differs, or what is the default is written', async () => {
    const there = {
      ...ALICE,
      domains: ALICE.domains.toReversed(),
      tokens: ALICE.tokens.toReversed().map((token) => ({ use: 'updates' as const, ...token })),
    };
    const { problems } = await copy(
      place({ users: [ALICE, BOB] }),
      place({ users: [there, { ...BOB, passkeys: [], admin: false }] }),
    );
    assert.deepEqual(problems, []);
  });

  it('leaves a user whose identity, passkey or token somebody has there', async () => {
    const identity = { identity: 'alice@example.org' };
    for (const [key, more] of [
      ['oidc', identity],
      ['passkeys', { passkeys: ALICE.passkeys }],
      ['tokens', { tokens: ALICE.tokens.slice(0, 1) }],
    ] as const) {
      const to = place({ users: [userNamed('carol', [], more)] });
      const { outcome, problems } = await copy(place({ users: [ALICE, BOB] }), to);
      assert.deepEqual(problems, [
        { part: 'users', name: 'alice', why: { code: 'taken', key, user: 'carol' } },
      ]);
      assert.deepEqual(countOf(outcome, 'users'), [1, 1, 1]);
    }
  });

  it('goes on where somebody adds a user meanwhile', async () => {
    const to = place();
    const addAll = to.users.addAll.bind(to.users);
    let overtaken = false;
    to.users.addAll = async (users) => {
      if (!overtaken) await to.users.add(BOB);
      overtaken = true;
      return addAll(users);
    };
    const { outcome, problems } = await copy(place({ users: [ALICE, BOB] }), to);
    assert.deepEqual(problems, []);
    assert.deepEqual(countOf(outcome, 'users'), [1, 2, 0]);
  });

  it('says what was removed or changed before it was verified', async () => {
    const to = place();
    const addAll = to.hosts.addAll.bind(to.hosts);
    to.hosts.addAll = async (hosts) => {
      const existing = await addAll(hosts);
      await to.hosts.clear(NAS);
      return existing;
    };
    const { problems } = await copy(place({ hosts: [FOLLOWER] }), to);
    assert.deepEqual(problems, [{ part: 'hosts', name: 'nas.example.org', why: { code: 'missing' } }]);
  });

  it('says which challenges have no room', async () => {
    const [from, to] = [place(), place()];
    await from.challenges.add({ asked: HOME, place: HOME, value: 'v', since: 1 });
    to.challenges.add = async () => 'full';
    const { problems } = await copy(from, to);
    assert.deepEqual(problems, [{ part: 'challenges', name: HOME, why: { code: 'missing' } }]);
  });

  it('is refused where the target would have more than it is made for', async () => {
    const from = place({ users: [ALICE, BOB], hosts: [FOLLOWER] });
    const crowded = place({ users: [userNamed('carol'), BOB] }, { most: 2 });
    assert.deepEqual((await copy(from, crowded)).outcome, { kind: 'too-many', part: 'users', most: 2 });
    assert.equal((await allOf(crowded.users.list())).length, 2);
    assert.equal((await copy(from, place({ users: [BOB] }, { most: 2 }))).outcome.kind, 'done');
    const hosts = ['a.example.org', 'b.example.org'].map((name) => hostNamed(name, { ttl: ttl(5) }));
    const full = place({ hosts }, { most: 2 });
    assert.deepEqual((await copy(from, full)).outcome, { kind: 'too-many', part: 'hosts', most: 2 });
    assert.equal((await allOf(full.users.list())).length, 0);
  });
});
