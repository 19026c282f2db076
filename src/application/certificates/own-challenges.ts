import type { DomainName } from '../../domain/domain-name.ts';
import { DynonymError } from '../../domain/errors.ts';
import type { Principal } from '../../domain/principal.ts';
import type { SocketAddress } from '../../domain/socket-address.ts';
import type { UserName } from '../../domain/user.ts';
import { type AuthoritativeServers, serversWithout } from '../ports/authoritative-servers.ts';
import type { ChallengeAnswers, DnsChallenge } from '../ports/certificate-authority.ts';
import type { ChallengeStore } from '../ports/challenge-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { DnsUpdater } from '../ports/dns-updater.ts';
import { pause } from '../service/waiting.ts';
import type { AnswerChallenges } from './answer-challenges.ts';

/** Milliseconds that the name servers get to show a value. Some secondaries need minutes. */
const VISIBLE_WITHIN = 10 * 60_000;
/** Milliseconds between two looks. */
const LOOK_INTERVAL = 3_000;
const ZONE_TIME = 10_000;

export type OwnChallengesPorts = {
  readonly answers: Pick<AnswerChallenges, 'present' | 'cleanUp'>;
  readonly store: Pick<ChallengeStore, 'find'>;
  readonly dns: Pick<DnsUpdater, 'findZone'>;
  readonly servers: AuthoritativeServers;
  readonly clock: Clock;
};

/**
 * Answers the challenges for the certificate of our own, as those of clients are answered. An authority that looks too
 * early refuses the order, so it is asked to look when all name servers of the zone show the value.
 */
export class OwnChallenges implements ChallengeAnswers {
  readonly #ports: OwnChallengesPorts;
  readonly #principal: Principal;
  readonly #servers: readonly SocketAddress[];

  /** @param servers the name servers to ask in place of those of the zone; none: those of the zone. */
  constructor(ports: OwnChallengesPorts, names: readonly DomainName[], servers: readonly SocketAddress[]) {
    this.#ports = ports;
    this.#servers = servers;
    this.#principal = ownPrincipal(names);
  }

  async present({ name, value }: DnsChallenge, stop: AbortSignal): Promise<void> {
    const { answers } = this.#ports;
    const outcome = await answers.present({ principal: this.#principal, name, value, makesRoom: true });
    switch (outcome.kind) {
      case 'done':
        return this.#untilShown(name, value, stop);
      case 'failed':
        throw outcome.fault;
      case 'too-many':
        throw new DynonymError('CHALLENGE_REFUSED', `too many challenges of ours stand at ${name}`);
      case 'refused':
        throw new DynonymError('CHALLENGE_REFUSED', `${name} may not be written: ${outcome.why}`);
    }
  }

  async cleanUp({ name, value }: DnsChallenge): Promise<void> {
    await this.#ports.answers.cleanUp({ principal: this.#principal, name, value }).catch(() => {});
  }

  async #untilShown(asked: DomainName, value: string, stop: AbortSignal): Promise<void> {
    const { store, dns, servers, clock } = this.#ports;
    // Where an alias leads, if there is one.
    const name = (await store.find(asked, value))?.place ?? asked;
    const zone = await dns.findZone(name, clock.monotonic() + ZONE_TIME);
    if (!zone.ok) throw zone.fault;
    const question = { zone: zone.value, name, type: 'TXT', servers: this.#servers } as const;
    const deadline = clock.monotonic() + VISIBLE_WITHIN;
    for (;;) {
      const views = await servers.ask(question);
      const lacking = serversWithout(views, ({ values }) => values.some(({ text }) => text === value));
      if (views.length > 0 && lacking.length === 0) return;
      if (stop.aborted || clock.monotonic() >= deadline) {
        const who =
          views.length === 0 ? `the name servers of ${zone.value} were not found` : lacking.join('; ');
        throw new DynonymError('CHALLENGE_NOT_VISIBLE', `not all name servers show ${name}: ${who}`);
      }
      await pause(clock, LOOK_INTERVAL, stop);
    }
  }
}

/** The operator configured the names, so that nobody else has to hold them. */
const ownPrincipal = (names: readonly DomainName[]): Principal => ({
  // A name that no user can have, because of the colon.
  user: ':own' as UserName,
  domains: new Set(),
  offline: false,
  token: undefined,
  certificates: { domains: new Set(names), accounts: [], besideOthers: true },
});
