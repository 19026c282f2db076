import type { DnsFaultCode } from './dns-fault.ts';

/** The outcome for credentials. */
export type LoginOutcome = 'authenticated' | 'rejected' | 'paused' | 'overloaded';

/** The outcome for one name of an update request. */
export type NameOutcome =
  | 'changed'
  | 'unchanged'
  | 'unknown-name'
  | 'not-yours'
  | 'removal-not-allowed'
  | 'no-host-part'
  | 'failed';

/** What was asked for a challenge value. */
export type ChallengeAction = 'present' | 'cleanUp';

export type ChallengeOutcomeKind = 'done' | 'refused' | 'too-many' | 'failed';

/** Counts events. Never throws, never waits, and costs very little. Durations are in milliseconds. */
export interface Metrics {
  /** An HTTP request to a known route, or to `other`, was answered. */
  requestAnswered(route: string, status: number, duration: number): void;

  /** Credentials were authenticated or rejected. */
  loginJudged(outcome: LoginOutcome): void;

  /** One name of an update request has this outcome. `failed` comes with the code of the fault. */
  nameUpdated(outcome: NameOutcome, fault?: DnsFaultCode): void;

  /** A challenge value of a certificate program has this outcome. `failed` comes with the code of the fault. */
  challengeAnswered(action: ChallengeAction, outcome: ChallengeOutcomeKind, fault?: DnsFaultCode): void;

  /** A primary was asked for the records of one or more names. `outcome` is the worst of theirs. */
  primaryAsked(outcome: 'ok' | DnsFaultCode, duration: number): void;

  /** The changes of this many names were sent to a primary together. `outcome` is the worst of theirs. */
  changesSent(names: number, outcome: 'ok' | DnsFaultCode, duration: number): void;

  /** Events could not be kept in the history. */
  eventsLost(events: number): void;

  /** This many names are silent now. */
  namesSilent(names: number): void;

  /** A change is seen on all name servers, this many milliseconds after it was made. */
  changeVisible(duration: number): void;

  /** This many changes are not seen on all name servers yet. */
  changesInvisible(changes: number): void;

  /** A change is not watched, because too many wait to be seen. */
  changeUnwatched(): void;

  /** This many notices were taken by their target, were not taken in one attempt, or are lost. */
  noticesTold(outcome: 'sent' | 'failed' | 'dropped', notices: number): void;

  /** This many notices wait now. */
  noticesWaiting(notices: number): void;
}

/** All counts, as text for the program that collects them. */
export interface MetricsReport {
  /** The media type of the text. */
  readonly contentType: string;

  text(): Promise<string>;
}

/** Counts nothing. */
export const noMetrics: Metrics = {
  requestAnswered() {},
  loginJudged() {},
  nameUpdated() {},
  challengeAnswered() {},
  primaryAsked() {},
  changesSent() {},
  eventsLost() {},
  namesSilent() {},
  changeVisible() {},
  changesInvisible() {},
  changeUnwatched() {},
  noticesTold() {},
  noticesWaiting() {},
};
