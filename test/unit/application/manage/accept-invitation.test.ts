import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AcceptInvitation } from '../../../../src/application/manage/accept-invitation.ts';
import { Deeds } from '../../../../src/application/manage/deeds.ts';
import { Invitations } from '../../../../src/application/manage/invitations.ts';
import { domainName } from '../../../../src/domain/domain-name.ts';
import { parseChosenPassword } from '../../../../src/domain/password.ts';
import { parseChosenUserName } from '../../../../src/domain/user.ts';
import { CountingTokenMint } from '../../../fakes/counting-token-mint.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';
import { MemoryInvitationStore } from '../../../fakes/memory-invitation-store.ts';
import { MemoryUserStore } from '../../../fakes/memory-user-store.ts';
import { RecordingEvents } from '../../../fakes/recording-events.ts';
import { userNamed } from '../../../support/fixtures.ts';
import { valueIn } from '../../../support/parsed.ts';

const ROOT = userNamed('root', [], { admin: true });
const CHOICE = {
  user: valueIn(parseChosenUserName('alice')),
  password: valueIn(parseChosenPassword('correct horse')),
};

type Outcome = 'added' | 'exists' | 'held';

/** An invitation, and an attempt to use it during which `meanwhile` happens. */
async function setUp(meanwhile: () => Promise<Outcome>, users = new MemoryUserStore([ROOT])) {
  const [store, mint, clock, events] = [
    new MemoryInvitationStore(),
    new CountingTokenMint(),
    new ManualClock(),
    new RecordingEvents(),
  ];
  const deeds = new Deeds(events, clock, { by: 'root', way: 'page' });
  const invitations = new Invitations(store, users, mint, clock, deeds);
  const manageUsers = { add: meanwhile, changePassword: async () => 'changed' as const };
  const accept = new AcceptInvitation(invitations, manageUsers, { look: async () => 'free' }, users);
  const secret = await invitations.invite(ROOT.name, { domains: [domainName('home.example.org')] });
  return { accept, invitations, secret, digest: mint.digestOf(secret), store };
}

describe('An invitation that somebody uses', () => {
  it('stays revoked when it is revoked meanwhile and its use fails', async () => {
    let revoked: string | undefined;
    const { accept, invitations, secret, digest } = await setUp(async () => {
      revoked = await invitations.revoke(digest);
      return 'exists';
    });
    assert.equal(await accept.join(secret, CHOICE), 'user-exists');
    assert.equal(revoked, 'in-use');
    assert.equal(await invitations.look(secret), undefined);
    assert.deepEqual(await invitations.list(), []);
    assert.equal(await invitations.revoke(digest), 'unknown-invitation');
  });

  it('is good again when its use fails, and is not kept when it succeeds', async () => {
    const outcomes: Outcome[] = ['held', 'added'];
    const { accept, invitations, secret, digest, store } = await setUp(
      async () => outcomes.shift() ?? assert.fail(),
    );
    assert.equal(await accept.join(secret, CHOICE), 'name-taken');
    assert.notEqual(await invitations.look(secret), undefined);
    assert.equal(await accept.join(secret, CHOICE), 'joined');
    assert.equal(await store.remove(digest), undefined);
  });

  it('is not taken for a name that a user has', async () => {
    const { accept, secret } = await setUp(
      async () => assert.fail('the link was taken'),
      new MemoryUserStore([ROOT, userNamed('alice', [])]),
    );
    assert.equal(await accept.join(secret, CHOICE), 'user-exists');
  });
});
