import type { ManagementHistory } from '../../src/application/ports/management-history.ts';
import type { Event, Managed } from '../../src/domain/event.ts';
import type { UserName } from '../../src/domain/user.ts';

/** A ManagementHistory that forgets everything with the process. */
export class MemoryManagementHistory implements ManagementHistory {
  #all: readonly Managed[] = [];

  tell(event: Event): void {
    if (event.kind === 'managed') this.#all = [...this.#all, event];
  }

  async last(limit: number): Promise<readonly Managed[]> {
    return this.#all.slice(-limit).reverse();
  }

  async rememberedUsers(): Promise<readonly UserName[]> {
    return [...new Set(this.#all.flatMap(({ user, deed }) => (deed === 'user-removed' ? [] : (user ?? []))))];
  }

  async forget(users: ReadonlySet<UserName>): Promise<void> {
    this.#all = this.#all.filter(
      ({ user, deed }) => user === undefined || !users.has(user) || deed === 'user-removed',
    );
  }
}
