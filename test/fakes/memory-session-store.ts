import type { Session, SessionStore } from '../../src/application/ports/session-store.ts';
import type { UserName } from '../../src/domain/user.ts';

/** A SessionStore that forgets everything with the process. */
export class MemorySessionStore implements SessionStore {
  #sessions: readonly Session[] = [];

  async find(digest: string): Promise<Session | undefined> {
    return this.#sessions.find((session) => session.digest === digest);
  }

  async of(user: UserName): Promise<readonly Session[]> {
    return this.#sessions.filter((session) => session.user === user);
  }

  async add(session: Session, { expired, most }: { expired: number; most: number }): Promise<void> {
    const alive = this.#sessions.filter(({ since }) => since >= expired);
    const own = alive.filter(({ user }) => user === session.user).reverse();
    const kept = new Set(own.slice(0, most - 1));
    this.#sessions = [...alive.filter((one) => one.user !== session.user || kept.has(one)), session];
  }

  async remove(digests: readonly string[]): Promise<void> {
    this.#sessions = this.#sessions.filter(({ digest }) => !digests.includes(digest));
  }
}
