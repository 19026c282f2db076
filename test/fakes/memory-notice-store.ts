import type { NoticeStore, PendingNotice } from '../../src/application/ports/notice-store.ts';

/** A NoticeStore that outlives what uses it, and not the process. */
export class MemoryNoticeStore implements NoticeStore {
  readonly #kept = new Map<string, PendingNotice>();

  get size(): number {
    return this.#kept.size;
  }

  async load(): Promise<readonly PendingNotice[]> {
    return [...this.#kept.values()];
  }

  keep({ target, owner, notice }: PendingNotice): void {
    this.#kept.set(`${target} ${notice.id}`, { target, owner, notice });
  }

  forget({ target, notice }: PendingNotice): void {
    this.#kept.delete(`${target} ${notice.id}`);
  }
}
