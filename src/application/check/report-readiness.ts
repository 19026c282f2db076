import type { ServerSocket } from '../../domain/socket-address.ts';
import type { Primary } from '../manage/settings.ts';
import type { Clock } from '../ports/clock.ts';
import type { PrimaryReach } from '../ports/primary-reach.ts';

/** Whether a primary can be reached, and why not. */
export type PrimaryReadiness = {
  readonly primary: ServerSocket;
  /** Undefined when it answers. */
  readonly trouble: string | undefined;
};

/** Milliseconds for which an answer counts, so that who asks often does not ask the primaries as often. */
const LATELY = 10_000;
/** Milliseconds that whoever asks is kept waiting; the answer may still come for the next one. */
const PATIENCE = 3_000;

/**
 * Tells whether updates have somewhere to go: every primary answered lately, or answers now. Where there is none,
 * updates go into zones that are served here.
 */
export class ReportReadiness {
  readonly #primaries: () => readonly Primary[];
  readonly #reach: PrimaryReach;
  readonly #clock: Clock;
  /** When each answered last. Those that a change of the configuration puts others in place of are forgotten. */
  readonly #answered = new WeakMap<Primary, number>();
  readonly #underWay = new Map<Primary, Promise<string | undefined>>();

  /** @param primaries those of this moment to which updates go. */
  constructor(primaries: () => readonly Primary[], reach: PrimaryReach, clock: Clock) {
    this.#primaries = primaries;
    this.#reach = reach;
    this.#clock = clock;
  }

  /** One a primary, in the order of the settings. */
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
    if (answered !== undefined && this.#clock.monotonic() - answered < LATELY) return undefined;
    let callOff = () => {};
    const patience = new Promise<string>((resolve) => {
      callOff = this.#clock.schedule(PATIENCE, () => resolve('no answer yet'));
    });
    const trouble = await Promise.race([this.#ask(primary), patience]);
    callOff();
    return trouble;
  }

  /** Whoever asks meanwhile waits for the same answer. */
  #ask(primary: Primary): Promise<string | undefined> {
    const underWay = this.#underWay.get(primary);
    if (underWay !== undefined) return underWay;
    const asking = this.#reach
      .reach(primary)
      .then((trouble) => {
        if (trouble === undefined) this.#answered.set(primary, this.#clock.monotonic());
        return trouble;
      })
      .finally(() => this.#underWay.delete(primary));
    this.#underWay.set(primary, asking);
    return asking;
  }
}
