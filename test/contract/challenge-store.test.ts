import assert from 'node:assert/strict';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { FileChallengeStore } from '../../src/adapters/file-stores/file-challenge-store.ts';
import { domainName } from '../../src/domain/domain-name.ts';
import { MemoryChallengeStore } from '../fakes/memory-challenge-store.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { challengeStoreContract } from './challenge-store.contract.ts';

challengeStoreContract('MemoryChallengeStore', async () => {
  const store = new MemoryChallengeStore();
  return {
    store,
    other: store,
    fill: async (challenges) => {
      for (const challenge of challenges) await store.add(challenge);
    },
  };
});

challengeStoreContract('FileChallengeStore', async () => {
  const path = join(tempFolder(), 'dynonym.challenges.json');
  return {
    store: new FileChallengeStore(path),
    other: new FileChallengeStore(path),
    fill: async (challenges) => writeFileSync(path, JSON.stringify(challenges)),
  };
});

const NAME = domainName('_acme-challenge.home.example.org');
const CHALLENGE = { asked: NAME, place: NAME, value: 'v', since: 1 };

test('the file of challenges is its owner’s alone, and nothing is left beside it', async () => {
  const folder = tempFolder();
  const path = join(folder, 'dynonym.challenges.json');
  await new FileChallengeStore(path).add(CHALLENGE);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(folder), ['dynonym.challenges.json']);
});

for (const damaged of ['', '[', '{}', '[{"asked":"a..b","place":"x","value":"v","since":1}]']) {
  test(`a damaged file of challenges is left as it is: ${JSON.stringify(damaged)}`, async () => {
    const path = join(tempFolder(), 'dynonym.challenges.json');
    writeFileSync(path, damaged);
    const store = new FileChallengeStore(path);
    await assert.rejects(store.at(NAME), { code: 'CHALLENGES_UNREADABLE' });
    await assert.rejects(store.add(CHALLENGE), { code: 'CHALLENGES_UNREADABLE' });
  });
}

test('a folder that is not there is a fault with a code', async () => {
  const store = new FileChallengeStore(join(tempFolder(), 'missing', 'dynonym.challenges.json'));
  assert.deepEqual(await store.at(NAME), []);
  await assert.rejects(store.add(CHALLENGE), { code: 'CHALLENGES_UNWRITABLE' });
});
