import { DynonymError } from '../../domain/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Listener } from '../ports/listener.ts';
import type { Logger } from '../ports/logger.ts';
import type { SettingsStore } from '../ports/settings-store.ts';
import { PeriodicWork } from '../service/periodic-work.ts';
import type { CurrentSettings } from './current-settings.ts';
import type { Settings } from './settings.ts';
import { isSame, takeUp } from './settings-change.ts';

/** Milliseconds between two looks: a change is in force within a second. */
const INTERVAL = 500;

/**
 * Applies changes of the configuration while the program runs. A configuration with problems is reported once, and the
 * settings before it stay in force.
 */
export class WatchSettings implements Listener {
  readonly #store: Pick<SettingsStore, 'load'>;
  readonly #current: CurrentSettings;
  readonly #logger: Logger;
  readonly #alsoLook: (isUsable: boolean) => Promise<void>;
  readonly #looks: PeriodicWork;
  /** The settings that the store gave last. */
  #written: Settings;
  /** The problems at the last look. */
  #complaint: string | undefined;
  /** The last look. The next one waits for it. */
  #looking: Promise<void> = Promise.resolve();

  /**
   * @param current the settings that the store gave at the start
   * @param alsoLook what else is done at each look; `isUsable` tells whether the configuration has no problems
   */
  constructor(
    store: Pick<SettingsStore, 'load'>,
    current: CurrentSettings,
    clock: Clock,
    logger: Logger,
    alsoLook: (isUsable: boolean) => Promise<void> = async () => {},
  ) {
    this.#store = store;
    this.#current = current;
    this.#logger = logger;
    this.#alsoLook = alsoLook;
    this.#written = current.value;
    this.#looks = new PeriodicWork(
      () => this.look(),
      INTERVAL,
      clock,
      () => {}, // a look never rejects
    );
  }

  start(): Promise<readonly string[]> {
    return this.#looks.start();
  }

  /** Resolves when no look is under way any more. */
  async stop(): Promise<void> {
    await this.#looks.stop();
    await this.#looking;
  }

  /** Resolves when the present configuration is in force, or its problems are logged. Never rejects. */
  look(): Promise<void> {
    this.#looking = this.#looking
      .then(async () => this.#alsoLook(await this.#look()))
      .catch((error: Error) => this.#logger.error('Could not look at the configuration', { error }));
    return this.#looking;
  }

  /** Resolves to whether the configuration has no problems. */
  async #look(): Promise<boolean> {
    let written: Settings;
    try {
      written = await this.#store.load();
    } catch (error) {
      this.#complain(error as Error);
      return false;
    }
    if (this.#complaint !== undefined) this.#logger.info('The configuration can be used again');
    this.#complaint = undefined;
    if (isSame(written, this.#written)) return true;
    this.#written = written;
    this.#takeUp(written);
    return true;
  }

  #takeUp(written: Settings): void {
    const { settings, changed, waiting } = takeUp(this.#current.value, written);
    try {
      if (changed.length > 0) {
        this.#current.replace(settings);
        this.#logger.info('The configuration has changed', { changed });
      }
    } catch (error) {
      this.#logger.error('The configuration has changed and could not be applied', {
        error: error as Error,
      });
    }
    if (waiting.length > 0) {
      this.#logger.warn('The configuration has changed, and some changes need a restart', {
        needsRestart: waiting,
      });
    }
  }

  #complain(error: Error): void {
    if (error.message === this.#complaint) return;
    this.#complaint = error.message;
    const event = 'The configuration has problems; the settings before them stay in force';
    // The message of a DynonymError has a line for each problem.
    const problems = error.message.split('\n');
    this.#logger.error(event, error instanceof DynonymError ? { problems } : { error });
  }
}
