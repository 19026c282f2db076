import type { DomainName } from '../../domain/domain-name.ts';
import type { CertificateAuthority, ChallengeAnswers } from '../ports/certificate-authority.ts';
import type { CertificateHealth, CertificateState } from '../ports/certificate-health.ts';
import type { CertificateFacts, CertificateStore } from '../ports/certificate-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Listener } from '../ports/listener.ts';
import type { Logger } from '../ports/logger.ts';
import { aborted, pause } from '../service/waiting.ts';
import { covers, renewalOf, stateOf } from './certificate-state.ts';

/** Milliseconds. */
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/**
 * Milliseconds from the first failure to the next attempt. Each further failure doubles them, up to an hour: well-known
 * authorities allow five failures an hour.
 */
const FIRST_RETRY = 2 * MINUTE;

export type KeepCertificatePorts = {
  readonly authority: CertificateAuthority;
  readonly answers: ChallengeAnswers;
  readonly store: CertificateStore;
  readonly clock: Clock;
  readonly logger: Logger;
};

/**
 * Keeps the certificate of our own HTTPS good: gets the first one, and renews it at two thirds of its lifetime. Until
 * the new one is kept, the old one stays, whatever fails.
 */
export class KeepCertificate implements Listener, CertificateHealth {
  readonly #ports: KeepCertificatePorts;
  readonly #names: readonly DomainName[];
  readonly #chance: () => number;
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #failures = 0;
  #trouble: string | undefined;

  /** @param chance gives numbers from 0 to 1, so that many servers do not come back at the same moment. */
  constructor(ports: KeepCertificatePorts, names: readonly DomainName[], chance: () => number) {
    this.#ports = ports;
    this.#names = names;
    this.#chance = chance;
  }

  /** Does not wait for the authority. */
  async start(): Promise<readonly string[]> {
    this.#running = this.#keep();
    return [];
  }

  async stop(deadline: AbortSignal): Promise<void> {
    this.#stopping.abort();
    await Promise.race([this.#running, aborted(deadline)]);
  }

  async state(): Promise<CertificateState> {
    const { store, clock } = this.#ports;
    const facts = await store.find().catch(() => undefined);
    const renewal = facts && renewalOf(facts);
    return { ...stateOf(facts, clock.now()), renewal, failures: this.#failures, trouble: this.#trouble };
  }

  async #keep(): Promise<void> {
    const { clock } = this.#ports;
    const stop = this.#stopping.signal;
    while (!stop.aborted) await pause(clock, await this.#look(stop), stop);
  }

  /** Renews the certificate where it is time. Gives the milliseconds until the next look. */
  async #look(stop: AbortSignal): Promise<number> {
    const { store, clock } = this.#ports;
    try {
      let facts = await store.find();
      // `held` means that another process is renewing the certificate. The next look finds the new one.
      if (this.#isDue(facts) && (await store.alone(() => this.#renew(stop))) === 'done') {
        facts = await store.find();
      }
      this.#failures = 0;
      this.#trouble = undefined;
      // In steps of an hour at most, because the clock of the system may be set meanwhile.
      const remaining = facts === undefined ? 0 : renewalOf(facts) - clock.now();
      return Math.min(Math.max(remaining, MINUTE), HOUR);
    } catch (error) {
      return stop.aborted ? 0 : this.#fail(error as Error);
    }
  }

  async #renew(stop: AbortSignal): Promise<void> {
    const { authority, answers, store, logger } = this.#ports;
    // Another process may have renewed it since the look.
    if (!this.#isDue(await store.find())) return;
    logger.info('A certificate is ordered', { names: this.#names });
    await store.save(await authority.order(this.#names, answers, stop));
    logger.info('A new certificate is kept', { names: this.#names });
  }

  #isDue(facts: CertificateFacts | undefined): boolean {
    return facts === undefined || !covers(facts, this.#names) || this.#ports.clock.now() >= renewalOf(facts);
  }

  #fail(error: Error): number {
    this.#failures += 1;
    this.#trouble = error.message;
    const wait = Math.min(FIRST_RETRY * 2 ** (this.#failures - 1), HOUR) * (0.9 + 0.2 * this.#chance());
    this.#ports.logger.error('No certificate could be got; what there is stays in use', {
      names: this.#names,
      error,
      minutesUntilRetry: Math.round(wait / MINUTE),
    });
    return wait;
  }
}
