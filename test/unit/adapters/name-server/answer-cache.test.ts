import assert from 'node:assert/strict';
import { it } from 'node:test';
import { AnswerCache } from '../../../../src/adapters/name-server/answers/answer-cache.ts';
import { MemoryZoneStore } from '../../../fakes/memory-zone-store.ts';
import { EXAMPLE_ZONE } from '../../../support/served/zones.ts';

it('the cache of answers forgets rather than grow, whatever is asked', () => {
  const [zone] = new MemoryZoneStore({ 'example.org': EXAMPLE_ZONE }).zones;
  assert.ok(zone);
  const cache = new AnswerCache();
  const asked = Array.from({ length: 35_000 }, (_, index) => `question ${index}`);
  for (const question of asked) cache.keep(question, zone, Buffer.from(question));
  const known = asked.filter((question) => cache.find(question)?.toString() === question);
  assert.ok(known.length > 0 && known.length <= 10_000, `${known.length} are known`);
  assert.equal(known.at(-1), asked.at(-1));
});
