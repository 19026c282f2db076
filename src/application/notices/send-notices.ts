import { type Notice, type NoticeTarget, targetText } from '../../domain/notice.ts';
import type { UserName } from '../../domain/user.ts';
import type { Clock } from '../ports/clock.ts';
import type { Lease } from '../ports/lease.ts';
import type { Listener } from '../ports/listener.ts';
import type { Logger } from '../ports/logger.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { NoticeOutcome, NoticeSender } from '../ports/notice-sender.ts';
import type { NoticeStore, PendingNotice } from '../ports/notice-store.ts';
import { aborted } from '../service/waiting.ts';
import { FairQueue } from '../turns/fair-queue.ts';
import { type Delivery, Lane } from './lane.ts';
import { type NoticeAttempt, NoticeRecord } from './notice-record.ts';
import type { NoticeTargets } from './notice-targets.ts';

/** Milliseconds after which a notice is given up. */
const DAY = 86_400_000;
/** Milliseconds for which a mail collects notices. */
const DIGEST = 900_000;
/** Milliseconds until the next attempt, if the last one failed here and not at the target. */
const OWN_PAUSE = 5_000;
/** Milliseconds between two looks for notices that other processes have kept. */
const LOOKING = 500;
/** The most notices that wait for a target of the operator, for one of a user, and in all. Further ones are lost. */
const MOST_WAITING = 1_000;
const MOST_OF_USER = 100;
const MOST_IN_ALL = 20_000;

export type SendNoticesPorts = {
  readonly store: NoticeStore;
  readonly sender: NoticeSender;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Where several processes keep notices: whether this one sends them. */
  readonly lease: Lease;
};

/** How it goes with one target. */
export type TargetState = {
  /** Notices that wait for it. */
  readonly waiting: number;
  /** The last attempts since the start, the latest first. */
  readonly attempts: readonly NoticeAttempt[];
};

/**
 * Sends notices to their targets: each one at least once, and those of one name in order. What a target does not take is
 * sent again for a day, less and less often.
 */
export class SendNotices implements Listener {
  readonly #targets: NoticeTargets;
  readonly #ports: SendNoticesPorts;
  readonly #lease: Lease;
  readonly #lanes = new Map<string, Lane>();
  readonly #record = new NoticeRecord();
  /** One attempt of each user at a time, so that no user's slow targets hold up those of others. */
  readonly #turns = new FairQueue({ running: 16, waiting: MOST_IN_ALL, waitingOfOne: MOST_OF_USER });
  readonly #sending = new Set<Promise<void>>();
  #waiting = 0;
  #isRunning = false;
  /** True while this process sends what all have kept. */
  #hasLoaded = false;
  #cancelLook = () => {};
  #looking: Promise<void> = Promise.resolve();

  constructor(targets: NoticeTargets, ports: SendNoticesPorts) {
    this.#targets = targets;
    this.#ports = ports;
    this.#lease = ports.lease;
  }

  async start(): Promise<readonly string[]> {
    const { store, clock } = this.#ports;
    this.#isRunning = true;
    if (store.more !== undefined) this.#lookIn(0);
    else for (const pending of await store.load()) this.#enter(pending, ageOf(pending, clock));
    return [];
  }

  async stop(deadline: AbortSignal): Promise<void> {
    this.#isRunning = false;
    this.#cancelLook();
    for (const lane of this.#lanes.values()) lane.cancelWait();
    await Promise.race([Promise.all([this.#looking, ...this.#sending]), aborted(deadline)]);
  }

  /** Takes a notice for a target. Returns at once and never throws. */
  add(target: NoticeTarget, notice: Notice, owner?: UserName): void {
    const pending: PendingNotice = { target: target.id, owner, notice };
    const { store } = this.#ports;
    if (store.more !== undefined) {
      // The process that sends finds it there.
      store.keep(pending);
    } else if (this.#isFull(pending)) {
      this.#lose(pending, targetText(target));
    } else {
      store.keep(pending);
      this.#enter(pending, 0);
    }
  }

  #lookIn(milliseconds: number): void {
    this.#cancelLook = this.#ports.clock.schedule(milliseconds, () => {
      this.#looking = this.#look()
        .catch((error: Error) => {
          if (this.#hasLoaded) this.#ports.logger.warn('Could not look for notices', { error });
          this.#leaveToOthers();
        })
        .then(() => {
          if (this.#isRunning) this.#lookIn(LOOKING);
        });
    });
  }

  /** Takes what any process has kept, while this one sends. */
  async #look(): Promise<void> {
    const { store, clock } = this.#ports;
    if (!this.#lease.isHeld()) return this.#leaveToOthers();
    const found = this.#hasLoaded ? await store.more?.() : await store.load();
    this.#hasLoaded = true;
    for (const pending of found ?? []) {
      if (this.#isFull(pending)) {
        store.forget(pending);
        this.#lose(pending, pending.target);
      } else {
        this.#enter(pending, ageOf(pending, clock));
      }
    }
  }

  #leaveToOthers(): void {
    if (!this.#hasLoaded) return;
    this.#hasLoaded = false;
    for (const lane of this.#lanes.values()) lane.cancelWait();
    this.#lanes.clear();
    this.#count(-this.#waiting);
  }

  #isFull(pending: PendingNotice): boolean {
    const { size } = this.#laneOf(pending);
    return pending.owner === undefined
      ? size >= MOST_WAITING
      : size >= MOST_OF_USER || this.#waiting >= MOST_IN_ALL;
  }

  #lose(pending: PendingNotice, target: string): void {
    const lane = this.#laneOf(pending);
    this.#ports.metrics.noticesTold('dropped', 1);
    if (!lane.isFull) {
      this.#ports.logger.warn('Too many notices wait, and further ones are lost', { target });
    }
    lane.isFull = true;
  }

  /** @param target its id */
  stateOf(target: string): TargetState {
    return { waiting: this.#lanes.get(target)?.size ?? 0, attempts: this.#record.of(target) };
  }

  #enter(pending: PendingNotice, age: number): void {
    const now = this.#ports.clock.monotonic();
    const lane = this.#laneOf(pending);
    lane.add({ ...pending, entered: now - age, due: now, refusals: 0 });
    this.#count(1);
    this.#go(lane);
  }

  #laneOf(pending: PendingNotice): Lane {
    const lane = this.#lanes.get(pending.target) ?? new Lane(pending);
    this.#lanes.set(pending.target, lane);
    return lane;
  }

  /** Sends what may be sent now, or waits until something may be sent. */
  #go(lane: Lane): void {
    lane.cancelWait();
    if (!this.#isRunning || lane.isSending || !this.#isCurrent(lane)) return;
    if (lane.size === 0) {
      if (!lane.isReported) this.#lanes.delete(lane.target);
      return;
    }
    const { clock } = this.#ports;
    const wait = lane.ready(clock.monotonic()).next - clock.monotonic();
    if (wait > 0) {
      lane.cancelWait = clock.schedule(wait, () => this.#go(lane));
      return;
    }
    lane.isSending = true;
    const sending = this.#takeTurn(lane).then(() => {
      lane.isSending = false;
      this.#sending.delete(sending);
      this.#go(lane);
    });
    this.#sending.add(sending);
  }

  async #takeTurn(lane: Lane): Promise<void> {
    const { clock, logger } = this.#ports;
    const whose = lane.owner === undefined ? lane.target : `user ${lane.owner}`;
    try {
      const outcome = await this.#turns.run(whose, () => this.#send(lane), {
        goesFirst: lane.owner === undefined,
      });
      if (outcome !== 'full') return;
    } catch (error) {
      logger.warn('Could not find out where a notice goes', { error: error as Error });
    }
    lane.pauseUntil(clock.monotonic() + OWN_PAUSE);
  }

  /** False when another process sends what was in the lane. */
  #isCurrent(lane: Lane): boolean {
    return this.#lanes.get(lane.target) === lane && this.#lease.isHeld();
  }

  async #send(lane: Lane): Promise<void> {
    if (!this.#isRunning || !this.#isCurrent(lane)) return;
    const now = this.#ports.clock.monotonic();
    this.#giveUp(
      lane,
      lane.all().filter(({ entered }) => now - entered >= DAY),
    );
    const [first] = lane.ready(now).now;
    if (first === undefined) return;
    const target = await this.#targets.find(first);
    if (target === undefined) {
      lane.isReported = false;
      lane.remove([first]);
      return this.#forget(lane, [first], 'dropped');
    }
    if (target.to.kind === 'mail' && now - first.entered < DIGEST) {
      return lane.pauseUntil(first.entered + DIGEST);
    }
    const batch = target.to.kind === 'mail' ? await this.#digestOf(lane) : [first];
    if (batch.length === 0) return;
    const outcome = await this.#ports.sender.send(
      target,
      batch.map(({ notice }) => notice),
    );
    if (outcome.kind === 'taken') this.#taken(lane, target, batch);
    else this.#failed(lane, target, batch, outcome);
  }

  /** All that waits in the lane. Notices that may not be sent there any more are dropped. */
  async #digestOf(lane: Lane): Promise<readonly Delivery[]> {
    const digest: Delivery[] = [];
    const gone: Delivery[] = [];
    for (const delivery of lane.all()) {
      const isWanted = (await this.#targets.find(delivery)) !== undefined;
      (isWanted ? digest : gone).push(delivery);
    }
    if (gone.length > 0) {
      lane.remove(gone);
      this.#forget(lane, gone, 'dropped');
    }
    return digest;
  }

  #taken(lane: Lane, target: NoticeTarget, batch: readonly Delivery[]): void {
    lane.taken(batch);
    this.#forget(lane, batch, 'sent');
    if (lane.isReported) this.#ports.logger.info('Notices are taken again', { target: targetText(target) });
    lane.isReported = false;
    lane.isFull = false;
  }

  #failed(
    lane: Lane,
    target: NoticeTarget,
    batch: readonly Delivery[],
    outcome: Extract<NoticeOutcome, { readonly kind: 'failed' }>,
  ): void {
    lane.failed(batch, outcome, this.#ports.clock.monotonic());
    this.#remember(batch, 'failed', outcome.reason);
    this.#ports.metrics.noticesTold('failed', batch.length);
    if (outcome.refused) {
      if (batch[0]?.refusals === 0)
        this.#warn('A notice is refused and will be sent again', target, outcome.reason);
      return;
    }
    if (!lane.isReported) this.#warn('Notices are not taken and will be sent again', target, outcome.reason);
    lane.isReported = true;
  }

  #giveUp(lane: Lane, deliveries: readonly Delivery[]): void {
    if (deliveries.length === 0) return;
    const notices = deliveries.map(({ notice }) => notice.text).slice(0, 10);
    this.#ports.logger.warn('Gave up notices after a day', { number: deliveries.length, notices });
    lane.remove(deliveries);
    this.#forget(lane, deliveries, 'dropped');
  }

  #forget(lane: Lane, deliveries: readonly Delivery[], how: 'sent' | 'dropped'): void {
    for (const delivery of deliveries) this.#ports.store.forget(delivery);
    this.#remember(deliveries, how);
    this.#ports.metrics.noticesTold(how, deliveries.length);
    if (this.#lanes.get(lane.target) === lane) this.#count(-deliveries.length);
  }

  #remember(
    deliveries: readonly Delivery[],
    outcome: NoticeAttempt['outcome'],
    reason?: string | undefined,
  ): void {
    const at = this.#ports.clock.now();
    const attempts = deliveries.map(({ notice }) => ({ at, notice, outcome, reason }));
    this.#record.add(deliveries[0]?.target ?? '', attempts);
  }

  #count(more: number): void {
    this.#waiting += more;
    this.#ports.metrics.noticesWaiting(this.#waiting);
  }

  #warn(event: string, target: NoticeTarget, reason?: string): void {
    this.#ports.logger.warn(event, { target: targetText(target), reason });
  }
}

/** Milliseconds since it happened, a day at most. */
const ageOf = ({ notice }: PendingNotice, clock: Clock): number =>
  Math.min(DAY, Math.max(0, clock.now() - notice.at));
