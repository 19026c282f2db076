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

/** As several processes see one store: each `view` gives what any of them has kept. */
export class SharedNoticeStore {
  readonly #all: { readonly pending: PendingNotice; isGone: boolean }[] = [];

  get size(): number {
    return this.#all.filter(({ isGone }) => !isGone).length;
  }

  view(): NoticeStore {
    let given = 0;
    const more = async () => {
      const found = this.#all.slice(given).filter(({ isGone }) => !isGone);
      given = this.#all.length;
      return found.map(({ pending }) => pending);
    };
    return {
      more,
      async load() {
        given = 0;
        return more();
      },
      keep: (pending) => {
        this.#all.push({ pending, isGone: false });
      },
      forget: ({ target, notice }) => {
        for (const one of this.#all) {
          if (one.pending.target === target && one.pending.notice.id === notice.id) one.isGone = true;
        }
      },
    };
  }
}
