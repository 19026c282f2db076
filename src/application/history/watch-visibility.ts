import type { DomainName } from '../../domain/domain-name.ts';
import type { Changed, Event } from '../../domain/event.ts';
import type { SocketAddress } from '../../domain/socket-address.ts';
import type { Settings } from '../manage/settings.ts';
import type { AuthoritativeServers } from '../ports/authoritative-servers.ts';
import type { Clock } from '../ports/clock.ts';
import type { Events } from '../ports/events.ts';
import type { Logger } from '../ports/logger.ts';
import type { Metrics } from '../ports/metrics.ts';
import { looksOf, typeToAsk } from './server-look.ts';
import { type Findings, UnseenChanges, WATCHED_FOR } from './unseen-changes.ts';

/** Milliseconds between the beginnings of two looks, whatever the zones: a server may serve all of them. */
const PACE = 250;
/** Milliseconds between the beginnings of two looks at one zone. */
const PAUSE = { least: 1_000, most: 300_000 };
/** A pause is this part of the time for which the newest change is unseen, so times are right to this part. */
const PART = 1 / 8;
/** Changes that wait to be seen. Further ones are not watched. */
const MOST_CHANGES = 100_000;

export type VisibilityPorts = {
  readonly servers: AuthoritativeServers;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly logger: Logger;
};

type Zone = { readonly unseen: UnseenChanges; lookedAt: number; dueAt: number; isLookedAt: boolean };

/**
 * Tells also when a change is seen on all name servers of its zone, and which of them do not have it after five
 * minutes. What waits is in memory: after a restart, earlier changes are not looked for.
 */
export class WatchVisibility implements Events {
  readonly #inner: Events;
  readonly #settings: () => Settings;
  readonly #ports: VisibilityPorts;
  readonly #zones = new Map<DomainName, Zone>();
  /** Counted anew before each look. */
  #waiting = 0;
  #cancel: (() => void) | undefined;
  #isClosed = false;

  constructor(inner: Events, settings: () => Settings, ports: VisibilityPorts) {
    this.#inner = inner;
    this.#settings = settings;
    this.#ports = ports;
  }

  tell(event: Event): void {
    this.#inner.tell(event);
    if (event.kind !== 'changed' || !this.#settings().history.visibility || this.#isClosed) return;
    if (serversToAsk(this.#settings(), event.zone) === undefined) {
      this.#tellVisible(event, 0, 1);
      return;
    }
    const zone = this.#zones.get(event.zone) ?? newZone();
    if (this.#waiting >= MOST_CHANGES && !zone.unseen.has(event.name)) {
      this.#ports.metrics.changeUnwatched();
      return;
    }
    this.#waiting += 1;
    zone.unseen.add(event, this.#ports.clock.monotonic());
    zone.dueAt = zone.lookedAt + PAUSE.least;
    this.#zones.set(event.zone, zone);
    this.#schedule();
  }

  close(): void {
    this.#isClosed = true;
    this.#cancel?.();
  }

  /** One look after the other begins, at the zone that has waited longest. */
  #schedule(): void {
    if (this.#cancel !== undefined || this.#isClosed || this.#zones.size === 0) return;
    this.#cancel = this.#ports.clock.schedule(PACE, () => {
      this.#cancel = undefined;
      this.#count();
      const now = this.#ports.clock.monotonic();
      const [first] = this.#takeDue(now).toSorted(([, one], [, other]) => one.dueAt - other.dueAt);
      if (first !== undefined) void this.#lookAt(...first);
      this.#schedule();
    });
  }

  /** Forgets zones whose changes are all seen; not before another look would be due, so that none comes too early. */
  #takeDue(now: number): readonly [DomainName, Zone][] {
    const due = [...this.#zones].filter(([, { dueAt, isLookedAt }]) => dueAt <= now && !isLookedAt);
    for (const [name, { unseen }] of due) if (unseen.size === 0) this.#zones.delete(name);
    return due.filter(([, { unseen }]) => unseen.size > 0);
  }

  async #lookAt(name: DomainName, zone: Zone): Promise<void> {
    const { clock, logger } = this.#ports;
    zone.lookedAt = clock.monotonic();
    zone.isLookedAt = true;
    try {
      await this.#look(name, zone.unseen);
    } catch (error) {
      logger.warn('Could not ask the name servers of a zone', { zone: name, error: error as Error });
    }
    zone.isLookedAt = false;
    const { size, newest } = zone.unseen;
    const pause = size === 0 ? 0 : (clock.monotonic() - newest) * PART;
    zone.dueAt = zone.lookedAt + Math.min(Math.max(pause, PAUSE.least), PAUSE.most);
    this.#count();
  }

  async #look(zone: DomainName, unseen: UnseenChanges): Promise<void> {
    const { servers, clock } = this.#ports;
    const sample = unseen.begin(clock.monotonic());
    if (sample === undefined) return;
    const { change } = sample;
    const question = { zone, servers: serversToAsk(this.#settings(), zone) ?? [] };
    // The serials first: a server has what it then says that it has when it is asked for the addresses.
    const serials = await servers.serials(question);
    const views = await servers.ask({ ...question, name: change.name, type: typeToAsk(change) });
    const looks = looksOf(serials, views, change);
    const now = clock.monotonic();
    const findings = unseen.judge(sample, serials.primary, looks, now);
    if (!this.#isClosed) this.#tellFindings(zone, findings, looks.length, now);
  }

  #tellFindings(
    zone: DomainName,
    { visible, behind, laggards }: Findings,
    servers: number,
    now: number,
  ): void {
    const { clock, logger } = this.#ports;
    const at = clock.now();
    for (const { change, made } of visible) this.#tellVisible(change, now - made, servers);
    for (const { change, server, has } of behind) {
      this.#inner.tell({ kind: 'behind', at, name: change.name, server, since: change.at, has });
    }
    for (const { server, since } of laggards) {
      logger.warn('A name server does not have the changes of a zone', { zone, server });
      this.#inner.tell({ kind: 'secondary-behind', at, zone, server, since: at - (now - since) });
    }
  }

  #tellVisible({ name }: Changed, after: number, servers: number): void {
    const { clock, metrics } = this.#ports;
    metrics.changeVisible(after);
    this.#inner.tell({ kind: 'visible', at: clock.now(), name, after, servers });
  }

  #count(): void {
    this.#waiting = 0;
    for (const { unseen } of this.#zones.values()) this.#waiting += unseen.size;
    this.#ports.metrics.changesInvisible(this.#waiting);
  }
}

const newZone = (): Zone => ({
  unseen: new UnseenChanges(),
  lookedAt: Number.NEGATIVE_INFINITY,
  dueAt: 0,
  isLookedAt: false,
});

/**
 * Where a change of the zone has to be seen. None: on the name servers that the zone names. Undefined: nowhere, because
 * the built-in name server has made it and serves the zone alone.
 */
function serversToAsk(
  { history, nameServer }: Settings,
  zone: DomainName,
): readonly SocketAddress[] | undefined {
  if (history.nameServers.length > 0 || nameServer?.takesUpdates !== true) return history.nameServers;
  const secondaries = nameServer.zones.find(({ name }) => name === zone)?.notify ?? [];
  return secondaries.length === 0 ? undefined : secondaries.map(({ socket }) => socket);
}

/** The changes that are looked for were made since then; milliseconds since 1970-01-01 UTC. Undefined: none is. */
export const watchedSince = ({ history }: Settings, clock: Clock): number | undefined =>
  history.visibility ? clock.now() - WATCHED_FOR : undefined;
