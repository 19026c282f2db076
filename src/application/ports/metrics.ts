import type { DnsFaultCode } from './dns-fault.ts';

/** What came of credentials. */
export type LoginOutcome = 'authenticated' | 'rejected' | 'paused' | 'overloaded';

/** What came of one name of an update request. */
export type NameOutcome =
  | 'changed'
  | 'unchanged'
  | 'unknown-name'
  | 'not-yours'
  | 'removal-not-allowed'
  | 'no-host-part'
  | 'failed';

/** What is counted. Never throws, never waits, and costs next to nothing. Durations are milliseconds. */
export interface Metrics {
  /** An HTTP request to a known route, or to `other`, was answered. */
  requestAnswered(route: string, status: number, duration: number): void;

  /** Credentials were shown and judged. */
  loginJudged(outcome: LoginOutcome): void;

  /** A name of an update request came to this; with `failed` comes why. */
  nameUpdated(outcome: NameOutcome, fault?: DnsFaultCode): void;

  /** A primary was asked for the records of a name, or of many at once; then `outcome` is the worst of them. */
  primaryAsked(outcome: 'ok' | DnsFaultCode, duration: number): void;

  /** The changes of so many names were sent to a primary together; `outcome` is the worst of them. */
  changesSent(names: number, outcome: 'ok' | DnsFaultCode, duration: number): void;
}

/** All that was counted, in words for the program that collects it. */
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
  primaryAsked() {},
  changesSent() {},
};
