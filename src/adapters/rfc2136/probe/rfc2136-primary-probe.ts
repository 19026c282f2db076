import type { Primary } from '../../../application/manage/settings.ts';
import type { Clock } from '../../../application/ports/clock.ts';
import type {
  PrimaryProbe,
  ProbeOptions,
  ProbeResult,
  ProbeSubject,
} from '../../../application/ports/primary-probe.ts';
import { socketsOf } from '../primary-address.ts';
import { Examination, isSilence } from './examination.ts';
import type { SecondaryOptions } from './secondaries.ts';

/** Asks by queries, by UPDATEs without changes, and by UPDATEs that delete records which do not exist. */
export class Rfc2136PrimaryProbe implements PrimaryProbe {
  readonly #clock: Clock;
  readonly #secondaries: SecondaryOptions;
  /** One for each address of a primary, in the order of the configuration. */
  readonly #examinations = new Map<Primary, readonly Examination[]>();

  constructor(clock: Clock, secondaries: SecondaryOptions = { port: 53, grace: 6_000 }) {
    this.#clock = clock;
    this.#secondaries = secondaries;
  }

  /** Examines each address on its own, because updates may go to any of them. */
  async probe(primary: Primary, subject: ProbeSubject, options: ProbeOptions): Promise<ProbeResult> {
    const examinations = this.#examinations.get(primary) ?? this.#examinationsOf(primary);
    this.#examinations.set(primary, examinations);
    return combined(await Promise.all(examinations.map((one) => one.probe(subject, options))));
  }

  close(): void {
    for (const examination of [...this.#examinations.values()].flat()) examination.close();
  }

  #examinationsOf(primary: Primary): readonly Examination[] {
    const sockets = socketsOf(primary);
    return sockets.map((socket) => {
      const fallbackSockets = sockets.filter((other) => other !== socket);
      return new Examination({ ...primary, socket, fallbackSockets }, this.#clock, this.#secondaries);
    });
  }
}

/** The result for a primary with several addresses. While one of them answers, silence of another is a warning. */
function combined(results: readonly ProbeResult[]): ProbeResult {
  const [first = NOTHING] = results;
  const answering = results.filter(({ findings }) => !findings.some(isSilence));
  const [best] = answering;
  if (best === undefined) return first;
  const hasProblem = ({ findings }: ProbeResult) => findings.some(({ severity }) => severity === 'problem');
  const worst = answering.find(hasProblem) ?? best;
  const silences = results
    .flatMap(({ findings }) => findings.filter(isSilence))
    .map((finding) => ({ ...finding, severity: 'warning' as const }));
  return { zone: worst.zone, findings: [...worst.findings, ...silences] };
}

const NOTHING: ProbeResult = { zone: undefined, findings: [] };
