import { BoundedMap } from '../../../domain/bounded-map.ts';
import { lastingCopy } from '../lasting-copy.ts';
import type { Zone } from '../zone.ts';
import type { SoaRrset } from '../zone-data.ts';

/** Together at most some 10 MB, for answers over UDP are small. */
const MAX_ENTRIES = 10_000;

type Entry = { readonly octets: Buffer; readonly zone: Zone; readonly soa: SoaRrset };

/**
 * Answers as octets, by the octets of their questions. An answer is good as long as its zone is the one that
 * it was made from: every version of a zone has a SOA of its own.
 */
export class AnswerCache {
  readonly #entries = new BoundedMap<string, Entry>(MAX_ENTRIES);

  find(question: string): Buffer | undefined {
    const entry = this.#entries.get(question);
    return entry !== undefined && entry.zone.soa === entry.soa ? entry.octets : undefined;
  }

  keep(question: string, zone: Zone, octets: Buffer): void {
    this.#entries.set(question, { octets: lastingCopy(octets), zone, soa: zone.soa });
  }
}
