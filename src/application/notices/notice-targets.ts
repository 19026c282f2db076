import { isWanted, type NoticeSubject, type NoticeTarget } from '../../domain/notice.ts';
import type { UserName } from '../../domain/user.ts';
import type { CurrentSettings } from '../manage/current-settings.ts';
import type { PendingNotice } from '../ports/notice-store.ts';
import type { UserStore } from '../ports/user-store.ts';

/** Finds the targets of a notice. */
export class NoticeTargets {
  readonly #current: CurrentSettings;
  readonly #users: Pick<UserStore, 'find' | 'noticesAbout'>;

  constructor(current: CurrentSettings, users: Pick<UserStore, 'find' | 'noticesAbout'>) {
    this.#current = current;
    this.#users = users;
  }

  get ofOperator(): readonly NoticeTarget[] {
    return this.#current.value.notices ?? [];
  }

  /** Undefined where there is no such user. */
  async ofUser(name: UserName): Promise<readonly NoticeTarget[] | undefined> {
    const user = await this.#users.find(name);
    return user && (user.notices ?? []);
  }

  /** The operator's targets that want the notice. */
  ofOperatorFor(notice: NoticeSubject): readonly NoticeTarget[] {
    return this.ofOperator.filter((target) => isWanted(notice, target));
  }

  /** The targets of users who hold the name of the notice, and want it. A notice of no name is not for users. */
  async ofUsersFor(notice: NoticeSubject): Promise<Awaited<ReturnType<UserStore['noticesAbout']>>> {
    if (notice.name === undefined) return [];
    const targets = await this.#users.noticesAbout(notice.name);
    return targets.filter(({ target }) => isWanted(notice, target));
  }

  /**
   * Where a notice goes now. Undefined where the target is gone or not confirmed, or the user does not hold the name any
   * more.
   */
  async find({ target: id, owner, notice }: PendingNotice): Promise<NoticeTarget | undefined> {
    if (owner === undefined) return this.ofOperator.find((target) => target.id === id);
    const user = await this.#users.find(owner);
    if (notice.name === undefined || !user?.domains.includes(notice.name)) return undefined;
    return user.notices?.find((target) => target.id === id && target.unconfirmed === undefined);
  }
}
