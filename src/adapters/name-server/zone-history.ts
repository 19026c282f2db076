import type { ZoneChange } from './zone-data.ts';

/** Records in the changes that are kept. A secondary that is further behind gets the whole zone. */
const MAX_RECORDS = 50_000;

/** The latest changes of a zone, for IXFR (RFC 1995 section 5). */
export class ZoneHistory {
  #changes: ZoneChange[] = [];
  #records = 0;

  add(change: ZoneChange): void {
    this.#changes.push(change);
    this.#records += sizeOf(change);
    if (this.#records > MAX_RECORDS) this.#forgetHalf();
  }

  /** The changes since that serial. Undefined where they are no longer kept. */
  since(serial: number): readonly ZoneChange[] | undefined {
    const first = this.#changes.findIndex(({ from }) => from === serial);
    return first === -1 ? undefined : this.#changes.slice(first);
  }

  /** Half of them at once, so that the cost per change does not grow with their number. */
  #forgetHalf(): void {
    let kept = 0;
    while (this.#records > MAX_RECORDS / 2) {
      const oldest = this.#changes[kept];
      if (oldest === undefined) break;
      this.#records -= sizeOf(oldest);
      kept += 1;
    }
    this.#changes = this.#changes.slice(kept);
  }
}

const sizeOf = ({ deleted, added }: ZoneChange): number => deleted.length + added.length;
