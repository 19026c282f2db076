import type { DomainName } from './domain-name.ts';
import type { NameEvent, Reported } from './event.ts';
import type { NameSummary } from './name-summary.ts';
import type { User, UserName } from './user.ts';

/** A report as a user sees it. If its sender does not hold the name now, it tells only what the DNS has shown. */
export type SeenReport = Omit<Reported, 'user'> & { readonly user?: UserName | undefined };

/** An event of a name as a user sees it. */
export type SeenEvent = Exclude<NameEvent, Reported> | SeenReport;

/** What is known of a name, as a user sees it. */
export type SeenSummary = Omit<NameSummary, 'report' | 'latest'> & {
  readonly report?: SeenReport | undefined;
};

/** Who sees something, and who holds the names that it is about. */
export type Sight = {
  readonly viewer: Pick<User, 'name' | 'admin'>;
  readonly holders: ReadonlyMap<DomainName, readonly UserName[]>;
};

export const seenEvent = (event: NameEvent, sight: Sight): SeenEvent =>
  event.kind === 'reported' ? seenReport(event, sight) : event;

export function seenSummary({ report, latest: _, ...known }: NameSummary, sight: Sight): SeenSummary {
  return { ...known, report: report && seenReport(report, sight) };
}

/**
 * Whoever holds a name sees the reports by all who hold it now. An operator sees everything. A report may also come from
 * a former user of the name, or from a user whose name it follows. Then all that identifies the sender is left out.
 */
function seenReport(report: Reported, { viewer, holders }: Sight): SeenReport {
  const { kind, at, name, user, asked, outcome, reason, addresses, repeated } = report;
  const isOwn = user === viewer.name || holders.get(name)?.includes(user) === true;
  if (isOwn || viewer.admin === true) return report;
  const wasMade = outcome === 'changed' || outcome === 'unchanged';
  return { kind, at, name, asked: wasMade ? asked : {}, outcome, reason, addresses, repeated };
}
