import type { ServerSocket } from '../../domain/socket-address.ts';
import type { Primary } from '../manage/settings.ts';
import type { Clock } from '../ports/clock.ts';
import type { PrimaryReach } from '../ports/primary-reach.ts';
import { inTime } from '../service/waiting.ts';

/** Whether a primary answers. */
export type PrimaryReadiness = {
  readonly primary: ServerSocket;
  /** The reason why it does not answer; undefined when it does. */
  readonly trouble: string | undefined;
};

/** Milliseconds for which an answer counts, so that frequent health checks do not become as many queries. */
const RECENT = 10_000;
/** Milliseconds after which the report does not wait any more. A later answer counts for the next report. */
const PATIENCE = 3_000;

/** Reports which primaries have answered recently, or answer now. */
export class ReportReadiness {
  readonly #primaries: () => readonly Primary[];
  readonly #reach: PrimaryReach;
  readonly #clock: Clock;
  /** The time of the last answer. The entry of a primary goes when a new configuration replaces that. */
  readonly #answered = new WeakMap<Primary, number>();
  readonly #inFlight = new Map<Primary, Promise<string | undefined>>();

  /** @param primaries those of the present configuration; none if the zones are served here. */
  constructor(primaries: () => readonly Primary[], reach: PrimaryReach, clock: Clock) {
    this.#primaries = primaries;
    this.#reach = reach;
    this.#clock = clock;
  }

  /** One report a primary, in the order of the configuration. */
  execute(): Promise<readonly PrimaryReadiness[]> {
    return Promise.all(
      this.#primaries().map(async (primary) => ({
        primary: primary.socket,
        trouble: await this.#troubleOf(primary),
      })),
    );
  }

  async #troubleOf(primary: Primary): Promise<string | undefined> {
    const answered = this.#answered.get(primary);
    if (answered !== undefined && this.#clock.monotonic() - answered < RECENT) return undefined;
    return inTime(this.#clock, PATIENCE, this.#ask(primary), () => 'no answer yet');
  }

  /** Concurrent reports wait for the same answer. */
  #ask(primary: Primary): Promise<string | undefined> {
    const inFlight = this.#inFlight.get(primary);
    if (inFlight !== undefined) return inFlight;
    const asking = this.#reach
      .reach(primary)
      .then((trouble) => {
        if (trouble === undefined) this.#answered.set(primary, this.#clock.monotonic());
        return trouble;
      })
      .finally(() => this.#inFlight.delete(primary));
    this.#inFlight.set(primary, asking);
    return asking;
  }
}
