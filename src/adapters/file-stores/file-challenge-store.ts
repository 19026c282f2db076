import * as z from 'zod';
import {
  type Challenge,
  type ChallengeStore,
  MOST_CHALLENGES,
} from '../../application/ports/challenge-store.ts';
import { type DomainName, parseDomainName } from '../../domain/domain-name.ts';
import { JsonListFile } from '../files/json-list-file.ts';
import { textBy } from '../files/parsing.ts';

const CHALLENGES = z.array(
  z.object({
    asked: textBy(parseDomainName),
    place: textBy(parseDomainName),
    value: z.string(),
    since: z.number(),
  }),
);

/** Challenges in a small file: there are few, and mostly none. */
export class FileChallengeStore implements ChallengeStore {
  readonly #file: JsonListFile<Challenge>;

  constructor(path: string) {
    this.#file = new JsonListFile(path, {
      parse: (value) => CHALLENGES.parse(value),
      codes: { unreadable: 'CHALLENGES_UNREADABLE', unwritable: 'CHALLENGES_UNWRITABLE' },
      cure: 'remove it, and the TXT records that it names',
    });
  }

  async at(place: DomainName): Promise<readonly Challenge[]> {
    return (await this.#file.read()).filter((one) => one.place === place);
  }

  async find(asked: DomainName, value: string): Promise<Challenge | undefined> {
    return (await this.#file.read()).find((one) => one.asked === asked && one.value === value);
  }

  async all(): Promise<readonly Challenge[]> {
    return this.#file.read();
  }

  async before(since: number): Promise<readonly Challenge[]> {
    return (await this.#file.read()).filter((one) => one.since < since);
  }

  add(challenge: Challenge): Promise<'added' | 'exists' | 'full'> {
    return this.#file.change((all) => {
      if (all.some(isSameAs(challenge))) return { outcome: 'exists' };
      if (all.length >= MOST_CHALLENGES) return { outcome: 'full' };
      return { outcome: 'added', next: [...all, challenge] };
    });
  }

  remove(challenge: Challenge): Promise<void> {
    return this.#file.change((all) => {
      const next = all.filter((one) => !isSameAs(challenge)(one));
      return { outcome: undefined, ...(next.length < all.length && { next }) };
    });
  }
}

const isSameAs = (challenge: Challenge) => (other: Challenge) =>
  other.place === challenge.place && other.value === challenge.value;
