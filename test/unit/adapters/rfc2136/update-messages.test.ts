import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buildUpdate } from '../../../../src/adapters/dns-wire/update-message.ts';
import { chunksOf } from '../../../../src/adapters/rfc2136/update-messages.ts';
import { domainName } from '../../../../src/domain/domain-name.ts';
import { addressFromOctets } from '../../../../src/domain/ip-address.ts';
import type { NameChange } from '../../../../src/domain/record-set.ts';
import { ttl } from '../../../../src/domain/ttl.ts';
import { replacing } from '../../../support/changes.ts';

const ZONE = domainName('dyn.example.test');

/** Both families at a name, replaced: the change that is met most. */
function replacement(label: string, addresses = 1): NameChange {
  const numbers = Array.from({ length: addresses }, (_, index) => index);
  const ipv4 = numbers.map((number) => addressFromOctets(Buffer.of(192, 0, number >> 8, number & 255)));
  const ipv6 = numbers.map((number) => addressFromOctets(Buffer.alloc(16, number & 255)));
  return replacing(
    domainName(`${label}.${ZONE}`),
    { type: 'A', ttl: ttl(60), values: ipv4, replaces: ipv4 },
    { type: 'AAAA', ttl: ttl(60), values: ipv6, replaces: ipv6 },
  );
}

const sizeOf = (changes: readonly NameChange[]) => buildUpdate({ id: 0, zone: ZONE, changes }).length;

describe('changes as messages', () => {
  it('are one message where they fit', () => {
    const changes = Array.from({ length: 100 }, (_, index) => replacement(`host${index}`));
    assert.deepEqual(chunksOf(ZONE, changes), [changes]);
  });

  it('are as few messages as their size allows, in their order', () => {
    const changes = Array.from({ length: 300 }, (_, index) => replacement(`host${index}`));
    const chunks = chunksOf(ZONE, changes);
    assert.deepEqual(chunks.flat(), changes);
    for (const chunk of chunks) assert.ok(sizeOf(chunk) <= 15_000, `${sizeOf(chunk)} octets`);
    // Each is full: the next change would not have fitted.
    for (const [index, chunk] of chunks.slice(0, -1).entries()) {
      const next = chunks[index + 1]?.[0];
      assert.ok(next !== undefined && sizeOf([...chunk, next]) > 14_800);
    }
  });

  it('of the longest names fit too', () => {
    const label = (index: number) => `${String(index).padStart(63, 'x')}.${'y'.repeat(63)}.${'z'.repeat(63)}`;
    const changes = Array.from({ length: 120 }, (_, index) => replacement(label(index)));
    const chunks = chunksOf(ZONE, changes);
    assert.ok(chunks.length > 1);
    for (const chunk of chunks) assert.ok(sizeOf(chunk) <= 15_000, `${sizeOf(chunk)} octets`);
  });

  it('are no message at all when there are none', () => {
    assert.deepEqual(chunksOf(ZONE, []), []);
  });

  it('that are too large on their own stand alone, so that no others fail with them', () => {
    const [small, large, other] = [replacement('small'), replacement('large', 400), replacement('other')];
    assert.deepEqual(chunksOf(ZONE, [small, large, other]), [[small], [large], [other]]);
  });
});
