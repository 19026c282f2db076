import { type ToldAsItIs, timeBetween } from '../../application/notices/words.ts';
import type { DnsFaultCode } from '../../application/ports/dns-fault.ts';
import type { HostOutcome } from '../../application/update/host-outcome.ts';
import { addressesIn } from '../../domain/event.ts';
import type { Notice } from '../../domain/notice.ts';

/** Why a client was told that something was not made. */
export type ReportReason = DnsFaultCode | Exclude<HostOutcome['kind'], 'changed' | 'unchanged' | 'failed'>;

/** What `application/notices/troubles.ts` has found: updates of a name fail, or work again. */
type Trouble = {
  readonly name: string;
  /** Whose update was refused. Undefined: updates have failed for a while, or work again. */
  readonly user?: string | undefined;
  /** How long: `12 min`. */
  readonly passed: string;
  readonly reason: string;
};

/** The sentences of notices in one language, without a full stop. English has none here: notices are made in it. */
export type NoticeCatalogue = {
  /** `after`, `before`: the addresses as one text, which is empty where there is none. */
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
  /** Why a report was not made, by its reason. */
  readonly reports: Readonly<Record<string, string>>;
  /** Why a target took no notice: a pattern of the English sentence, and the sentence of this language. */
  readonly reasons: readonly (readonly [said: RegExp, words: string])[];
};

/** The notice as a sentence of a language. `told`: its words; undefined for English. */
export function sentenceOfNotice(notice: Notice, told: NoticeCatalogue | undefined): string {
  if (told === undefined) return notice.text;
  const { event, at, facts, name = '' } = notice;
  if (event === 'test') return told.test;
  if (event === 'failing' || event === 'working') {
    const { user, since, reason } = facts as { user?: string; since?: number; reason?: string };
    const passed = timeBetween(since ?? at, at);
    return told[event]({ name, user, passed, reason: told.reports[reason ?? ''] ?? reason ?? '' });
  }
  // The facts are those of the event.
  return sentenceOfEvent({ ...facts, kind: event, at } as unknown as ToldAsItIs, told);
}

function sentenceOfEvent(event: ToldAsItIs, told: NoticeCatalogue): string {
  const { at } = event;
  switch (event.kind) {
    case 'changed': {
      const [after, before] = [addressesIn(event.after), addressesIn(event.before ?? {})];
      return told.changed(event.name, after.join(', '), before.join(', '));
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
      return told['primary-away'](event.server, told.reports[event.reason] ?? event.reason);
    case 'primary-back':
      return told['primary-back'](event.server, timeBetween(event.since, at));
    case 'secondary-behind':
      return told['secondary-behind'](event.server, event.zone, timeBetween(event.since, at));
    case 'certificate-ending':
      return told['certificate-ending'](event.names.join(', '), timeBetween(at, event.until));
  }
}

/** Says in a language why a target took no notice. The words of an operating system or of a mail server stay English. */
export function reasonOfAttempt(reason: string, told: NoticeCatalogue | undefined): string {
  const [said, words] = told?.reasons.find((one) => one[0].test(reason)) ?? [];
  return said === undefined || words === undefined ? reason : reason.replace(said, words);
}
