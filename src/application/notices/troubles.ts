import { BoundedMap } from '../../domain/bounded-map.ts';
import type { Reported } from '../../domain/event.ts';
import type { Notice, NoticeEvent } from '../../domain/notice.ts';
import { timeBetween } from './words.ts';

/** Milliseconds for which updates must fail before that is told. Shorter failures mostly end by themselves. */
const FOR_A_WHILE = 600_000;
/** Refusals of one user are told once in this time, because a client may be refused for any name it likes. */
const DAY = 86_400_000;
const MOST_REMEMBERED = 10_000;

type Told = {
  readonly event: Extract<NoticeEvent, 'failing' | 'working'>;
  readonly text: string;
  readonly facts: Notice['facts'];
  /** True: only operators are told. A refused report may come from a user who does not hold the name. */
  readonly isForOperators: boolean;
};

/** Finds out from reports which names cannot be updated. */
export class Troubles {
  /** When the failures of a name began, and whether they were told. */
  readonly #failing = new BoundedMap<string, { readonly since: number; readonly isTold: boolean }>(
    MOST_REMEMBERED,
  );
  /** When a refusal was told last, by the user. */
  readonly #refused = new BoundedMap<string, number>(MOST_REMEMBERED);

  /** What there is to tell after this report. `now`: a moment of the monotonic clock. */
  after(report: Reported, now: number): Told | undefined {
    switch (report.outcome) {
      case 'refused':
        return this.#refusedNow(report, now);
      case 'failed':
        return this.#failedNow(report, now);
      default:
        return this.#madeNow(report, now);
    }
  }

  #refusedNow({ name, user, reason = '' }: Reported, now: number): Told | undefined {
    const last = this.#refused.get(user);
    if (last !== undefined && now - last < DAY) return undefined;
    this.#refused.set(user, now);
    const text = `An update of ${name} by the user ${user} was refused (${reason})`;
    return { event: 'failing', text, facts: { reason, user }, isForOperators: true };
  }

  #failedNow({ name, reason = '', at }: Reported, now: number): Told | undefined {
    const { since, isTold } = this.#failing.get(name) ?? { since: now, isTold: false };
    const isToBeTold = !isTold && now - since >= FOR_A_WHILE;
    this.#failing.set(name, { since, isTold: isTold || isToBeTold });
    if (!isToBeTold) return undefined;
    const text = `Updates of ${name} have failed for ${timeBetween(since, now)} (${reason})`;
    const facts = { reason, since: at - (now - since) };
    return { event: 'failing', text, facts, isForOperators: false };
  }

  #madeNow({ name, at }: Reported, now: number): Told | undefined {
    const trouble = this.#failing.get(name);
    this.#failing.delete(name);
    if (trouble?.isTold !== true) return undefined;
    const text = `${name} can be updated again, after ${timeBetween(trouble.since, now)}`;
    const facts = { since: at - (now - trouble.since) };
    return { event: 'working', text, facts, isForOperators: false };
  }
}
