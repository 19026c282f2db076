import type { Clock } from '../../../application/ports/clock.ts';
import type {
  PrimaryProbe,
  ProbeOptions,
  ProbeResult,
  ProbeSubject,
} from '../../../application/ports/primary-probe.ts';
import type { Primary } from '../../../application/settings.ts';
import { transportsTo } from '../create-rfc2136-dns-updater.ts';
import { Channel } from './channel.ts';
import { Examination } from './examination.ts';
import type { SecondaryOptions } from './secondaries.ts';

/**
 * Talks to primaries as an update would: with queries, with updates of nothing, and with the deletion of
 * records that are not there.
 */
export class Rfc2136PrimaryProbe implements PrimaryProbe {
  readonly #clock: Clock;
  readonly #secondaries: SecondaryOptions;
  readonly #examinations = new Map<Primary, Examination>();

  constructor(clock: Clock, secondaries: SecondaryOptions = { port: 53, grace: 6_000 }) {
    this.#clock = clock;
    this.#secondaries = secondaries;
  }

  probe(primary: Primary, subject: ProbeSubject, options: ProbeOptions): Promise<ProbeResult> {
    let examination = this.#examinations.get(primary);
    if (examination === undefined) {
      const channel = new Channel(transportsTo(primary, this.#clock), this.#clock);
      examination = new Examination(primary, channel, this.#clock, this.#secondaries);
      this.#examinations.set(primary, examination);
    }
    return examination.probe(subject, options);
  }

  /** Ends all connections. */
  close(): void {
    for (const examination of this.#examinations.values()) examination.close();
  }
}
