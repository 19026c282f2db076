import { BoundedMap } from '../../../domain/bounded-map.ts';
import { lastingCopy } from '../../dns-wire/octets.ts';
import type { Zone } from '../zone.ts';
import type { SoaRrset } from '../zone-data.ts';

/** At most about 10 MB, because only answers that fit into UDP are cached. */
const MAX_ENTRIES = 10_000;

type Entry = { readonly octets: Buffer; readonly zone: Zone; readonly soa: SoaRrset };

/**
 * Answers as octets, by the octets of their questions. An answer is valid for one version of its zone. Every version
 * has a SOA object of its own, so the SOA tells the version.
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
