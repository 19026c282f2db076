import { BoundedMap } from '../../domain/bounded-map.ts';
import type { Notice } from '../../domain/notice.ts';

/** What came of an attempt to send a notice. */
export type NoticeAttempt = {
  /** In milliseconds since 1970-01-01 UTC. */
  readonly at: number;
  readonly notice: Notice;
  /** `dropped`: it will not be tried again. */
  readonly outcome: 'sent' | 'failed' | 'dropped';
  /** Why it failed. */
  readonly reason?: string | undefined;
};

/** The most attempts that are remembered of one target, and the most targets. */
const MOST = { attempts: 20, targets: 5_000 };

/** Remembers the last attempts of each target, since the start. */
export class NoticeRecord {
  readonly #attempts = new BoundedMap<string, readonly NoticeAttempt[]>(MOST.targets);

  add(target: string, attempts: readonly NoticeAttempt[]): void {
    const latestFirst = [...attempts].reverse();
    this.#attempts.set(target, [...latestFirst, ...this.of(target)].slice(0, MOST.attempts));
  }

  /** The latest first. */
  of(target: string): readonly NoticeAttempt[] {
    return this.#attempts.get(target) ?? [];
  }
}
