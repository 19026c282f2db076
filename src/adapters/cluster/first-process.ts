import { CurrentSettings } from '../../application/manage/current-settings.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../application/manage/settings.ts';
import type { Clock } from '../../application/ports/clock.ts';
import type { CountsSource } from '../../application/ports/counts.ts';
import type { Logger } from '../../application/ports/logger.ts';
import { DynonymError } from '../../domain/errors.ts';
import type { Channel } from './channel.ts';
import { type FromFirstProcess, readFromFirstProcess, type ToFirstProcess } from './messages.ts';
import { Pauses } from './pauses.ts';
import { RemoteLoginLimits } from './remote-login-limits.ts';
import { RemoteReconciler } from './remote-reconciler.ts';

/** Milliseconds in which a worker without a first process tells its clients that nothing could be confirmed. */
const FAREWELL = 1_000;

/** The first process as a worker sees it. */
export class FirstProcess {
  readonly reconciler: RemoteReconciler;
  readonly loginLimits: RemoteLoginLimits;
  readonly #channel: Channel;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #pauses: Pauses;
  readonly #stop = new AbortController();
  readonly #cutOff = new AbortController();
  /** Unknown until the first process has welcomed this one. */
  #settings: CurrentSettings | undefined;
  #counts: CountsSource = { counts: async () => [] };
  #lost = false;

  constructor(channel: Channel, clock: Clock, logger: Logger) {
    this.#channel = channel;
    this.#clock = clock;
    this.#logger = logger;
    this.#pauses = new Pauses(clock);
    const send = (message: ToFirstProcess) => channel.send(message);
    this.reconciler = new RemoteReconciler(send, clock);
    this.loginLimits = new RemoteLoginLimits(send, this.#pauses);
  }

  /** Aborted when nothing new is to be accepted. */
  get stop(): AbortSignal {
    return this.#stop.signal;
  }

  /** Aborted when what is still under way is to end too. */
  get cutOff(): AbortSignal {
    return this.#cutOff.signal;
  }

  /** True when it ended before this process. */
  get lost(): boolean {
    return this.#lost;
  }

  /** Makes this process a worker. Resolves to the settings with which all workers serve. */
  join(): Promise<CurrentSettings> {
    return new Promise((resolve, reject) => {
      this.#channel.listen({
        heard: (message) => {
          try {
            const heard = readFromFirstProcess(message);
            this.#hear(heard);
            if (this.#settings !== undefined) resolve(this.#settings);
          } catch (error) {
            this.#logger.error('The first process is not understood', { error: error as Error });
            reject(error);
          }
        },
        closed: () => {
          reject(new DynonymError('WORKER_ALONE', 'the process that started this worker has ended'));
          this.#lose();
        },
      });
      this.tell({ kind: 'hello' });
    });
  }

  tell(message: ToFirstProcess): void {
    this.#channel.send(message);
  }

  /** From now on the first process gets these counts when it asks. */
  offer(counts: CountsSource): void {
    this.#counts = counts;
  }

  /** Ends the connection; the first process then lets this one end. */
  leave(): void {
    this.#channel.close();
  }

  #hear(heard: FromFirstProcess): void {
    switch (heard.kind) {
      case 'welcome':
        this.#settings = new CurrentSettings(settingsOf(heard));
        for (const pause of heard.pauses) this.#pauses.learn(pause);
        return;
      case 'settings':
        this.#settings?.replace(withChanges(this.#settings.value, heard));
        return;
      case 'reconciled':
        this.reconciler.answered(heard.id, heard.results);
        return;
      case 'not-reconciled':
        this.reconciler.broken(heard.id);
        return;
      case 'paused':
        this.#pauses.learn(heard.pause);
        return;
      case 'count':
        void this.#tellCounts(heard.id);
        return;
      case 'stop':
        this.#stop.abort();
        return;
      case 'cut-off':
        this.#cutOff.abort();
        return;
    }
  }

  async #tellCounts(id: number): Promise<void> {
    const counts = await this.#counts.counts();
    this.tell({ kind: 'counted', id, counts: counts.flat() });
  }

  #lose(): void {
    this.#lost = true;
    this.reconciler.lost();
    this.#stop.abort();
    this.#clock.schedule(FAREWELL, () => this.#cutOff.abort());
  }
}

/**
 * The settings of the first process, so that a worker which follows one that died serves as the others do,
 * whatever the file says by now. Of the name servers, their keys and the operator's password it needs to know nothing.
 */
function settingsOf({ http, ttl, admin, log }: Extract<FromFirstProcess, { kind: 'welcome' }>): Settings {
  return {
    http,
    dns: { ...DEFAULT_SETTINGS.dns, ttl },
    servers: [],
    nameServer: undefined,
    admin: admin && { ...admin, login: undefined },
    log,
  };
}

function withChanges(
  settings: Settings,
  { http, ttl, log }: Extract<FromFirstProcess, { kind: 'settings' }>,
): Settings {
  return { ...settings, http, log, dns: { ...settings.dns, ttl } };
}
