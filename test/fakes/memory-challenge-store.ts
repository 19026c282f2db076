import {
  type Challenge,
  type ChallengeStore,
  MOST_CHALLENGES,
} from '../../src/application/ports/challenge-store.ts';
import type { DomainName } from '../../src/domain/domain-name.ts';

/** A ChallengeStore that forgets everything with the process. */
export class MemoryChallengeStore implements ChallengeStore {
  readonly #challenges = new Map<string, Challenge>();

  async at(place: DomainName): Promise<readonly Challenge[]> {
    return this.standing.filter((one) => one.place === place);
  }

  async find(asked: DomainName, value: string): Promise<Challenge | undefined> {
    return this.standing.find((one) => one.asked === asked && one.value === value);
  }

  async all(): Promise<readonly Challenge[]> {
    return this.standing;
  }

  async before(since: number): Promise<readonly Challenge[]> {
    return this.standing.filter((one) => one.since < since);
  }

  async add(challenge: Challenge): Promise<'added' | 'exists' | 'full'> {
    if (this.#challenges.has(keyOf(challenge))) return 'exists';
    if (this.#challenges.size >= MOST_CHALLENGES) return 'full';
    this.#challenges.set(keyOf(challenge), challenge);
    return 'added';
  }

  async remove(challenge: Challenge): Promise<void> {
    this.#challenges.delete(keyOf(challenge));
  }

  /** For tests: what is kept now. */
  get standing(): readonly Challenge[] {
    return [...this.#challenges.values()];
  }
}

const keyOf = ({ place, value }: Challenge): string => `${place} ${value}`;
