import type { Events } from '../../application/ports/events.ts';
import type { Logger } from '../../application/ports/logger.ts';
import type { Event } from '../../domain/event.ts';
import { AppendedFile } from '../files/appended-file.ts';
import { PinoLogger } from './pino-logger.ts';

/**
 * Writes changes of users, hosts and settings into the audit log. A command has read no settings before, and its change
 * may be of the settings themselves, so `file` is asked after each change.
 */
export class ManagementAudit implements Events {
  readonly #file: () => Promise<string | undefined>;
  readonly #logger: Logger;

  constructor(file: () => Promise<string | undefined>, logger: Logger) {
    this.#file = file;
    this.#logger = logger;
  }

  tell(event: Event): void {
    if (event.kind !== 'managed') return;
    this.#write(event).catch((error: Error) =>
      this.#logger.warn('A change is missing in the audit log', { deed: event.deed, error }),
    );
  }

  async #write({ kind, at, ...fields }: Extract<Event, { kind: 'managed' }>): Promise<void> {
    const path = await this.#file();
    const file = new AppendedFile(() => path, 'the audit log', this.#logger, { mode: 0o640 });
    new PinoLogger(file, { level: 'info' }).info('something was configured', { ...fields });
    await file.written();
  }
}
