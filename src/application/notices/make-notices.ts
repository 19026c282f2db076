import type { Event, Reported } from '../../domain/event.ts';
import type { Notice, NoticeSubject } from '../../domain/notice.ts';
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
/** The user store is asked which users get a notice. At most this many notices wait for that. Further ones go to operators only. */
const MOST_ASKING = 10_000;

export type MakeNoticesPorts = {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Tells this process from others that make notices at the same time. */
  readonly mark: string;
};

/** Something that happened. The notice of it is made when the first target wants it: most events have none. */
type Told = NoticeSubject & { readonly notice: () => Notice };

/** Makes notices of events, and gives them to {@link SendNotices} for each target that wants them. */
export class MakeNotices implements Events {
  readonly #targets: NoticeTargets;
  readonly #sending: Pick<SendNotices, 'add'>;
  readonly #ports: MakeNoticesPorts;
  readonly #troubles = new Troubles();
  /** The beginning of all ids of this process: when it began, and its mark. So no id is used twice. */
  readonly #idStart: string;
  #count = 0;
  /** What the user store is still to be asked about, in order. */
  readonly #forUsers = new Set<Told>();
  #isAsking = false;

  constructor(targets: NoticeTargets, sending: Pick<SendNotices, 'add'>, ports: MakeNoticesPorts) {
    this.#targets = targets;
    this.#sending = sending;
    this.#ports = ports;
    this.#idStart = `${ports.clock.now().toString(36)}${ports.mark}`;
  }

  tell(event: Event): void {
    if (isUntold(event)) return;
    if (event.kind === 'reported') this.#tellTrouble(event);
    else this.#tellEvent(event);
  }

  #tellEvent(event: ToldAsItIs): void {
    const name = 'name' in event ? event.name : undefined;
    const now = this.#ports.clock.now();
    const told = this.#told({ event: event.kind, name }, () => {
      const { at, kind, ...facts } = event;
      return { at, text: sentenceOf(event, now), facts };
    });
    this.#giveToOperators(told);
    if (name !== undefined) this.#giveToUsers(told);
  }

  #tellTrouble(report: Reported): void {
    const trouble = this.#troubles.after(report, this.#ports.clock.monotonic());
    if (trouble === undefined) return;
    const { at, name } = report;
    const { event, text, facts, isForOperators } = trouble;
    const told = this.#told({ event, name }, () => ({ at, text, facts }));
    this.#giveToOperators(told);
    if (!isForOperators) this.#giveToUsers(told);
  }

  #told({ event, name }: NoticeSubject, tell: () => Pick<Notice, 'at' | 'text' | 'facts'>): Told {
    let made: Notice | undefined;
    const make = (): Notice => {
      const { at, text, facts } = tell();
      this.#count += 1;
      const id = `${this.#idStart}-${this.#count}`;
      return { event, at, name, text: text.slice(0, MOST_TEXT), facts, id };
    };
    const notice = () => {
      made ??= make();
      return made;
    };
    return { event, name, notice };
  }

  #giveToOperators(told: Told): void {
    for (const target of this.#targets.ofOperatorFor(told)) this.#sending.add(target, told.notice());
  }

  #giveToUsers(told: Told): void {
    if (this.#forUsers.size >= MOST_ASKING) {
      this.#ports.metrics.noticesTold('dropped', 1);
      return;
    }
    this.#forUsers.add(told);
    if (!this.#isAsking) void this.#askForUsers();
  }

  /** One question after the other, so that the notices of a name stay in order. */
  async #askForUsers(): Promise<void> {
    const { logger, metrics } = this.#ports;
    this.#isAsking = true;
    // What is added meanwhile comes at the end of the same loop.
    for (const told of this.#forUsers) {
      try {
        for (const { user, target } of await this.#targets.ofUsersFor(told)) {
          this.#sending.add(target, told.notice(), user);
        }
      } catch (error) {
        metrics.noticesTold('dropped', 1);
        logger.warn('Could not find out which users a notice is for', { error: error as Error });
      }
      this.#forUsers.delete(told);
    }
    this.#isAsking = false;
  }
}
