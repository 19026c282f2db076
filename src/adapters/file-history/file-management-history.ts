import * as z from 'zod';
import type { Logger } from '../../application/ports/logger.ts';
import type { ManagementHistory } from '../../application/ports/management-history.ts';
import type { Event, Managed } from '../../domain/event.ts';
import type { UserName } from '../../domain/user.ts';
import { JsonListFile } from '../files/json-list-file.ts';

/** Changes that are kept. */
const MOST = 1_000;

/** We wrote the file, so the rest is what the kind says. */
const MANAGED = z.array(
  z.custom<Managed>((value) => typeof value === 'object' && value !== null && 'deed' in value),
);

/** The last changes of users, hosts and settings, in a small file that commands and the server write. */
export class FileManagementHistory implements ManagementHistory {
  readonly #file: JsonListFile<Managed>;
  readonly #logger: Logger;
  /** What no write has taken yet. */
  readonly #waiting: Managed[] = [];
  /** Resolves when all events so far are in the file, or their loss is in the log. */
  #told: Promise<void> = Promise.resolve();

  constructor(path: string, logger: Logger) {
    this.#logger = logger;
    this.#file = new JsonListFile(path, {
      parse: (value) => MANAGED.parse(value),
      codes: { unreadable: 'HISTORY_UNREADABLE', unwritable: 'HISTORY_UNWRITABLE' },
      cure: 'remove it, and the history of changes begins anew',
    });
  }

  tell(event: Event): void {
    if (event.kind !== 'managed') return;
    this.#waiting.push(event);
    // A write that has not begun takes all that wait: thousands of users may be added at once.
    if (this.#waiting.length > 1) return;
    const earlier = this.#told;
    this.#told = this.#write().then(() => earlier);
  }

  async #write(): Promise<void> {
    const taken: Managed[] = [];
    const take = () => taken.push(...this.#waiting.splice(0));
    try {
      await this.#file.change<void>((all) => {
        take();
        return { outcome: undefined, next: [...all, ...taken].slice(-MOST) };
      });
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      take();
      for (const { deed } of taken) this.#logger.error('A change is missing in the history', { deed, error });
    }
  }

  async last(limit: number): Promise<readonly Managed[]> {
    await this.#told;
    return (await this.#file.read()).slice(-limit).reverse();
  }

  async rememberedUsers(): Promise<readonly UserName[]> {
    await this.#told;
    const all = await this.#file.read();
    return [...new Set(all.flatMap(({ user, deed }) => (deed === 'user-removed' ? [] : (user ?? []))))];
  }

  async forget(users: ReadonlySet<UserName>): Promise<void> {
    const stays = ({ user, deed }: Managed) =>
      user === undefined || !users.has(user) || deed === 'user-removed';
    await this.#told;
    await this.#file.change((all) => ({ outcome: undefined, next: all.filter(stays) }));
  }
}
