import type { ConfigurationFinding } from '../../application/check/check-configuration.ts';
import type { DomainFinding, OwnFinding } from '../../application/check/domain-finding.ts';
import type { ProbeCause } from '../../application/ports/primary-probe.ts';
import type { DomainName } from '../../domain/domain-name.ts';
import { type Words, wordsOfConfiguration, wordsOfDomain } from '../check-words/check-words.ts';
import { type Content, html } from './html.ts';

type Coded = { readonly code: string };
type Table<Of extends Coded, Args extends readonly unknown[], Said> = {
  readonly [Code in Of['code']]: (of: Extract<Of, { readonly code: Code }>, ...args: Args) => Said;
};

/** The words of findings in a language other than English. The English ones are those of the command. */
export type CheckCatalogue = {
  readonly ofConfiguration: Table<ConfigurationFinding, readonly [], Words>;
  readonly ofDomain: Table<OwnFinding['cause'], readonly [domain: DomainName], Words>;
  /** What is wrong. What to do depends on the software of the primary, and is told in English. */
  readonly ofPrimary: Table<ProbeCause, readonly [], string>;
};

/** What a page says of a finding. */
export type Found = {
  readonly subject: string;
  /** The same text for the same trouble of different subjects. */
  readonly problem: string;
  readonly parts: readonly Content[];
};

export function foundInConfiguration(
  finding: ConfigurationFinding,
  catalogue: CheckCatalogue | undefined,
): Found {
  const { subject, ...english } = wordsOfConfiguration(finding);
  const words = catalogue === undefined ? english : rowOf(catalogue.ofConfiguration, finding)(finding);
  return { subject, problem: words.problem, parts: partsOf(words) };
}

export function foundInDomain(
  domain: DomainName,
  finding: DomainFinding,
  catalogue: CheckCatalogue | undefined,
): Found {
  const english = wordsOfDomain(domain, finding);
  if (catalogue === undefined) return { subject: domain, problem: english.problem, parts: partsOf(english) };
  if ('problem' in finding) {
    const said = rowOf(catalogue.ofPrimary, finding.cause)(finding.cause);
    const exact = partsOf(english).map((part) => html`<span class="small quiet" lang="en">${part}</span>`);
    return { subject: domain, problem: english.problem, parts: [`${said}.`, ...exact] };
  }
  const words = rowOf(catalogue.ofDomain, finding.cause)(finding.cause, domain);
  return { subject: domain, problem: words.problem, parts: partsOf(words) };
}

// The row of a code takes the finding with that code. The types cannot express that.
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
