import type { DomainName } from './domain-name.ts';
import {
  type Addresses,
  addressesIn,
  type Behind,
  type Changed,
  type NameEvent,
  type Reported,
  type Silent,
  type TakenOff,
  type Visible,
} from './event.ts';

/** What is known of a name from its events. */
export type NameSummary = {
  readonly name: DomainName;
  /** What the DNS holds, as far as dynonym was told. */
  readonly addresses: Addresses;
  readonly report?: Reported | undefined;
  readonly change?: Changed | undefined;
  /** Of the last change. */
  readonly visible?: Visible | undefined;
  /** A name server that does not have the last change. */
  readonly behind?: Behind | undefined;
  /** Until the next report. */
  readonly silent?: Silent | undefined;
  /** Until the next report. */
  readonly takenOff?: TakenOff | undefined;
  readonly latest: NameEvent;
};

/**
 * - `waiting`: not yet seen on all name servers. Known only while they are watched.
 * - `silent`: not reported for longer than expected.
 * - `disagrees`: a name server has another address.
 * - `failed`: the last report was not made.
 * - `off`: it has no addresses in the DNS.
 */
export type NameState = 'up to date' | 'waiting' | 'silent' | 'disagrees' | 'failed' | 'off';

/** All of a report that the state depends on. */
type HasOutcome = { readonly report?: Pick<Reported, 'outcome'> | undefined };

/**
 * @param watchedSince name servers are asked about changes that were made since then, milliseconds since 1970-01-01 UTC;
 *   undefined: about none
 */
export function stateOf(
  summary: Omit<NameSummary, 'report' | 'latest'> & HasOutcome,
  watchedSince?: number,
): NameState {
  const { addresses, report, change, visible, behind, silent, takenOff } = summary;
  if (takenOff !== undefined) return 'off';
  if (silent !== undefined) return 'silent';
  if (report?.outcome === 'failed' || report?.outcome === 'refused') return 'failed';
  if (behind !== undefined) return 'disagrees';
  if (addressesIn(addresses).length === 0) return 'off';
  const isWatched = change !== undefined && watchedSince !== undefined && change.at > watchedSince;
  return isWatched && visible === undefined ? 'waiting' : 'up to date';
}

/** Whether somebody has to look at the name. */
export const isTroubled = (summary: NameSummary): boolean =>
  ['failed', 'disagrees', 'silent'].includes(stateOf(summary));

/** True for a report by somebody who has no right to the name. It says nothing about the name. */
export const isForeign = (event: NameEvent): boolean =>
  event.kind === 'reported' && (event.reason === 'not-yours' || event.reason === 'unknown-name');

/** The summary after one more event. Events that are told again from a history give the same summary. */
export function summarise(before: NameSummary | undefined, event: NameEvent): NameSummary {
  const summary: Draft = {
    name: event.name,
    addresses: before?.addresses ?? {},
    report: before?.report,
    change: before?.change,
    visible: before?.visible,
    behind: before?.behind,
    silent: before?.silent,
    takenOff: before?.takenOff,
    latest: event,
  };
  switch (event.kind) {
    case 'reported':
      addReport(summary, before?.latest, event);
      break;
    case 'changed':
      summary.change = event;
      summary.addresses = withFound(summary.addresses, event.after);
      summary.visible = undefined;
      summary.behind = undefined;
      break;
    case 'visible':
      summary.visible = event;
      summary.behind = undefined;
      break;
    case 'behind':
      summary.behind = event;
      break;
    case 'silent':
      summary.silent = event;
      break;
    case 'back':
      summary.silent = undefined;
      summary.takenOff = undefined;
      break;
    case 'taken-off':
      summary.takenOff = event;
      break;
    case 'flapping':
      break;
  }
  return summary;
}

type Draft = { -readonly [Key in keyof NameSummary]: NameSummary[Key] };

function addReport(summary: Draft, latest: NameEvent | undefined, event: Reported): void {
  const report = latest?.kind === 'reported' ? joined(latest, event) : event;
  // A change that was told meanwhile is newer than what an earlier request found.
  const isOvertaken = (summary.change?.at ?? 0) > event.at;
  if (event.outcome === 'unchanged' && event.addresses !== undefined && !isOvertaken) {
    summary.addresses = withFound(summary.addresses, event.addresses);
  }
  summary.report = report;
  summary.latest = report;
  summary.silent = undefined;
  summary.takenOff = undefined;
}

/** If a report says the same as the one before it and changed nothing, the two become one repeated report. */
const joined = (before: Reported, event: Reported): Reported =>
  isRepetition(before, event) ? repeated(before, 1, event.at) : event;

const isRepetition = (before: Reported, event: Reported): boolean =>
  event.repeated === undefined && event.outcome !== 'changed' && saysTheSame(before, event);

function repeated(report: Reported, again: number, at: number): Reported {
  const { times = 1, since = report.at } = report.repeated ?? {};
  return { ...report, at, repeated: { times: times + again, since } };
}

/** True for an event that only repeats the latest one: the summary says the same afterwards, but for time and number. */
export function repeatsLatest({ latest, change }: NameSummary, event: NameEvent): boolean {
  return (
    event.kind === 'reported' &&
    latest.kind === 'reported' &&
    (change === undefined || change.at <= latest.at) &&
    isRepetition(latest, event)
  );
}

/** The summary after its latest report was repeated this many times more, at last at `at`. */
export function withRepetitions(summary: NameSummary, again: number, at: number): NameSummary {
  const { latest } = summary;
  if (again === 0 || latest.kind !== 'reported') return summary;
  const report = repeated(latest, again, at);
  return { ...summary, report, latest: report };
}

/** True for a repeated report that includes `before`. */
export const continues = (event: NameEvent, before: NameEvent): boolean =>
  event.kind === 'reported' &&
  before.kind === 'reported' &&
  event.repeated !== undefined &&
  event.repeated.since === (before.repeated?.since ?? before.at);

function saysTheSame(one: Reported, other: Reported): boolean {
  return (
    one.outcome === other.outcome &&
    one.reason === other.reason &&
    one.user === other.user &&
    one.token === other.token &&
    one.from === other.from &&
    one.program === other.program &&
    one.follows === other.follows &&
    one.asked.ipv4 === other.asked.ipv4 &&
    one.asked.ipv6 === other.asked.ipv6 &&
    one.asked.prefix === other.asked.prefix &&
    one.asked.offline === other.asked.offline &&
    String(one.addresses?.ipv4) === String(other.addresses?.ipv4) &&
    String(one.addresses?.ipv6) === String(other.addresses?.ipv6)
  );
}

/** A family that was not touched stays as it was known before. */
function withFound(before: Addresses, { ipv4 = before.ipv4, ipv6 = before.ipv6 }: Addresses): Addresses {
  if (ipv6 === undefined) return ipv4 === undefined ? {} : { ipv4 };
  return ipv4 === undefined ? { ipv6 } : { ipv4, ipv6 };
}
