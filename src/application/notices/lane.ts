import type { UserName } from '../../domain/user.ts';
import type { NoticeOutcome } from '../ports/notice-sender.ts';
import type { PendingNotice } from '../ports/notice-store.ts';

/** Milliseconds between two attempts: the first time, and the longest. Each time is twice as long as the one before. */
const FIRST_PAUSE = 5_000;
const LONGEST_PAUSE = 900_000;
/** The longest pause that a target may ask for. */
const DAY = 86_400_000;

/** A pending notice and its times, which are moments of the monotonic clock. */
export type Delivery = PendingNotice & {
  /** When it happened. */
  readonly entered: number;
  /** It is not sent before this moment. */
  readonly due: number;
  /** How often the target has refused it. */
  readonly refusals: number;
};

/** What waits for one target, in the order in which it happened. */
export class Lane {
  readonly target: string;
  readonly owner: UserName | undefined;
  isSending = false;
  /** True since the log has said that the target takes no notices. */
  isReported = false;
  /** True since the log has said that too many notices wait for the target. */
  isFull = false;
  cancelWait = () => {};
  #waiting: Delivery[] = [];
  /** The target gets nothing before this moment. */
  #pausedUntil = 0;
  /** Attempts in a row in which the target took nothing. */
  #failures = 0;

  constructor({ target, owner }: Pick<PendingNotice, 'target' | 'owner'>) {
    this.target = target;
    this.owner = owner;
  }

  get size(): number {
    return this.#waiting.length;
  }

  add(delivery: Delivery): void {
    this.#waiting.push(delivery);
  }

  /**
   * What may be sent now, in order, and when the next one may be. Of the notices of one name, only the oldest may be
   * sent. A refused one holds up no other names.
   */
  ready(now: number): { readonly now: readonly Delivery[]; readonly next: number } {
    const oldest = new Map<string, Delivery>();
    for (const delivery of this.#waiting) {
      const name = delivery.notice.name ?? '';
      if (!oldest.has(name)) oldest.set(name, delivery);
    }
    const heads = [...oldest.values()];
    const next = Math.max(this.#pausedUntil, Math.min(...heads.map(({ due }) => due)));
    return { now: next > now ? [] : heads.filter(({ due }) => due <= now), next };
  }

  /** All that wait now. */
  all(): readonly Delivery[] {
    return [...this.#waiting];
  }

  remove(done: readonly Delivery[]): void {
    const gone = new Set(done);
    this.#waiting = this.#waiting.filter((delivery) => !gone.has(delivery));
  }

  pauseUntil(moment: number): void {
    this.#pausedUntil = moment;
  }

  taken(batch: readonly Delivery[]): void {
    this.remove(batch);
    this.#failures = 0;
  }

  /** Plans the next attempt. After a refusal, only the refused notice waits. After another failure, all of them do. */
  failed([first]: readonly Delivery[], { refused, retryAfter = 0 }: Failed, now: number): void {
    const until = (failures: number) => now + Math.max(pauseAfter(failures), Math.min(retryAfter, DAY));
    if (!refused || first === undefined) {
      this.#failures += 1;
      this.#pausedUntil = until(this.#failures);
      return;
    }
    const refusals = first.refusals + 1;
    const changed = { ...first, refusals, due: until(refusals) };
    this.#waiting = this.#waiting.map((delivery) => (delivery === first ? changed : delivery));
  }
}

type Failed = Extract<NoticeOutcome, { readonly kind: 'failed' }>;

const pauseAfter = (failures: number): number =>
  Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** Math.min(failures - 1, 16));
