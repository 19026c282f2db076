import type { DomainName } from '../../domain/domain-name.ts';

/** A challenge value that dynonym writes. No two have the same place and value. */
export type Challenge = {
  /** The challenge name that the client asked for. */
  readonly asked: DomainName;
  /** Where the TXT record stands: `asked`, or where an alias there leads. */
  readonly place: DomainName;
  readonly value: string;
  /** When it was asked for, in milliseconds since 1970-01-01 UTC. */
  readonly since: number;
};

/**
 * The challenge values that dynonym has written. It never removes another value from the DNS. A change is durable when
 * its promise resolves. A store that cannot be read or written rejects with a DynonymError.
 */
export interface ChallengeStore {
  /** The challenges at one place. */
  at(place: DomainName): Promise<readonly Challenge[]>;

  /** The challenge that a client asked for with this name and value. */
  find(asked: DomainName, value: string): Promise<Challenge | undefined>;

  /** All challenges, the oldest first. */
  all(): Promise<readonly Challenge[]>;

  /** The challenges that are older than `since`. */
  before(since: number): Promise<readonly Challenge[]>;

  /** Keeps a challenge before it is written. `full`: {@link MOST_CHALLENGES} are kept, and this one is not. */
  add(challenge: Challenge): Promise<'added' | 'exists' | 'full'>;

  /** Forgets a challenge after it was removed. Nothing happens where it is not kept. */
  remove(challenge: Challenge): Promise<void>;
}

/** Challenges that are kept at most, of all users together. A client that cleans up has a few at a time. */
export const MOST_CHALLENGES = 5_000;
