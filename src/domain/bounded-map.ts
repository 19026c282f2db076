/**
 * A map that holds at most `most` entries, so that what strangers send cannot fill the memory. To set a key makes
 * it the newest, also where it was there before; the hundredth that was set longest ago goes when there is one too
 * many. To get an entry changes nothing: an entry that is in use has to be set again to stay.
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

  /** Many at once: on its way to the oldest entry a Map passes all that were deleted, which is slow one by one. */
  #forgetOldest(): void {
    const kept = this.#most - Math.floor(this.#most / 100);
    for (const key of this.keys()) {
      if (this.size <= kept) return;
      this.delete(key);
    }
  }
}
