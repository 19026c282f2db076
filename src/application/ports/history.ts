import type { DomainName } from '../../domain/domain-name.ts';
import type { NameEvent } from '../../domain/event.ts';
import type { NameSummary } from '../../domain/name-summary.ts';
import type { UserName } from '../../domain/user.ts';
import type { Clock } from './clock.ts';
import type { Events } from './events.ts';
import type { Logger } from './logger.ts';
import type { Part, PartOf } from './part.ts';

/**
 * Remembers the last events of each name. Reports by somebody who has no right to a name are not kept. A second after
 * it was told, an event survives a crash of the process. How often a report was repeated, and when it was repeated last,
 * survives after ten seconds.
 */
export interface History extends Events {
  /** The last events of a name, the latest first. Equal reports in a row are one event. */
  ofName(name: DomainName, limit: number): Promise<readonly NameEvent[]>;

  /** What is known of `names`, in one question. A name without events is left out. */
  states(names: readonly DomainName[]): Promise<ReadonlyMap<DomainName, NameSummary>>;

  /** Names in trouble that begin with `search`, in the order of names. Looks at summaries, not at events. */
  troubled(part: Part<DomainName>): Promise<PartOf<NameSummary>>;

  /** Users of whom something may be remembered. Where it is known who was removed, only those. */
  rememberedUsers(): Promise<readonly UserName[]>;

  /** Forgets the reports of these users. If one of them was the last to report a name, all its events go. */
  forget(users: ReadonlySet<UserName>): Promise<void>;
}

/** What every history that remembers something needs, wherever it keeps the events. */
export type HistoryOptions = {
  /** How many events of a name are kept, and for how many days. */
  readonly limits: { readonly events: number; readonly days: number };
  readonly clock: Clock;
  readonly logger: Logger;
  /** Is told how many events were lost. */
  readonly lost: (events: number) => void;
};

/** Events that wait to be written, of about 500 octets each. Further ones are lost. */
export const MOST_PENDING_EVENTS = 50_000;

/** Remembers nothing. */
export const noHistory: History = {
  tell() {},
  ofName: async () => [],
  states: async () => new Map(),
  troubled: async () => ({ rows: [], hasMore: false }),
  rememberedUsers: async () => [],
  async forget() {},
};
