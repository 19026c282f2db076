import type { Logger } from '../ports/logger.ts';
import type { CheckConfiguration } from './check-configuration.ts';

/** Logs at the start of the server what makes the configuration useless or unsafe, or sends updates elsewhere. */
export async function warnOfConfiguration(
  check: Pick<CheckConfiguration, 'atStart'>,
  logger: Logger,
): Promise<void> {
  for (const finding of await check.atStart()) {
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
