import type { Notice, NoticeTarget } from '../../domain/notice.ts';

/** What came of sending notices to a target. */
export type NoticeOutcome =
  | { readonly kind: 'taken' }
  | {
      readonly kind: 'failed';
      /** Why, in a few words without any secret. */
      readonly reason: string;
      /** True where the target refused these notices and may take others. */
      readonly refused: boolean;
      /** Milliseconds that the target asks for before the next attempt. */
      readonly retryAfter?: number | undefined;
    };

/** Brings notices to a target. */
export interface NoticeSender {
  /**
   * Sends the notices. There are several only for a mailbox, which gets them in one mail. Ends within half a minute, and
   * never rejects for what a target does. What was sent may arrive although the outcome is `failed`.
   */
  send(target: NoticeTarget, notices: readonly Notice[]): Promise<NoticeOutcome>;
}
