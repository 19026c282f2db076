import { randomInt } from 'node:crypto';

/** The ids of what is under way on one path to a server: unpredictable, and no two the same (RFC 5452 section 4.3). */
export class MessageIds<Value> {
  readonly #underWay = new Map<number, Value>();

  get size(): number {
    return this.#underWay.size;
  }

  /** A free id, which from now on stands for `value`. There must be far fewer of them than 65,536. */
  assign(value: Value): number {
    let id = randomInt(0x10000);
    while (this.#underWay.has(id)) id = randomInt(0x10000);
    this.#underWay.set(id, value);
    return id;
  }

  find(id: number): Value | undefined {
    return this.#underWay.get(id);
  }

  release(id: number): void {
    this.#underWay.delete(id);
  }

  values(): Value[] {
    return [...this.#underWay.values()];
  }
}
