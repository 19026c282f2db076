import { addressText, type Notice, type NoticeTarget, targetText } from '../../domain/notice.ts';
import type { Clock } from '../ports/clock.ts';
import type { NoticeOutcome, NoticeSender } from '../ports/notice-sender.ts';
import type { NoticeTargets } from './notice-targets.ts';

export type TestedTarget = { readonly target: NoticeTarget; readonly outcome: NoticeOutcome };

/** Sends one notice to a target, at once, whatever its filters say. */
export class TestNotices {
  readonly #targets: NoticeTargets;
  readonly #sender: NoticeSender;
  readonly #clock: Clock;

  constructor(targets: NoticeTargets, sender: NoticeSender, clock: Clock) {
    this.#targets = targets;
    this.#sender = sender;
    this.#clock = clock;
  }

  /**
   * Sends it to the operator's targets.
   *
   * @param to the whole address of one target, or its origin, as the log shows it. Undefined: all targets
   */
  async run(to: string | undefined): Promise<readonly TestedTarget[]> {
    const targets = this.#targets.ofOperator.filter((target) => to === undefined || isAt(target, to));
    return Promise.all(targets.map(async (target) => ({ target, outcome: await this.sendTo(target) })));
  }

  /** The target may be that of a user. */
  sendTo(target: NoticeTarget): Promise<NoticeOutcome> {
    const at = this.#clock.now();
    const text = 'This is a test: notices of dynonym arrive here';
    const notice: Notice = { id: `test-${at.toString(36)}`, event: 'test', at, text, facts: {} };
    return this.#sender.send(target, [notice]);
  }
}

const isAt = (target: NoticeTarget, to: string): boolean =>
  to === targetText(target) || to === addressText(target.to);
