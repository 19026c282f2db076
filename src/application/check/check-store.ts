import type { StoreInspector, StoreReport } from '../ports/store-inspector.ts';

/** Something about the database of users and hosts that keeps it from working, or that should be looked at. */
export type StoreFinding = { readonly severity: 'problem' | 'warning' } & (
  | { readonly code: 'store-away' }
  | { readonly code: 'store-host-away'; readonly host: string; readonly reason: string }
  /** No host takes writes. */
  | { readonly code: 'store-read-only'; readonly host: string }
  | { readonly code: 'store-schema'; readonly schema: 'none' | 'older' | 'newer' }
  | { readonly code: 'store-rights-missing'; readonly tables: readonly string[] }
  | { readonly code: 'store-rights-needless'; readonly rights: readonly string[] }
  /** Seconds by which the clock of the database is ahead of ours. */
  | { readonly code: 'store-clock'; readonly seconds: number }
  /** Milliseconds. */
  | { readonly code: 'store-slow'; readonly host: string; readonly latency: number }
  /** Octets. */
  | { readonly code: 'store-standby-lags'; readonly host: string; readonly behind: number }
  | { readonly code: 'store-changes-kept'; readonly changes: number }
  | { readonly code: 'store-nobody-works' }
  /** A change that was acknowledged may be lost when the primary fails (`off`), or when a standby takes over. */
  | { readonly code: 'store-acknowledges-early'; readonly lostBy: 'crash' | 'failover' }
);

/** Seconds. Pauses and the ends of sessions and links are judged by several clocks. */
const CLOCK = 5;
/** Milliseconds. An unknown user costs two questions. */
const LATENCY = 50;
/** Octets. A segment of the log of PostgreSQL. */
const LAG = 16 * 1024 * 1024;
/** Twice what is kept. */
const CHANGES = 20_000;

/** Judges the database of users and hosts. */
export class CheckStore {
  readonly #inspector: StoreInspector;

  constructor(inspector: StoreInspector) {
    this.#inspector = inspector;
  }

  async run(): Promise<readonly StoreFinding[]> {
    return findingsOf(await this.#inspector.inspect());
  }
}

function findingsOf({ hosts, database }: StoreReport): StoreFinding[] {
  if (database === undefined) return [{ severity: 'problem', code: 'store-away' }, ...findingsOfHosts(hosts)];
  const { host, isWritable, schema, needless, clockAhead, acknowledges, tables } = database;
  const findings: StoreFinding[] = [];
  if (!isWritable) findings.push({ severity: 'problem', code: 'store-read-only', host });
  if (schema !== 'ready') findings.push({ severity: 'problem', code: 'store-schema', schema });
  if (tables !== undefined && tables.forbidden.length > 0) {
    findings.push({ severity: 'problem', code: 'store-rights-missing', tables: tables.forbidden });
  }
  if (needless.length > 0) {
    findings.push({ severity: 'warning', code: 'store-rights-needless', rights: needless });
  }
  const seconds = Math.round(clockAhead / 1_000);
  if (Math.abs(seconds) > CLOCK) findings.push({ severity: 'warning', code: 'store-clock', seconds });
  if (!acknowledges.written) {
    findings.push({ severity: 'warning', code: 'store-acknowledges-early', lostBy: 'crash' });
  } else if (hosts.length > 1 && !acknowledges.replicated) {
    findings.push({ severity: 'warning', code: 'store-acknowledges-early', lostBy: 'failover' });
  }
  findings.push(...findingsOfHosts(hosts));
  if (tables !== undefined && tables.changes > CHANGES) {
    findings.push({ severity: 'warning', code: 'store-changes-kept', changes: tables.changes });
  }
  if (tables !== undefined && tables.instances.length > 0 && !tables.isLeaseHeld) {
    findings.push({ severity: 'warning', code: 'store-nobody-works' });
  }
  return findings;
}

const findingsOfHosts = (hosts: StoreReport['hosts']): StoreFinding[] =>
  hosts.flatMap((one): StoreFinding[] => {
    const { host } = one;
    if (one.state === 'away') {
      return [{ severity: 'warning', code: 'store-host-away', host, reason: one.reason }];
    }
    const { latency, behind = 0 } = one;
    return [
      ...(one.state === 'primary' && latency > LATENCY
        ? [{ severity: 'warning', code: 'store-slow', host, latency } as const]
        : []),
      ...(behind > LAG ? [{ severity: 'warning', code: 'store-standby-lags', host, behind } as const] : []),
    ];
  });
