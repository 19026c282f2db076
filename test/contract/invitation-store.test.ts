import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { FileInvitationStore } from '../../src/adapters/file-stores/file-invitation-store.ts';
import type { UserName } from '../../src/domain/user.ts';
import { MemoryInvitationStore } from '../fakes/memory-invitation-store.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { invitationStoreContract } from './invitation-store.contract.ts';

invitationStoreContract('MemoryInvitationStore', async () => {
  const store = new MemoryInvitationStore();
  return { store, other: store };
});

invitationStoreContract('FileInvitationStore', async () => {
  const path = join(tempFolder(), 'dynonym.invitations.json');
  return { store: new FileInvitationStore(path), other: new FileInvitationStore(path) };
});

test('the file of invitations is its owner’s alone', async () => {
  const path = join(tempFolder(), 'dynonym.invitations.json');
  const to = { kind: 'password', user: 'bob' as UserName, passwordMark: 'm' } as const;
  await new FileInvitationStore(path).add({ digest: 'd', by: 'alice' as UserName, since: 1, to }, 0);
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

test('a damaged file of invitations is left as it is, and the fault says what to do', async () => {
  const path = join(tempFolder(), 'dynonym.invitations.json');
  writeFileSync(path, '[{}]');
  const store = new FileInvitationStore(path);
  await assert.rejects(store.list(), { code: 'INVITATIONS_UNREADABLE', message: /remove it/ });
  await assert.rejects(store.take('x'), { code: 'INVITATIONS_UNREADABLE' });
  assert.equal(readFileSync(path, 'utf8'), '[{}]');
});
