import { BoundedMap } from '../../domain/bounded-map.ts';
import { addressText, type Notice, type NoticeTarget, targetText } from '../../domain/notice.ts';
import type { UserName } from '../../domain/user.ts';
import type { Clock } from '../ports/clock.ts';
import type { NoticeOutcome, NoticeSender } from '../ports/notice-sender.ts';
import type { NoticeTargets } from './notice-targets.ts';

export type TestedTarget = { readonly target: NoticeTarget; readonly outcome: NoticeOutcome };

/** Milliseconds between two tests of one user: they make this server send requests and mails. */
const PAUSE = 5_000;

/** Sends one notice to a target, at once, whatever its filters say. */
export class TestNotices {
  readonly #targets: NoticeTargets;
  readonly #sender: NoticeSender;
  readonly #clock: Clock;
  /** When a user had a test sent. */
  readonly #testedAt = new BoundedMap<UserName, number>(10_000);

  constructor(targets: NoticeTargets, sender: NoticeSender, clock: Clock) {
    this.#targets = targets;
    this.#sender = sender;
    this.#clock = clock;
  }

  /**
   * Sends it to the targets of a user, or to the operator's.
   *
   * @param to the whole address of one target, or its origin, as the log shows it. Undefined: all targets
   */
  async run(to: string | undefined, user?: UserName): Promise<readonly TestedTarget[] | 'unknown-user'> {
    const all = user === undefined ? this.#targets.ofOperator : await this.#targets.ofUser(user);
    if (all === undefined) return 'unknown-user';
    const targets = all.filter((target) => to === undefined || isAt(target, to));
    return Promise.all(targets.map(async (target) => ({ target, outcome: await this.sendTo(target) })));
  }

  /** Sends it to a target of a user. */
  async sendOwn(
    user: UserName,
    target: NoticeTarget,
  ): Promise<NoticeOutcome | { readonly kind: 'too-soon' }> {
    const now = this.#clock.monotonic();
    const last = this.#testedAt.get(user);
    if (last !== undefined && now - last < PAUSE) return { kind: 'too-soon' };
    this.#testedAt.set(user, now);
    return this.sendTo(target);
  }

  sendTo(target: NoticeTarget): Promise<NoticeOutcome> {
    const at = this.#clock.now();
    const text = 'This is a test: notices of dynonym arrive here';
    const notice: Notice = { id: `test-${at.toString(36)}`, event: 'test', at, text, facts: {} };
    return this.#sender.send(target, [notice]);
  }
}

const isAt = (target: NoticeTarget, to: string): boolean =>
  to === targetText(target) || to === addressText(target.to);
