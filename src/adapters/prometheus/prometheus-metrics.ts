import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { CertificateHealth, CertificateState } from '../../application/ports/certificate-health.ts';
import type { ChallengeStore } from '../../application/ports/challenge-store.ts';
import type { ChallengeAction, Metrics, MetricsReport } from '../../application/ports/metrics.ts';
import type { PrimaryHealth } from '../../application/ports/primary-health.ts';
import type { StoreHealth } from '../../application/ports/store-health.ts';
import { socketText } from '../../domain/socket-address.ts';

/** Seconds: from a request whose password is remembered to the deadline of a request. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** Seconds: from a NOTIFY at once to a secondary that only follows its refresh interval. */
const VISIBLE_SECONDS = [0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600];
const NAMES = [1, 2, 5, 10, 25, 50, 100, 200, 300];

/**
 * Counts in the format of Prometheus. A label has few values, so it is never a user, a domain name or the address of a
 * client.
 */
export class PrometheusMetrics implements Metrics, MetricsReport {
  readonly contentType = Registry.PROMETHEUS_CONTENT_TYPE;
  readonly registry = new Registry();

  readonly #requests = new Histogram({
    name: 'dynonym_http_request_duration_seconds',
    help: 'HTTP requests by route and status.',
    labelNames: ['route', 'status'],
    buckets: SECONDS,
    registers: [this.registry],
  });
  readonly #logins = new Counter({
    name: 'dynonym_logins_total',
    help: 'Credentials that were judged, by outcome.',
    labelNames: ['outcome'],
    registers: [this.registry],
  });
  readonly #updates = new Counter({
    name: 'dynonym_name_updates_total',
    help: 'Names of update requests by outcome; "fault" is the code of what failed.',
    labelNames: ['outcome', 'fault'],
    registers: [this.registry],
  });
  readonly #challenges = new Counter({
    name: 'dynonym_challenges_total',
    help: 'Challenge values of certificate programs by action and outcome; "fault" is the code of what failed.',
    labelNames: ['action', 'outcome', 'fault'],
    registers: [this.registry],
  });
  readonly #lookUps = new Histogram({
    name: 'dynonym_dns_lookup_duration_seconds',
    help: 'Questions to primaries about present records, by outcome.',
    labelNames: ['outcome'],
    buckets: SECONDS,
    registers: [this.registry],
  });
  readonly #changes = new Histogram({
    name: 'dynonym_dns_update_duration_seconds',
    help: 'Updates of primaries, each of one name or many, by outcome.',
    labelNames: ['outcome'],
    buckets: SECONDS,
    registers: [this.registry],
  });
  readonly #names = new Histogram({
    name: 'dynonym_dns_update_names',
    help: 'Names that were sent to a primary together.',
    buckets: NAMES,
    registers: [this.registry],
  });
  readonly #notices = new Counter({
    name: 'dynonym_notices_total',
    help: 'Notices by outcome: sent; failed, and to be sent again; dropped for good.',
    labelNames: ['outcome'],
    registers: [this.registry],
  });
  readonly #waitingNotices = new Gauge({
    name: 'dynonym_notices_waiting',
    help: 'Notices that their targets have not taken yet.',
    registers: [this.registry],
  });

  readonly #eventsLost = new Counter({
    name: 'dynonym_history_events_lost_total',
    help: 'Events that could not be kept in the history.',
    registers: [this.registry],
  });
  readonly #silent = new Gauge({
    name: 'dynonym_silent_names',
    help: 'Names that were not reported for longer than expected.',
    registers: [this.registry],
  });
  readonly #visible = new Histogram({
    name: 'dynonym_visible_seconds',
    help: 'Time from a change to when all name servers of the zone were seen to have it.',
    buckets: VISIBLE_SECONDS,
    registers: [this.registry],
  });
  readonly #invisible = new Gauge({
    name: 'dynonym_visibility_waiting_names',
    help: 'Names whose last change is not seen on all name servers of the zone yet.',
    registers: [this.registry],
  });
  readonly #unwatched = new Counter({
    name: 'dynonym_visibility_unwatched_total',
    help: 'Changes that are not watched, because too many others wait to be seen.',
    registers: [this.registry],
  });

  /**
   * @param certificate that of our own HTTPS; undefined where there is none
   * @param stores at most one: empty where users and hosts are in files
   */
  constructor(
    health: PrimaryHealth,
    challenges: Pick<ChallengeStore, 'all'>,
    certificate?: CertificateHealth,
    stores: readonly StoreHealth[] = [],
  ) {
    collectDefaultMetrics({ register: this.registry });
    for (const store of stores) this.#reportStore(store);
    if (certificate !== undefined) this.#reportCertificate(certificate);
    // `promtool check metrics` refuses these, because gauges must not have the suffix of counters. Gauges without the
    // suffix have the same numbers, by type.
    for (const subject of ['handles', 'requests', 'resources']) {
      this.registry.removeSingleMetric(`nodejs_active_${subject}_total`);
    }
    const up = new Gauge({
      name: 'dynonym_primary_up',
      help: 'Whether a primary answers, by its socket: 0 while requests for its zones fail at once.',
      labelNames: ['primary'],
      registers: [this.registry],
      collect() {
        // Primaries may have left the configuration.
        up.reset();
        // A server may be configured twice, with two keys, and then has one gauge. The last state that is set counts, so
        // those that do not answer come last.
        const states = health.states().toSorted((one, other) => Number(other.answers) - Number(one.answers));
        for (const { primary, answers } of states) up.set({ primary: socketText(primary) }, Number(answers));
      },
    });
    const standing = new Gauge({
      name: 'dynonym_challenges_standing',
      help: 'Challenge values that dynonym has written and not removed yet.',
      registers: [this.registry],
      async collect() {
        try {
          standing.set((await challenges.all()).length);
        } catch {
          // A store that cannot be read must not take the other counts away. Requests log the fault.
          standing.remove();
        }
      },
    });
  }

  #reportStore(store: StoreHealth): void {
    const up: Gauge = new Gauge({
      name: 'dynonym_store_up',
      help: 'Whether the store of users and hosts answers: 0 while only users who are known go on.',
      registers: [this.registry],
      collect: () => up.set(Number(store.state().answers)),
    });
  }

  #reportCertificate(certificate: CertificateHealth): void {
    const gauge = (name: string, help: string, valueIn: (state: CertificateState | undefined) => number) => {
      const made: Gauge = new Gauge({
        name,
        help,
        registers: [this.registry],
        collect: async () => made.set(valueIn(await certificate.state())),
      });
    };
    gauge(
      'dynonym_certificate_not_after_seconds',
      'When the certificate of HTTPS ends, in seconds since 1970; 0 while there is none but a self-signed one.',
      (state) => (state?.notAfter ?? 0) / 1000,
    );
    gauge(
      'dynonym_certificate_failed_orders',
      'Attempts in a row that got no certificate.',
      (state) => state?.failures ?? 0,
    );
  }

  requestAnswered(route: string, status: number, duration: number): void {
    this.#requests.observe({ route, status: String(status) }, duration / 1000);
  }

  loginJudged(outcome: string): void {
    this.#logins.inc({ outcome });
  }

  nameUpdated(outcome: string, fault = ''): void {
    this.#updates.inc({ outcome, fault });
  }

  challengeAnswered(action: ChallengeAction, outcome: string, fault = ''): void {
    this.#challenges.inc({ action: action === 'present' ? 'present' : 'clean_up', outcome, fault });
  }

  primaryAsked(outcome: string, duration: number): void {
    this.#lookUps.observe({ outcome }, duration / 1000);
  }

  changesSent(names: number, outcome: string, duration: number): void {
    this.#changes.observe({ outcome }, duration / 1000);
    this.#names.observe(names);
  }

  eventsLost(events: number): void {
    this.#eventsLost.inc(events);
  }

  namesSilent(names: number): void {
    this.#silent.set(names);
  }

  changeVisible(duration: number): void {
    this.#visible.observe(duration / 1000);
  }

  changesInvisible(changes: number): void {
    this.#invisible.set(changes);
  }

  changeUnwatched(): void {
    this.#unwatched.inc();
  }

  noticesTold(outcome: string, notices: number): void {
    this.#notices.inc({ outcome }, notices);
  }

  noticesWaiting(notices: number): void {
    this.#waitingNotices.set(notices);
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }
}
