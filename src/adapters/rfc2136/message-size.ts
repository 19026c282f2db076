import type { DomainName } from '../../domain/domain-name.ts';
import type { NameChange } from '../../domain/record-set.ts';
import { emptyUpdateSizeOf, updateSizeOf } from '../dns-wire/update-message.ts';

/** Larger messages win nothing, and compression reaches no further (RFC 1035 section 4.1.4). */
const MAX_OCTETS = 15_000;

/** Cuts `changes` into as few messages as their size allows, in their order. */
export function chunksOf(
  zone: DomainName,
  changes: readonly NameChange[],
): readonly (readonly NameChange[])[] {
  const chunks: NameChange[][] = [];
  let octets = Number.POSITIVE_INFINITY;
  for (const change of changes) {
    const size = updateSizeOf(zone, change);
    if (octets + size > MAX_OCTETS) {
      chunks.push([]);
      octets = emptyUpdateSizeOf(zone);
    }
    chunks.at(-1)?.push(change);
    octets += size;
  }
  return chunks;
}
