import { Command, Option } from 'clipanion';
import type { CheckedCertificate } from '../../application/check/check-certificate.ts';
import type { ConfigurationFinding } from '../../application/check/check-configuration.ts';
import type { CheckedDomain } from '../../application/check/check-primaries.ts';
import {
  type Words,
  wordsOfCertificate,
  wordsOfConfiguration,
  wordsOfDomain,
  wordsOfStore,
} from '../check-words/check-words.ts';
import { type JoinedFindings, joinedFindings, wordsOfJoined } from '../check-words/joined-findings.ts';
import { BaseCommand } from './base.command.ts';
import { checkJson, checkText, type ReportedDomain, type ReportedFinding } from './check-report.ts';

/** The exit code by the worst finding. */
const EXIT_CODES = { fine: 0, problem: 1, warning: 2 } as const;

export class CheckCommand extends BaseCommand {
  static override paths = [['check']];

  static override usage = Command.Usage({
    category: 'Server',
    description: 'Find out why updates do not work, and what to do about it',
    details: `
      Reads the configuration. Then asks the primary of each zone and of each granted name whether it would take
      updates, and compares the other name servers of the zones with the primary. For each problem it says what
      is wrong and what to do. It changes nothing, and may run beside the server.

      Exit code: 0 when all is fine; 1 when something does not work, or the configuration has problems; 2 when
      updates work and there are warnings.
    `,
    examples: [
      ['Check everything', '$0 check'],
      ['Ask only the primaries', '$0 check --no-secondaries'],
      ['Let a script tell what does not work', '$0 check --json'],
    ],
  });

  json = Option.Boolean('--json', false, { description: 'print JSON, whose fields stay the same' });

  secondaries = Option.Boolean('--secondaries', true, {
    description:
      'compare the other name servers of the zones with the primary (default; --no-secondaries: do not)',
  });

  override async execute(): Promise<number> {
    const check = await this.context.openCheck(this.configFile);
    try {
      const ofStore = ((await check.checkStore?.run()) ?? []).map((finding): ReportedFinding => {
        const { code, severity } = finding;
        return { code, subject: 'store', severity, ...this.#advised(wordsOfStore(finding)) };
      });
      // Without users there is nothing to look through, and the findings so far say why.
      if (ofStore.some(({ severity }) => severity === 'problem')) return this.#report(ofStore, []);
      const { configuration, certificate, domains } = await check.checkAll.run({
        secondaries: this.secondaries,
      });
      const ofConfiguration = this.json
        ? configuration.map((finding) => this.#configurationRow(finding))
        : joinedFindings(configuration).flatMap((joined) => this.#joinedRows(joined));
      const ofCertificate = certificate?.finding === undefined ? [] : [this.#certificateRow(certificate)];
      const findings = [...ofStore, ...ofConfiguration, ...ofCertificate];
      return this.#report(
        findings,
        domains.map((domain) => this.#domainRow(domain)),
        certificate,
      );
    } finally {
      await check.close();
    }
  }

  async #report(
    findings: readonly ReportedFinding[],
    domains: readonly ReportedDomain[],
    certificate?: CheckedCertificate,
  ): Promise<number> {
    await this.print(
      this.json ? checkJson(findings, domains, certificate) : checkText(findings, domains, certificate),
    );
    return EXIT_CODES[worstOf(findings, domains)];
  }

  #configurationRow(finding: ConfigurationFinding): ReportedFinding {
    const { subject, ...words } = wordsOfConfiguration(finding);
    return { code: finding.code, subject, severity: 'warning', ...this.#advised(words) };
  }

  /** Rows with the same words, which are told once. */
  #joinedRows(joined: JoinedFindings): ReportedFinding[] {
    const { code, subjects } = joined;
    const words = this.#advised(wordsOfJoined(joined));
    return subjects.map((subject) => ({ code, subject, severity: 'warning', ...words }));
  }

  #domainRow(row: CheckedDomain): ReportedDomain {
    const findings = row.findings.map((finding) => ({
      cause: finding.cause,
      severity: finding.severity,
      ...this.#advised(wordsOfDomain(row.domain, finding)),
    }));
    return { ...row, findings };
  }

  #certificateRow(certificate: CheckedCertificate): ReportedFinding {
    const { finding: code = '' } = certificate;
    const words = this.#advised(wordsOfCertificate(certificate));
    return { code, subject: 'http.tls', severity: 'warning', ...words };
  }

  #advised({ problem, cure }: Words): Words {
    return { problem, cure: this.advise(cure) };
  }
}

function worstOf(
  findings: readonly ReportedFinding[],
  domains: readonly ReportedDomain[],
): keyof typeof EXIT_CODES {
  const all = [...findings, ...domains.flatMap((domain) => domain.findings)];
  const severities = all.map(({ severity }) => severity);
  if (severities.includes('problem')) return 'problem';
  return severities.length > 0 ? 'warning' : 'fine';
}
