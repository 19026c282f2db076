import type { Primary } from '../../src/application/manage/settings.ts';
import type {
  PrimaryProbe,
  ProbeOptions,
  ProbeResult,
  ProbeSubject,
} from '../../src/application/ports/primary-probe.ts';
import { socketText } from '../../src/domain/socket-address.ts';

export type ProbeCall = {
  /** `192.0.2.53:53` */
  readonly primary: string;
  readonly subject: ProbeSubject;
  readonly options: ProbeOptions;
};

/** Primaries that are fine, but for what a test says about a name. */
export class ScriptedPrimaryProbe implements PrimaryProbe {
  readonly calls: ProbeCall[] = [];
  /** The most that were asked for and not answered at the same time. */
  mostUnderWay = 0;
  readonly #results: ReadonlyMap<string, ProbeResult>;
  #underWay = 0;

  constructor(results: Readonly<Record<string, ProbeResult>> = {}) {
    this.#results = new Map(Object.entries(results));
  }

  async probe(primary: Primary, subject: ProbeSubject, options: ProbeOptions): Promise<ProbeResult> {
    this.calls.push({ primary: socketText(primary.socket), subject, options });
    this.#underWay += 1;
    this.mostUnderWay = Math.max(this.mostUnderWay, this.#underWay);
    // Later ones come back first.
    for (let turn = 100 - this.calls.length; turn > 0; turn -= 1) await Promise.resolve();
    this.#underWay -= 1;
    return this.#results.get(subject.name) ?? { zone: subject.zone, findings: [] };
  }
}
