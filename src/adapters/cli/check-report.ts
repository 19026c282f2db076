import type { CheckedCertificate } from '../../application/check/check-certificate.ts';
import type { CheckedDomain } from '../../application/check/check-primaries.ts';
import { socketText } from '../../domain/socket-address.ts';
import { dayOf, type Words } from '../check-words/check-words.ts';
import { table } from './table.ts';

/** A finding about the configuration, the certificate or the database, with its words. */
export type ReportedFinding = Words & {
  readonly code: string;
  readonly subject: string;
  readonly severity: 'problem' | 'warning';
};
export type ReportedDomain = Omit<CheckedDomain, 'findings'> & {
  readonly findings: readonly (Words & Pick<CheckedDomain['findings'][number], 'cause' | 'severity'>)[];
};

/** The report for scripts. docs/check.md describes its fields. Fields may be added, and are never changed. */
export function checkJson(
  findings: readonly ReportedFinding[],
  domains: readonly ReportedDomain[],
  certificate?: CheckedCertificate,
): string {
  const notAfter = certificate?.notAfter;
  const report = {
    configuration: findings,
    certificate: notAfter === undefined ? null : { notAfter: new Date(notAfter).toISOString() },
    domains: domains.map(({ domain, kind, users, primary, zone, findings }) => ({
      domain,
      kind,
      users,
      primary: primary === undefined ? null : socketText(primary.socket),
      zone: zone ?? null,
      findings: findings.map(({ cause, severity, problem, cure }) => ({ ...cause, severity, problem, cure })),
    })),
  };
  return JSON.stringify(report, null, 2);
}

/**
 * A table with a row for each domain. Below it, each trouble is told once, with all names that have it. What keeps updates
 * from working comes before the warnings.
 */
export function checkText(
  findings: readonly ReportedFinding[],
  domains: readonly ReportedDomain[],
  certificate?: CheckedCertificate,
): string {
  const troubles = new Map<string, Trouble>();
  for (const { subject, ...trouble } of findings) add(troubles, subject, { ...trouble, named: NAMED.others });
  for (const { domain, findings } of domains) {
    for (const { cause, ...trouble } of findings) {
      add(troubles, domain, { ...trouble, code: cause.code, named: NAMED.domains });
    }
  }
  const paragraphs = worstFirst([...troubles.values()]).map(paragraph);
  if (findings.some(({ severity }) => severity === 'problem')) {
    return [...paragraphs, STORE_FAILS].join('\n\n');
  }
  const parts = [
    ...(domains.length === 0 ? [] : [tableOf(domains)]),
    ...paragraphs,
    ...goodCertificate(certificate),
    summary(domains, troubles.size),
  ];
  return parts.join('\n\n');
}

/** How many subjects of a trouble are listed. More are only counted. The table has all domains. */
const NAMED = { domains: 5, others: 20 };

type Trouble = Words & {
  readonly code: string;
  readonly severity: 'problem' | 'warning';
  readonly named: number;
  readonly subjects: Set<string>;
};

function add(troubles: Map<string, Trouble>, subject: string, trouble: Omit<Trouble, 'subjects'>): void {
  const { code, problem, cure, severity } = trouble;
  const key = JSON.stringify([code, problem, cure, severity]);
  const known = troubles.get(key) ?? { ...trouble, subjects: new Set() };
  known.subjects.add(subject);
  troubles.set(key, known);
}

/** Problems before warnings, each in the order in which they were found. */
const worstFirst = (troubles: readonly Trouble[]): readonly Trouble[] => [
  ...troubles.filter(({ severity }) => severity === 'problem'),
  ...troubles.filter(({ severity }) => severity === 'warning'),
];

function tableOf(domains: readonly ReportedDomain[]): string {
  const rows = domains.map(({ domain, kind, primary, zone, findings }) => [
    kind === 'zone' ? `${domain} (zone)` : domain,
    primary === undefined ? '-' : socketText(primary.socket),
    zone ?? '-',
    findings.length === 0 ? 'fine' : findings.map(({ cause }) => cause.code).join(', '),
  ]);
  return table([['DOMAIN', 'PRIMARY', 'ZONE', 'STATE'], ...rows]);
}

const STORE_FAILS = 'The database of users and hosts does not work. Nothing else was checked.';

function paragraph({ code, problem, cure, subjects, named }: Trouble): string {
  const listed = [...subjects].slice(0, named).join(', ');
  const others = subjects.size > named ? ` and ${subjects.size - named} more` : '';
  return `${code}: ${listed}${others}\n${advice({ problem, cure })}`;
}

/** A finding that is about nothing but what everybody asks about. */
export const findingText = ({ code, ...words }: Words & { readonly code: string }): string =>
  `${code}:\n${advice(words)}`;

const advice = ({ problem, cure }: Words): string => `  ${sentence(problem)}\n  To do: ${cure}.`;

function goodCertificate(certificate: CheckedCertificate | undefined): string[] {
  if (certificate?.notAfter === undefined || certificate.finding !== undefined) return [];
  return [`The certificate of HTTPS is good until ${dayOf(certificate.notAfter)}.`];
}

function summary(domains: readonly ReportedDomain[], troubles: number): string {
  if (domains.length === 0) {
    return 'No primary was asked: [dns] names no zone, and no name was granted. Whether updates would work is not known.';
  }
  if (troubles === 0) return 'All is fine.';
  const wrong = domains.filter(({ findings }) => findings.some(({ severity }) => severity === 'problem'));
  if (wrong.length === 0) return 'Updates work; see above what should be looked at.';
  return `Updates do not work for ${wrong.length} of ${domains.length}.`;
}

/** Makes a sentence. The first letter becomes a capital, unless a domain name begins with it. */
function sentence(text: string): string {
  if (/^\S*\./.test(text)) return `${text}.`;
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
