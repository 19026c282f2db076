import type { WarnOfConfiguration } from '../check/warn-of-configuration.ts';
import type { EntryChanges, EntryWatch } from '../ports/entry-watch.ts';
import type { Logger } from '../ports/logger.ts';

/** Logs what a new version of the configuration means for users and hosts, and what became useless or unsafe by it. */
export class ReportReload {
  readonly #entries: EntryWatch;
  readonly #warnings: Pick<WarnOfConfiguration, 'again'>;
  readonly #logger: Logger;
  /** Whether the users have changed since the warnings looked at them. */
  #hasNewUsers = false;

  constructor(entries: EntryWatch, warnings: Pick<WarnOfConfiguration, 'again'>, logger: Logger) {
    this.#entries = entries;
    this.#warnings = warnings;
    this.#logger = logger;
  }

  /** @param isUsable whether the settings have no problems; while they have some, the files that they name are not known */
  async look(isUsable: boolean): Promise<void> {
    const changes = await this.#entries.sinceLast();
    if (changes !== undefined) {
      this.#hasNewUsers = true;
      const counts = countsOf(changes);
      if (Object.keys(counts).length > 0) this.#logger.info('Users or hosts have changed', counts);
    }
    if (!isUsable) return;
    await this.#warnings.again({ users: this.#hasNewUsers });
    this.#hasNewUsers = false;
  }
}

/** The counts that are not 0. */
function countsOf({ users, hosts }: EntryChanges): Record<string, number> {
  const counts = {
    usersAdded: users.added,
    usersRemoved: users.removed,
    usersChanged: users.changed,
    hostsAdded: hosts.added,
    hostsRemoved: hosts.removed,
    hostsChanged: hosts.changed,
  };
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}
