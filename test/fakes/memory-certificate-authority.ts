import type {
  CertificateAuthority,
  ChallengeAnswers,
  IssuedCertificate,
} from '../../src/application/ports/certificate-authority.ts';
import type { Clock } from '../../src/application/ports/clock.ts';
import { challengeNameOf } from '../../src/domain/challenge-name.ts';
import type { DomainName } from '../../src/domain/domain-name.ts';
import { DynonymError } from '../../src/domain/errors.ts';
import { valueIn } from '../support/parsed.ts';
import { issuedWith } from './memory-certificate-store.ts';

/** Signs everything whose challenges are answered, unless a test says otherwise. */
export class MemoryCertificateAuthority implements CertificateAuthority {
  /** Every order, with the time when it came. */
  readonly orders: { readonly at: number; readonly names: readonly DomainName[] }[] = [];
  /** Milliseconds for which its certificates are good. */
  lifetime: number;
  trouble: 'CA_UNREACHABLE' | 'CA_REFUSED' | undefined;
  /** Where an order stands still until it is stopped. */
  isSlow = false;
  readonly #clock: Clock;

  constructor(clock: Clock, lifetime = 90 * 24 * 3_600_000) {
    this.#clock = clock;
    this.lifetime = lifetime;
  }

  async order(
    names: readonly DomainName[],
    answers: ChallengeAnswers,
    stop: AbortSignal,
  ): Promise<IssuedCertificate> {
    const now = this.#clock.now();
    this.orders.push({ at: now, names });
    if (this.trouble !== undefined) throw new DynonymError(this.trouble, `no certificate: ${this.trouble}`);
    const challenges = names.map((name, index) => ({
      name: valueIn(challengeNameOf(name)),
      value: String(this.orders.length * 100 + index).padEnd(43, '-'),
    }));
    try {
      const presented = await Promise.allSettled(challenges.map((one) => answers.present(one, stop)));
      for (const one of presented) if (one.status === 'rejected') throw one.reason;
      if (this.isSlow) await new Promise((_resolve, reject) => stop.addEventListener('abort', reject));
    } finally {
      await Promise.all(challenges.map((one) => answers.cleanUp(one)));
    }
    return issuedWith({ names, notBefore: now, notAfter: now + this.lifetime });
  }
}
