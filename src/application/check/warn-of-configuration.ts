import type { Logger } from '../ports/logger.ts';
import type { CheckConfiguration, ConfigurationFinding } from './check-configuration.ts';

type Findings = readonly ConfigurationFinding[];

/**
 * Logs what makes the configuration useless or unsafe, or sends updates elsewhere: at the start of the server, and again
 * when a change while it runs makes it true. What stays true is not repeated.
 */
export class WarnOfConfiguration {
  readonly #check: Pick<CheckConfiguration, 'ofSettings' | 'ofUsers'>;
  readonly #logger: Logger;
  /** What was found last. Undefined before the start. */
  #found: { readonly settings: Findings; readonly users: Findings } | undefined;

  constructor(check: Pick<CheckConfiguration, 'ofSettings' | 'ofUsers'>, logger: Logger) {
    this.#check = check;
    this.#logger = logger;
  }

  async start(): Promise<void> {
    this.#found = { settings: await this.#check.ofSettings(), users: await this.#check.ofUsers() };
    this.#warn([...this.#found.settings, ...this.#found.users]);
  }

  /**
   * Looks again. Does nothing where there was no start: a program that has its own log of the start has its own warnings.
   *
   * @param changed `users`: whether the users may have changed since the last look
   */
  async again(changed: { readonly users: boolean }): Promise<void> {
    const before = this.#found;
    if (before === undefined) return;
    const settings = await this.#check.ofSettings();
    const users = changed.users ? await this.#check.ofUsers() : before.users;
    this.#found = { settings, users };
    const known = new Set([...before.settings, ...before.users].map(keyOf));
    this.#warn([...settings, ...users].filter((finding) => !known.has(keyOf(finding))));
  }

  #warn(findings: Findings): void {
    const logger = this.#logger;
    for (const finding of findings) {
      if (finding.code === 'no-users') logger.warn('There are no users, so nobody may change anything');
      if (finding.code === 'zones-bypassed') {
        logger.warn(
          '[dns] takes the updates, although [nameserver] serves zones; remove [dns] to put them into the zones',
          { zones: finding.zones },
        );
      }
      if (finding.code === 'readable-by-everybody') {
        logger.warn('Everybody on this machine can read a file that holds secrets; type: chmod o= FILE', {
          file: finding.place,
        });
      }
    }
  }
}

const keyOf = (finding: ConfigurationFinding): string => JSON.stringify(finding);
