import type {
  ChangeLog,
  LoggedChange,
  LoggedChanges,
  LogPlace,
} from '../../src/application/ports/change-log.ts';

/** A log that a test writes, and may take away. */
export class MemoryChangeLog implements ChangeLog {
  #changes: LoggedChange[] = [];
  #watchers: ((changes: readonly LoggedChange[]) => void)[] = [];
  /** How often the store was put back. */
  #state = 0;
  /** Questions that came. */
  asked = 0;
  /** Questions go through this: a test holds them up here, or rejects them. */
  pass: () => Promise<void> = async () => {};

  async since(place: LogPlace | undefined): Promise<LoggedChanges> {
    this.asked += 1;
    await this.pass();
    const [state, index = 0] = place?.split(' ').map(Number) ?? [];
    return {
      place: `${this.#state} ${this.#changes.length}`,
      changes: state === this.#state ? this.#changes.slice(index) : undefined,
    };
  }

  /** The store is put back to an earlier state. */
  putBack(): void {
    this.#state += 1;
    this.#changes = [];
  }

  /** Somebody else has changed this: nobody is told. */
  write(...changes: readonly LoggedChange[]): void {
    this.#changes.push(...changes);
  }

  /** This process has changed this. */
  writeHere(...changes: readonly LoggedChange[]): void {
    this.write(...changes);
    for (const hurry of this.#watchers) hurry(changes);
  }

  watch(hurry: (changes: readonly LoggedChange[]) => void): () => void {
    this.#watchers.push(hurry);
    return () => {
      this.#watchers = this.#watchers.filter((other) => other !== hurry);
    };
  }
}
