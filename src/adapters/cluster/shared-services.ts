import type { LoginLimits } from '../../application/login/login-limiter.ts';
import type { CurrentSettings } from '../../application/manage/current-settings.ts';
import type { Clock } from '../../application/ports/clock.ts';
import type { CountsSource } from '../../application/ports/counts.ts';
import type { Logger } from '../../application/ports/logger.ts';
import type { ReconcileRecords } from '../../application/update/reconcile-records.ts';
import type { DynonymError } from '../../domain/errors.ts';
import type { IpAddress } from '../../domain/ip-address.ts';
import { siteOf } from '../../domain/network.ts';
import type { Channel } from './channel.ts';
import { type FromWorker, readFromWorker, type ToWorker } from './messages.ts';
import { Pauses } from './pauses.ts';
import { resultOnWire } from './wire-values.ts';
import { WorkerCounts } from './worker-counts.ts';

/** What a worker tells of its start. */
export type WorkerStart =
  | { readonly kind: 'listening'; readonly addresses: readonly string[] }
  | { readonly kind: 'cannot-listen'; readonly fault: DynonymError };

/**
 * What the first process does for all workers together: the way to the name servers, with the turns of the
 * names, and the count of failed logins.
 */
export class SharedServices {
  readonly #reconcile: Pick<ReconcileRecords, 'execute'>;
  readonly #loginLimits: LoginLimits;
  readonly #settings: CurrentSettings;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #pauses: Pauses;
  readonly #channels = new Set<Channel>();
  readonly #counts: WorkerCounts;

  constructor(
    reconcile: Pick<ReconcileRecords, 'execute'>,
    loginLimits: LoginLimits,
    settings: CurrentSettings,
    clock: Clock,
    logger: Logger,
  ) {
    this.#reconcile = reconcile;
    this.#loginLimits = loginLimits;
    this.#settings = settings;
    settings.onChange(({ http, dns, log }) => {
      for (const channel of this.#channels) tell(channel, { kind: 'settings', http, ttl: dns.ttl, log });
    });
    this.#clock = clock;
    this.#logger = logger;
    this.#pauses = new Pauses(clock);
    this.#counts = new WorkerCounts(this.#channels, clock);
  }

  /** Serves a worker until its channel closes. Resolves when it has started; never, when it ends before. */
  attend(channel: Channel): Promise<WorkerStart> {
    this.#channels.add(channel);
    return new Promise((started) => {
      channel.listen({
        heard: (message) => {
          try {
            this.#answer(readFromWorker(message), channel, started);
          } catch (error) {
            this.#logger.error('A worker process is not understood', { error: error as Error });
          }
        },
        closed: () => this.#channels.delete(channel),
      });
    });
  }

  /** What the workers counted. */
  get counts(): CountsSource {
    return this.#counts;
  }

  #answer(heard: FromWorker, channel: Channel, started: (start: WorkerStart) => void): void {
    switch (heard.kind) {
      case 'hello': {
        const { http, dns, admin, log } = this.#settings.value;
        tell(channel, {
          kind: 'welcome',
          http,
          ttl: dns.ttl,
          admin: admin && { socket: admin.socket },
          log,
          pauses: [...this.#pauses.list()],
        });
        return;
      }
      case 'listening':
      case 'cannot-listen':
        started(heard);
        return;
      case 'reconcile':
        void this.#reconcileFor(channel, heard);
        return;
      case 'login-failed':
        this.#countFailure(heard.address);
        return;
      case 'counted':
        this.#counts.answered(heard.id, heard.counts);
        return;
    }
  }

  /** Goes on when the worker dies meanwhile: its client may have been told nothing, and the name has its turn. */
  async #reconcileFor(
    channel: Channel,
    { id, wanted, left }: Extract<FromWorker, { kind: 'reconcile' }>,
  ): Promise<void> {
    try {
      const results = await this.#reconcile.execute(wanted, this.#clock.monotonic() + left);
      tell(channel, { kind: 'reconciled', id, results: results.map(resultOnWire) });
    } catch (error) {
      this.#logger.error('A request of a worker process failed', { error: error as Error });
      tell(channel, { kind: 'not-reconciled', id });
    }
  }

  #countFailure(address: IpAddress): void {
    const left = this.#loginLimits.failed(address);
    if (left === undefined) return;
    const pause = { site: siteOf(address), left };
    this.#pauses.learn(pause);
    for (const channel of this.#channels) tell(channel, { kind: 'paused', pause });
  }
}

const tell = (channel: Channel, message: ToWorker) => channel.send(message);
