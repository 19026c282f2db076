import type { ConfigurationFinding } from '../../application/check/check-configuration.ts';
import type { DomainName } from '../../domain/domain-name.ts';
import { addTo } from '../../domain/grouped.ts';
import { type Words, wordsOfConfiguration } from './check-words.ts';
import { shellWord } from './shell-word.ts';

/** What is the same for several users, hosts or files. */
export type SharedFinding =
  | {
      readonly code:
        | 'readable-by-everybody'
        | 'user-without-domains'
        | 'token-without-certificates'
        | 'host-of-nobody';
    }
  | { readonly code: 'host-follows-nobody'; readonly follows: DomainName };

/** Findings that people are told at once. */
export type JoinedFindings = {
  readonly code: ConfigurationFinding['code'];
  readonly subjects: readonly string[];
} & (
  | { readonly kind: 'one'; readonly finding: ConfigurationFinding }
  | { readonly kind: 'several'; readonly finding: SharedFinding }
);

/**
 * Joins the findings that differ only in whom they are about, so that fifty of them do not hide the others. The order is
 * that of the first ones. Programs get each finding on its own.
 */
export function joinedFindings(findings: readonly ConfigurationFinding[]): readonly JoinedFindings[] {
  const groups = new Map<unknown, ConfigurationFinding[]>();
  for (const finding of findings) {
    const shared = sharedBy(finding);
    const key = shared === undefined ? finding : JSON.stringify(shared);
    addTo(groups, key, finding);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { code } = first;
    const subjects = group.map((one) => wordsOfConfiguration(one).subject);
    const shared = group.length === 1 ? undefined : sharedBy(first);
    return [
      shared === undefined
        ? { kind: 'one', code, subjects, finding: first }
        : { kind: 'several', code, subjects, finding: shared },
    ];
  });
}

/** Undefined for a finding that tells more of its subject, so that it needs a sentence of its own. */
function sharedBy(finding: ConfigurationFinding): SharedFinding | undefined {
  switch (finding.code) {
    case 'readable-by-everybody':
    case 'user-without-domains':
    case 'token-without-certificates':
    case 'host-of-nobody':
      return { code: finding.code };
    case 'host-follows-nobody':
      return { code: finding.code, follows: finding.follows };
    default:
      return undefined;
  }
}

/** The subjects stand beside these words. */
export function wordsOfJoined(joined: JoinedFindings): Words {
  if (joined.kind === 'several') return wordsOfShared(joined.finding, joined.subjects);
  const { problem, cure } = wordsOfConfiguration(joined.finding);
  return { problem, cure };
}

function wordsOfShared(finding: SharedFinding, subjects: readonly string[]): Words {
  switch (finding.code) {
    case 'readable-by-everybody':
      return {
        problem: 'everybody on this machine can read these files, which hold secrets',
        cure: `type: chmod o= ${subjects.map(shellWord).join(' ')}`,
      };
    case 'user-without-domains':
      return {
        problem: 'these users may change no name',
        cure: 'type: dynonym configure users auth USER DOMAIN, for each of them',
      };
    case 'token-without-certificates':
      return {
        problem: 'these tokens (USER/TOKEN) are for certificates, which their users may not get',
        cure: 'type: dynonym configure users certificates USER default, for each of them, or remove the tokens',
      };
    case 'host-follows-nobody':
      return {
        problem: `these hosts follow ${finding.follows}, which was granted to no user, so they never move`,
        cure: `type: dynonym configure users auth USER ${finding.follows}`,
      };
    case 'host-of-nobody':
      return {
        problem: 'there are settings for these hosts, which were granted to no user',
        cure: 'type: dynonym configure users auth USER HOST, or: dynonym configure hosts clear HOST, for each of them',
      };
  }
}
