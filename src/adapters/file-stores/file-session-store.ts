import * as z from 'zod';
import type { Session, SessionStore } from '../../application/ports/session-store.ts';
import { parseUserName, type UserName } from '../../domain/user.ts';
import { JsonListFile } from '../files/json-list-file.ts';
import { textBy } from '../files/parsing.ts';

const SESSIONS = z.array(
  z.object({
    digest: z.string(),
    user: textBy(parseUserName),
    passwordMark: z.string(),
    since: z.number(),
    agent: z.string(),
    from: z.string(),
    byProvider: z.literal(true).optional(),
  }),
);

/** Sessions in a small file beside the configuration, so that a restart ends none of them. */
export class FileSessionStore implements SessionStore {
  readonly #file: JsonListFile<Session>;

  constructor(path: string) {
    this.#file = new JsonListFile(path, {
      parse: (value) => SESSIONS.parse(value),
      codes: { unreadable: 'SESSIONS_UNREADABLE', unwritable: 'SESSIONS_UNWRITABLE' },
      cure: 'remove it, and everybody has to sign in again',
    });
  }

  async find(digest: string): Promise<Session | undefined> {
    return (await this.#file.read()).find((session) => session.digest === digest);
  }

  async of(user: UserName): Promise<readonly Session[]> {
    return (await this.#file.read()).filter((session) => session.user === user);
  }

  add(session: Session, { expired, most }: { expired: number; most: number }): Promise<void> {
    return this.#file.change((all) => {
      const alive = all.filter(({ since }) => since >= expired);
      const own = alive.filter(({ user }) => user === session.user);
      const tooMany = new Set(own.slice(0, Math.max(0, own.length + 1 - most)));
      return { outcome: undefined, next: [...alive.filter((one) => !tooMany.has(one)), session] };
    });
  }

  remove(digests: readonly string[]): Promise<void> {
    return this.#file.change((all) => {
      const next = all.filter(({ digest }) => !digests.includes(digest));
      return { outcome: undefined, ...(next.length < all.length && { next }) };
    });
  }
}
