import type { ProbeOptions } from '../ports/primary-probe.ts';
import type { CheckedCertificate } from './check-certificate.ts';
import type { ConfigurationFinding } from './check-configuration.ts';
import type { CheckedDomain } from './check-primaries.ts';

export type CheckReport = {
  readonly configuration: readonly ConfigurationFinding[];
  /** Undefined where there is no HTTPS. */
  readonly certificate: CheckedCertificate | undefined;
  readonly domains: readonly CheckedDomain[];
};

type Checks = {
  readonly configuration: { run(): Promise<CheckReport['configuration']> };
  readonly certificate: { run(): Promise<CheckReport['certificate']> };
  readonly names: { run(options: ProbeOptions): Promise<CheckReport['domains']> };
};

/**
 * All that `check` finds, except in the database of users and hosts. The primaries are asked about each name: those who
 * ask for the same at the same time get one report.
 */
export class CheckAll {
  readonly #checks: Checks;
  /** Reports in the making, by whether secondaries are asked too. */
  readonly #running = new Map<boolean, Promise<CheckReport>>();

  constructor(checks: Checks) {
    this.#checks = checks;
  }

  run(options: ProbeOptions = { secondaries: true }): Promise<CheckReport> {
    const { secondaries } = options;
    const running = this.#running.get(secondaries);
    if (running !== undefined) return running;
    const report = this.#run(options).finally(() => this.#running.delete(secondaries));
    this.#running.set(secondaries, report);
    return report;
  }

  async #run(options: ProbeOptions): Promise<CheckReport> {
    const [configuration, certificate, domains] = await Promise.all([
      this.#checks.configuration.run(),
      this.#checks.certificate.run(),
      this.#checks.names.run(options),
    ]);
    return { configuration, certificate, domains };
  }
}
