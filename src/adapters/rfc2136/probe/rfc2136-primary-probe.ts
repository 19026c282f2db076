import type { Primary } from '../../../application/manage/settings.ts';
import type { Clock } from '../../../application/ports/clock.ts';
import type {
  PrimaryProbe,
  ProbeOptions,
  ProbeResult,
  ProbeSubject,
} from '../../../application/ports/primary-probe.ts';
import { Examination, isUnheard } from './examination.ts';
import type { SecondaryOptions } from './secondaries.ts';

/**
 * Talks to primaries as an update would: with queries, with updates of nothing, and with the deletion of
 * records that are not there.
 */
export class Rfc2136PrimaryProbe implements PrimaryProbe {
  readonly #clock: Clock;
  readonly #secondaries: SecondaryOptions;
  /** One for each address of a primary, in the order of the configuration. */
  readonly #examinations = new Map<Primary, readonly Examination[]>();

  constructor(clock: Clock, secondaries: SecondaryOptions = { port: 53, grace: 6_000 }) {
    this.#clock = clock;
    this.#secondaries = secondaries;
  }

  /** Each address is examined as if it were the only one: updates may go to any of them. */
  async probe(primary: Primary, subject: ProbeSubject, options: ProbeOptions): Promise<ProbeResult> {
    const known = this.#examinations.get(primary);
    const examinations = known ?? this.#examinationsOf(primary);
    if (known === undefined) this.#examinations.set(primary, examinations);
    return together(
      await Promise.all(examinations.map((examination) => examination.probe(subject, options))),
    );
  }

  #examinationsOf(primary: Primary): readonly Examination[] {
    return [primary.socket, ...(primary.fallbackSockets ?? [])].map(
      (socket) => new Examination({ ...primary, socket }, this.#clock, this.#secondaries),
    );
  }

  /** Ends all connections. */
  close(): void {
    for (const examination of [...this.#examinations.values()].flat()) examination.close();
  }
}

/** What is found at the addresses of one primary. Where one of them answers, those that do not are no problem. */
function together(results: readonly ProbeResult[]): ProbeResult {
  const [first = NOTHING] = results;
  if (results.length === 1) return first;
  const heard = results.filter(({ findings }) => !findings.some(isUnheard));
  const [best] = heard;
  if (best === undefined) return first;
  const worst = heard.find(({ findings }) => findings.some(({ severity }) => severity === 'problem')) ?? best;
  const unheard = results.flatMap(({ findings }) => findings.filter(isUnheard));
  return {
    zone: worst.zone,
    findings: [
      ...worst.findings,
      ...unheard.map((finding) => ({ ...finding, severity: 'warning' as const })),
    ],
  };
}

const NOTHING: ProbeResult = { zone: undefined, findings: [] };
