/**
 * A map that holds at most `most` entries, so that what clients send cannot fill the memory. Setting a key makes it the
 * newest one. When there is one entry too many, the oldest hundredth is removed. Getting an entry does not make it
 * newer: an entry that is to stay has to be set again.
 */
export class BoundedMap<Key, Value> extends Map<Key, Value> {
  readonly #most: number;

  constructor(most: number) {
    super();
    this.#most = most;
  }

  override set(key: Key, value: Value): this {
    this.delete(key);
    super.set(key, value);
    if (this.size > this.#most) this.#forgetOldest();
    return this;
  }

  /**
   * Removes many at once. A Map finds its first entry by passing all deleted ones, so removing one at a time is slow.
   */
  #forgetOldest(): void {
    const kept = this.#most - Math.floor(this.#most / 100);
    for (const key of this.keys()) {
      if (this.size <= kept) return;
      this.delete(key);
    }
  }
}
