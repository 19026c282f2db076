import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SESSION_LIFE, Sessions } from '../../../../src/application/login/sessions.ts';
import { parseIpv4 } from '../../../../src/domain/ip-address.ts';
import { parseNetwork } from '../../../../src/domain/network.ts';
import { CountingTokenMint } from '../../../fakes/counting-token-mint.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';
import { MemorySessionStore } from '../../../fakes/memory-session-store.ts';
import { MemoryUserStore } from '../../../fakes/memory-user-store.ts';
import { userNamed } from '../../../support/fixtures.ts';
import { valueIn } from '../../../support/parsed.ts';

const ALICE = userNamed('alice', [], { passwordHash: 'hash-1' });
const BOB = userNamed('bob', [], { passwordHash: 'hash-2' });
const BROWSER = { agent: 'Browser', from: '192.0.2.1' };
const HERE = valueIn(parseIpv4('192.0.2.1'));

function setUp() {
  const users = new MemoryUserStore([ALICE, BOB]);
  const clock = new ManualClock();
  const store = new MemorySessionStore();
  return { users, clock, store, sessions: new Sessions(store, users, new CountingTokenMint(), clock) };
}

describe('Sessions', () => {
  it('know the user by the secret, of which only a digest is kept', async () => {
    const { sessions, store } = setUp();
    const secret = await sessions.begin(ALICE, BROWSER);
    assert.deepEqual((await sessions.find(secret, HERE))?.user, ALICE);
    assert.equal(await sessions.find('another secret', HERE), undefined);
    assert.ok(!JSON.stringify(await store.of(ALICE.name)).includes(secret));
  });

  it('end when the password changes', async () => {
    const { sessions, users } = setUp();
    const secret = await sessions.begin(ALICE, BROWSER);
    await users.setPasswordHash(ALICE.name, 'hash-3');
    assert.equal(await sessions.find(secret, HERE), undefined);
  });

  it('end when the user is removed, also for another user of the same name', async () => {
    const { sessions, users } = setUp();
    const secret = await sessions.begin(ALICE, BROWSER);
    await users.remove(ALICE.name);
    assert.equal(await sessions.find(secret, HERE), undefined);
    await users.add({ ...ALICE, passwordHash: 'hash-4' });
    assert.equal(await sessions.find(secret, HERE), undefined);
  });

  it('are none outside of the networks of the user, and go on inside', async () => {
    const { sessions, users } = setUp();
    const secret = await sessions.begin(ALICE, BROWSER);
    await users.setRights(ALICE.name, { networks: [valueIn(parseNetwork('192.0.2.0/24'))] });
    assert.equal(await sessions.find(secret, valueIn(parseIpv4('198.51.100.1'))), undefined);
    assert.notEqual(await sessions.find(secret, HERE), undefined);
  });

  it('end after thirty days', async () => {
    const { sessions, clock } = setUp();
    const secret = await sessions.begin(ALICE, BROWSER);
    await clock.advance(SESSION_LIFE - 1);
    assert.notEqual(await sessions.find(secret, HERE), undefined);
    await clock.advance(1);
    assert.equal(await sessions.find(secret, HERE), undefined);
  });

  it('are listed, the latest first, and one is ended from the list', async () => {
    const { sessions } = setUp();
    const first = await sessions.begin(ALICE, { ...BROWSER, agent: 'first' });
    const second = await sessions.begin(ALICE, { ...BROWSER, agent: 'second' });
    const [latest, earlier] = await sessions.of(ALICE);
    assert.deepEqual([latest?.agent, earlier?.agent], ['second', 'first']);
    await sessions.end(ALICE.name, [earlier?.digest ?? '']);
    assert.equal(await sessions.find(first, HERE), undefined);
    assert.notEqual(await sessions.find(second, HERE), undefined);
  });

  it('of one user cannot be ended by another', async () => {
    const { sessions } = setUp();
    const secret = await sessions.begin(ALICE, BROWSER);
    const digests = (await sessions.of(ALICE)).map(({ digest }) => digest);
    await sessions.end(BOB.name, digests);
    assert.notEqual(await sessions.find(secret, HERE), undefined);
  });

  it('of one user are bounded: another one ends the oldest', async () => {
    const { sessions } = setUp();
    const secrets: string[] = [];
    for (let number = 0; number < 21; number += 1) secrets.push(await sessions.begin(ALICE, BROWSER));
    assert.equal(await sessions.find(secrets[0] ?? '', HERE), undefined);
    assert.notEqual(await sessions.find(secrets[1] ?? '', HERE), undefined);
  });
});
