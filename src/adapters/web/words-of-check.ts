import type { ConfigurationFinding } from '../../application/check/check-configuration.ts';
import type { DomainFinding, OwnFinding } from '../../application/check/domain-finding.ts';
import type { ProbeCause } from '../../application/ports/primary-probe.ts';
import type { DomainName } from '../../domain/domain-name.ts';
import { type Words, wordsOfDomain } from '../check-words/check-words.ts';
import { type JoinedFindings, type SharedFinding, wordsOfJoined } from '../check-words/joined-findings.ts';
import { type Content, html } from './html.ts';

type Coded = { readonly code: string };
type Table<Of extends Coded, Args extends readonly unknown[], Said> = {
  readonly [Code in Of['code']]: (of: Extract<Of, { readonly code: Code }>, ...args: Args) => Said;
};

/** The words of findings in a language other than English, which is that of the command. */
export type CheckCatalogue = {
  readonly ofConfiguration: Table<ConfigurationFinding, readonly [], Words>;
  /** What is said at once of several users, hosts or files. */
  readonly ofSeveral: Table<SharedFinding, readonly [subjects: readonly string[]], Words>;
  readonly ofDomain: Table<OwnFinding['cause'], readonly [domain: DomainName], Words>;
  /** What is wrong. What to do depends on the software of the primary, and is told in English. */
  readonly ofPrimary: Table<ProbeCause, readonly [], string>;
};

/** What a page says of a finding. */
export type Found = {
  readonly subjects: readonly string[];
  /** Equal where the trouble is the same one. */
  readonly problem: string;
  readonly parts: readonly Content[];
};

export function foundInConfiguration(joined: JoinedFindings, catalogue: CheckCatalogue | undefined): Found {
  const words = catalogue === undefined ? wordsOfJoined(joined) : wordsIn(catalogue, joined);
  return { subjects: joined.subjects, problem: words.problem, parts: partsOf(words) };
}

const wordsIn = (catalogue: CheckCatalogue, joined: JoinedFindings): Words =>
  joined.kind === 'one'
    ? rowOf(catalogue.ofConfiguration, joined.finding)(joined.finding)
    : rowOf(catalogue.ofSeveral, joined.finding)(joined.finding, joined.subjects);

export function foundInDomain(
  domain: DomainName,
  finding: DomainFinding,
  catalogue: CheckCatalogue | undefined,
): Found {
  const subjects = [domain];
  const english = wordsOfDomain(domain, finding);
  if (catalogue === undefined) return { subjects, problem: english.problem, parts: partsOf(english) };
  if ('problem' in finding) {
    const said = rowOf(catalogue.ofPrimary, finding.cause)(finding.cause);
    const exact = partsOf(english).map((part) => html`<span class="small quiet" lang="en">${part}</span>`);
    return { subjects, problem: english.problem, parts: [`${said}.`, ...exact] };
  }
  const words = rowOf(catalogue.ofDomain, finding.cause)(finding.cause, domain);
  return { subjects, problem: words.problem, parts: partsOf(words) };
}

// The row fits what it is for, but the types cannot express that.
const rowOf = <Of extends Coded, Args extends readonly unknown[], Said>(
  table: Table<Of, Args, Said>,
  { code }: Of,
) => table[code as Of['code']] as (of: Of, ...args: Args) => Said;

/** Sentences. A command is set apart, so that it is copied without what stands around it. */
function partsOf({ problem, cure }: Words): readonly Content[] {
  const [, lead, command, rest = ''] = /^([^ ]+: )((?:dynonym|chmod) [^,]+)(.*)$/.exec(cure) ?? [];
  return [
    `${problem.charAt(0).toUpperCase()}${problem.slice(1)}.`,
    command === undefined ? `→ ${cure}.` : html`→ ${lead}<code>${command}</code>${rest !== '' && `${rest}.`}`,
  ];
}
