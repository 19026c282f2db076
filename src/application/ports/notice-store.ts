import type { Notice } from '../../domain/notice.ts';
import type { UserName } from '../../domain/user.ts';

/** A notice that a target has not taken yet. */
export type PendingNotice = {
  /** {@link NoticeTarget.id} */
  readonly target: string;
  /** The user whose target that is. Undefined: the operator's. */
  readonly owner?: UserName | undefined;
  readonly notice: Notice;
};

/**
 * Keeps pending notices over a restart. What is kept or forgotten is written soon afterwards, and nobody waits for
 * it. So a crash may lose the last moment. Faults are logged.
 */
export interface NoticeStore {
  /** All that were kept and not forgotten, in the order in which they were kept. Called when the sending begins. */
  load(): Promise<readonly PendingNotice[]>;

  /**
   * Where several processes keep notices, and one of them sends all: those that any process has kept since `load` or the
   * last `more`. Undefined: only this process keeps notices, and sends them.
   */
  more?(): Promise<readonly PendingNotice[]>;

  keep(pending: PendingNotice): void;

  forget(pending: PendingNotice): void;
}
