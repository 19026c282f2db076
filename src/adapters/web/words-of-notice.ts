import { type ToldAsItIs, timeBetween } from '../../application/notices/words.ts';
import { addressesIn } from '../../domain/event.ts';
import type { Notice } from '../../domain/notice.ts';

/** What a trouble of updates tells, as `application/notices/troubles.ts` found it. */
type Trouble = {
  readonly name: string;
  /** Whose update was refused. Undefined: updates have failed for a while. */
  readonly user?: string | undefined;
  /** How long: `12 min`. */
  readonly passed: string;
  readonly reason: string;
};

/** What notices say in a language other than English, in which they are sent. Without a full stop. */
export type NoticeCatalogue = {
  readonly changed: (name: string, after: string, before: string) => string;
  readonly behind: (name: string, server: string, passed: string, isSilent: boolean) => string;
  readonly silent: (name: string, passed: string) => string;
  readonly back: (name: string, passed: string) => string;
  readonly 'taken-off': (name: string, passed: string) => string;
  readonly flapping: (name: string, changes: number) => string;
  readonly failing: (trouble: Trouble) => string;
  readonly working: (trouble: Trouble) => string;
  readonly paused: (user: string | undefined, from: string, passed: string) => string;
  readonly 'primary-away': (server: string, reason: string) => string;
  readonly 'primary-back': (server: string, passed: string) => string;
  readonly 'secondary-behind': (server: string, zone: string, passed: string) => string;
  readonly 'certificate-ending': (names: string, passed: string) => string;
  readonly test: string;
  /** Why a target took nothing: what the programs that send say, and how the words of this language follow from it. */
  readonly reasons: readonly (readonly [said: RegExp, words: string])[];
};

/** The words of a language that sentences are made of. */
type Words = {
  readonly notices: { readonly told: NoticeCatalogue | undefined };
  readonly reports: Readonly<Record<string, string>>;
  readonly hosts: { readonly noAddress: string };
};

/** The notice as a sentence of the page's language. */
export function sentenceOfNotice(notice: Notice, words: Words): string {
  const { told } = words.notices;
  if (told === undefined) return notice.text;
  const { event, at, facts, name = '' } = notice;
  if (event === 'test') return told.test;
  if (event === 'failing' || event === 'working') {
    const { user, since, reason } = facts as { user?: string; since?: number; reason?: string };
    const passed = timeBetween(since ?? at, at);
    return told[event]({ name, user, passed, reason: words.reports[reason ?? ''] ?? reason ?? '' });
  }
  // The facts are those of the event.
  return sentenceOfEvent({ ...facts, kind: event, at } as unknown as ToldAsItIs, words, told);
}

function sentenceOfEvent(event: ToldAsItIs, { reports, hosts }: Words, told: NoticeCatalogue): string {
  const { at } = event;
  switch (event.kind) {
    case 'changed': {
      const [after, before] = [addressesIn(event.after), addressesIn(event.before ?? {})];
      return told.changed(event.name, after.join(', ') || hosts.noAddress, before.join(', '));
    }
    case 'behind': {
      const passed = timeBetween(event.since, at);
      return told.behind(event.name, event.server, passed, event.has === undefined);
    }
    case 'silent':
    case 'back':
    case 'taken-off':
      return told[event.kind](event.name, timeBetween(event.since, at));
    case 'flapping':
      return told.flapping(event.name, event.changes);
    case 'paused':
      return told.paused(event.user, event.from, timeBetween(at, event.until));
    case 'primary-away':
      return told['primary-away'](event.server, reports[event.reason] ?? event.reason);
    case 'primary-back':
      return told['primary-back'](event.server, timeBetween(event.since, at));
    case 'secondary-behind':
      return told['secondary-behind'](event.server, event.zone, timeBetween(event.since, at));
    case 'certificate-ending':
      return told['certificate-ending'](event.names.join(', '), timeBetween(at, event.until));
  }
}

/** Why a target took nothing. What systems and servers say stays as it is. */
export function reasonOfAttempt(reason: string, { notices }: Words): string {
  const [said, words] = notices.told?.reasons.find((one) => one[0].test(reason)) ?? [];
  return said === undefined || words === undefined ? reason : reason.replace(said, words);
}
