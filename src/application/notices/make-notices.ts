import type { Event, Reported } from '../../domain/event.ts';
import type { Notice } from '../../domain/notice.ts';
import type { Clock } from '../ports/clock.ts';
import type { Events } from '../ports/events.ts';
import type { Logger } from '../ports/logger.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { NoticeTargets } from './notice-targets.ts';
import type { SendNotices } from './send-notices.ts';
import { Troubles } from './troubles.ts';
import { isUntold, sentenceOf, type ToldAsItIs } from './words.ts';

/** The most characters of a notice, because its text may repeat what a name server or a client says. */
const MOST_TEXT = 500;
/** The most notices that wait for an answer of the user store. Users do not get further ones. */
const MOST_ASKING = 10_000;

export type MakeNoticesPorts = { readonly clock: Clock; readonly logger: Logger; readonly metrics: Metrics };

/** Makes notices of events, and gives them to {@link SendNotices} for each target that wants them. */
export class MakeNotices implements Events {
  readonly #targets: NoticeTargets;
  readonly #sending: Pick<SendNotices, 'add'>;
  readonly #ports: MakeNoticesPorts;
  readonly #troubles = new Troubles();
  /** The beginning of all ids of this process: when it began. So no id is used again after a restart. */
  readonly #idStart: string;
  #count = 0;
  #asking = 0;
  /** The last question about users. The next one waits for it, so that the notices of a name stay in order. */
  #asked: Promise<void> = Promise.resolve();

  constructor(targets: NoticeTargets, sending: Pick<SendNotices, 'add'>, ports: MakeNoticesPorts) {
    this.#targets = targets;
    this.#sending = sending;
    this.#ports = ports;
    this.#idStart = ports.clock.now().toString(36);
  }

  tell(event: Event): void {
    if (isUntold(event)) return;
    if (event.kind === 'reported') this.#tellTrouble(event);
    else this.#tellEvent(event);
  }

  #tellEvent(event: ToldAsItIs): void {
    const { at, kind, ...facts } = event;
    const name = 'name' in facts ? facts.name : undefined;
    const text = sentenceOf(event, this.#ports.clock.now());
    const notice = this.#giveToOperators({ event: kind, at, name, text, facts });
    if (name !== undefined) this.#giveToUsers(notice);
  }

  #tellTrouble(report: Reported): void {
    const trouble = this.#troubles.after(report, this.#ports.clock.monotonic());
    if (trouble === undefined) return;
    const { at, name, reason } = report;
    const { event, text, isForOperators } = trouble;
    const notice = this.#giveToOperators({ event, at, name, text, facts: { reason } });
    if (!isForOperators) this.#giveToUsers(notice);
  }

  #giveToOperators(told: Omit<Notice, 'id'>): Notice {
    this.#count += 1;
    const id = `${this.#idStart}-${this.#count}`;
    const notice: Notice = { ...told, id, text: told.text.slice(0, MOST_TEXT) };
    for (const target of this.#targets.ofOperatorFor(notice)) this.#sending.add(target, notice);
    return notice;
  }

  #giveToUsers(notice: Notice): void {
    const { logger, metrics } = this.#ports;
    if (this.#asking >= MOST_ASKING) {
      metrics.noticesTold('dropped', 1);
      return;
    }
    this.#asking += 1;
    this.#asked = this.#asked.then(async () => {
      try {
        for (const { user, target } of await this.#targets.ofUsersFor(notice)) {
          this.#sending.add(target, notice, user);
        }
      } catch (error) {
        metrics.noticesTold('dropped', 1);
        logger.warn('Could not find out which users a notice is for', { error: error as Error });
      }
      this.#asking -= 1;
    });
  }
}
