import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import {
  type Challenge,
  type ChallengeStore,
  MOST_CHALLENGES,
} from '../../application/ports/challenge-store.ts';
import { type DomainName, parseDomainName } from '../../domain/domain-name.ts';
import { DynonymError } from '../../domain/errors.ts';
import { holding } from '../files/hold-lock.ts';
import { replaceFile } from '../files/replace-file.ts';
import { isMissing, reasonAndPathOf } from '../files/system-error.ts';

/** Milliseconds that a change waits for another process. */
const PATIENCE = 5_000;

const name = z.string().transform((text, context): DomainName => {
  const parsed = parseDomainName(text);
  if (parsed.ok) return parsed.value;
  context.addIssue(parsed.reason);
  return z.NEVER;
});
const CHALLENGES = z.array(z.object({ asked: name, place: name, value: z.string(), since: z.number() }));

/**
 * Challenges in a small JSON file, a line each. It is read for every question and written as a whole for every change:
 * there are few challenges, and mostly none.
 */
export class FileChallengeStore implements ChallengeStore {
  readonly #path: string;
  /** The last change of this process; the next one waits for it. */
  #changed: Promise<unknown> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  async at(place: DomainName): Promise<readonly Challenge[]> {
    return (await this.#read()).filter((one) => one.place === place);
  }

  async find(asked: DomainName, value: string): Promise<Challenge | undefined> {
    return (await this.#read()).find((one) => one.asked === asked && one.value === value);
  }

  async before(since: number): Promise<readonly Challenge[]> {
    return (await this.#read()).filter((one) => one.since < since);
  }

  add(challenge: Challenge): Promise<'added' | 'exists' | 'full'> {
    return this.#change((all) => {
      if (all.some(isSameAs(challenge))) return { outcome: 'exists' };
      if (all.length >= MOST_CHALLENGES) return { outcome: 'full' };
      return { outcome: 'added', next: [...all, challenge] };
    });
  }

  remove(challenge: Challenge): Promise<void> {
    return this.#change((all) => {
      const next = all.filter((one) => !isSameAs(challenge)(one));
      return { outcome: undefined, ...(next.length < all.length && { next }) };
    });
  }

  async #read(): Promise<readonly Challenge[]> {
    let text: string;
    try {
      text = await readFile(this.#path, 'utf8');
    } catch (error) {
      if (isMissing(error)) return [];
      const message = `${this.#path} cannot be read: ${reasonAndPathOf(error)}`;
      throw new DynonymError('CHALLENGES_UNREADABLE', message, { cause: error });
    }
    try {
      return CHALLENGES.parse(JSON.parse(text));
    } catch (error) {
      const message = `${this.#path} is damaged: remove it, and the TXT records that it names`;
      throw new DynonymError('CHALLENGES_UNREADABLE', message, { cause: error });
    }
  }

  /** One change after another, in this process and among all. */
  #change<Outcome>(
    plan: (all: readonly Challenge[]) => { outcome: Outcome; next?: readonly Challenge[] },
  ): Promise<Outcome> {
    const change = this.#changed.then(() =>
      this.#alone(async () => {
        const { outcome, next } = plan(await this.#read());
        if (next !== undefined) await this.#write(next);
        return outcome;
      }),
    );
    this.#changed = change.catch(() => {});
    return change;
  }

  async #alone<Result>(action: () => Promise<Result>): Promise<Result> {
    try {
      return await holding(`${this.#path}.lock~`, PATIENCE, action);
    } catch (error) {
      if (error instanceof DynonymError) throw error;
      const message = `${this.#path} cannot be written: ${reasonAndPathOf(error)}`;
      throw new DynonymError('CHALLENGES_UNWRITABLE', message, { cause: error });
    }
  }

  async #write(challenges: readonly Challenge[]): Promise<void> {
    const lines = challenges.map((challenge) => JSON.stringify(challenge));
    await replaceFile(this.#path, [`[\n${lines.join(',\n')}\n]\n`], { mode: 0o600, onlyWriter: true });
  }
}

const isSameAs = (challenge: Challenge) => (other: Challenge) =>
  other.place === challenge.place && other.value === challenge.value;
