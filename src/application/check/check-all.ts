import type { CheckedCertificate } from './check-certificate.ts';
import type { CheckedDomain } from './check-primaries.ts';
import type { RightsFinding } from './check-rights.ts';

export type CheckReport = {
  readonly rights: readonly RightsFinding[];
  readonly certificate: CheckedCertificate | undefined;
  readonly domains: readonly CheckedDomain[];
};

type Checks = {
  readonly rights: { run(): Promise<CheckReport['rights']> };
  readonly certificate: { run(): Promise<CheckReport['certificate']> };
  readonly names: { run(options: { readonly secondaries: boolean }): Promise<CheckReport['domains']> };
};

/** All that `check` finds. The primaries are asked about each name: those who ask at the same time get one report. */
export class CheckAll {
  readonly #checks: Checks;
  #running: Promise<CheckReport> | undefined;

  constructor(checks: Checks) {
    this.#checks = checks;
  }

  run(): Promise<CheckReport> {
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #run(): Promise<CheckReport> {
    const [rights, certificate, domains] = await Promise.all([
      this.#checks.rights.run(),
      this.#checks.certificate.run(),
      this.#checks.names.run({ secondaries: true }),
    ]);
    return { rights, certificate, domains };
  }
}
