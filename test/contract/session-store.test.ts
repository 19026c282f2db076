import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { FileSessionStore } from '../../src/adapters/file-stores/file-session-store.ts';
import type { UserName } from '../../src/domain/user.ts';
import { MemorySessionStore } from '../fakes/memory-session-store.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { sessionStoreContract } from './session-store.contract.ts';

sessionStoreContract('MemorySessionStore', async () => {
  const store = new MemorySessionStore();
  return { store, other: store };
});

sessionStoreContract('FileSessionStore', async () => {
  const path = join(tempFolder(), 'dynonym.sessions.json');
  return { store: new FileSessionStore(path), other: new FileSessionStore(path) };
});

test('the file of sessions is its owner’s alone', async () => {
  const path = join(tempFolder(), 'dynonym.sessions.json');
  const session = {
    digest: 'd',
    user: 'alice' as UserName,
    passwordMark: 'm',
    since: 1,
    agent: '',
    from: '',
  };
  await new FileSessionStore(path).add(session, { expired: 0, most: 1 });
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

test('a damaged file of sessions is left as it is, and the fault says what to do', async () => {
  const path = join(tempFolder(), 'dynonym.sessions.json');
  writeFileSync(path, '[{]');
  const store = new FileSessionStore(path);
  await assert.rejects(store.find('x'), { code: 'SESSIONS_UNREADABLE', message: /remove it/ });
  await assert.rejects(store.remove(['x']), { code: 'SESSIONS_UNREADABLE' });
  assert.equal(readFileSync(path, 'utf8'), '[{]');
});
