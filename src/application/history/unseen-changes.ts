import type { DomainName } from '../../domain/domain-name.ts';
import type { Addresses, Changed } from '../../domain/event.ts';
import { isOlder } from '../../domain/serial.ts';
import type { ServerLook } from './server-look.ts';

/** A server that lacks a change for so long is reported. Milliseconds. */
const BEHIND_AFTER = 300_000;
/** For so long, dynonym asks the name servers for a change. Milliseconds. */
export const WATCHED_FOR = 3_600_000;

/** A change that is not seen on all name servers. `made` is monotonic. */
export type UnseenChange = {
  readonly change: Changed;
  readonly made: number;
  /** Changes of one group were made before the primary told the serial of the group. */
  readonly group: number;
  /** True where every server has a newer zone and no server shows it: somebody else has changed the name since. */
  isOverwritten: boolean;
  isTold: boolean;
};

/** What is known of one name server. */
type Server = {
  /** The newest group that it has, and with it all before. */
  seen: number;
  serial: number | undefined;
  /** False where its serial said that it had a change, and it did not show it. */
  hasSerialsOfPrimary: boolean;
  /** When the first change was made that it does not have, monotonic. */
  lackingSince: number | undefined;
  isTold: boolean;
};

export type Findings = {
  readonly visible: readonly UnseenChange[];
  /** Servers that do not have a change, once for each change. */
  readonly behind: readonly {
    readonly change: Changed;
    readonly server: string;
    /** Undefined: it does not answer. */
    readonly has: Addresses | undefined;
  }[];
  /** Servers that are behind with the zone, once while they are. `since` is monotonic. */
  readonly laggards: readonly { readonly server: string; readonly since: number }[];
};

/**
 * The changes of one zone that are not seen on all its name servers. One look at the zone serves all of them: it asks
 * each server for its serial, and for the addresses of one name, the sample.
 *
 * Changes reach a server in the order in which they were made. So a server that shows the sample has all changes of
 * its group and those before; and also later ones, up to the group whose serial it has reached. A serial alone proves
 * nothing: a server may sign the zone and count by itself, a primary may change records without a new serial (PowerDNS),
 * or tell the serial before it has signed the change (BIND).
 */
export class UnseenChanges {
  /** In the order in which they were made. */
  readonly #changes = new Map<DomainName, UnseenChange>();
  readonly #servers = new Map<string, Server>();
  /** A group without a serial: the primary did not tell one, or not a new one. */
  #groups: { readonly number: number; readonly serial: number | undefined }[] = [];
  #looks = 0;
  #primarySerial: number | undefined;
  #newest: UnseenChange | undefined;

  get size(): number {
    return this.#changes.size;
  }

  /** When the last change was made, monotonic. */
  get newest(): number {
    return this.#newest?.made ?? 0;
  }

  has(name: DomainName): boolean {
    return this.#changes.has(name);
  }

  /** An earlier change of the same name is not looked for any more. */
  add(change: Changed, made: number): void {
    this.#changes.delete(change.name);
    this.#newest = { change, made, group: this.#looks + 1, isOverwritten: false, isTold: false };
    this.#changes.set(change.name, this.#newest);
  }

  /** Begins a look. Gives the sample; undefined where there is nothing to look for any more. */
  begin(now: number): UnseenChange | undefined {
    for (const [name, { made }] of this.#changes) {
      if (now - made < WATCHED_FOR) break;
      this.#changes.delete(name);
    }
    this.#looks += 1;
    // The oldest finds servers that are far behind. The newest finds those that have everything.
    return this.#looks % 2 === 0 && this.size > 0 ? this.#newest : this.#oldest();
  }

  #oldest(): UnseenChange | undefined {
    const [first] = this.#changes.values();
    for (const unseen of this.#changes.values()) if (!unseen.isOverwritten) return unseen;
    return first;
  }

  /** Ends the look: what the primary and the servers said. */
  judge(
    sample: UnseenChange,
    primarySerial: number | undefined,
    looks: readonly ServerLook[],
    now: number,
  ): Findings {
    const isNew = primarySerial !== this.#primarySerial;
    this.#groups.push({ number: this.#looks, serial: isNew ? primarySerial : undefined });
    this.#primarySerial = primarySerial ?? this.#primarySerial;
    this.#learn(sample, looks);
    const visible = this.#takeVisible(looks);
    const [first] = this.#changes.values();
    this.#groups = this.#groups.filter(({ number }) => number >= (first?.group ?? this.#looks));
    return {
      visible,
      behind: this.#findBehind(sample, looks, now),
      laggards: this.#findLaggards(looks, now),
    };
  }

  #learn(sample: UnseenChange, looks: readonly ServerLook[]): void {
    const answering = looks.filter(({ has }) => has !== undefined);
    const isShown = answering.some(({ showsChange }) => showsChange);
    const isReached = ({ serial }: ServerLook) => this.#groupReachedBy(serial) >= sample.group;
    sample.isOverwritten = answering.length > 0 && !isShown && answering.every(isReached);
    // A server need not show a change that was followed by another one of the same name.
    const isLast = this.#changes.get(sample.change.name) === sample;
    for (const look of answering) {
      const server = this.#serverOf(look.server);
      const isSerialWrong = isLast && isShown && !look.showsChange && isReached(look);
      if (isSerialWrong) server.hasSerialsOfPrimary = false;
      this.#noteSeen(server, look, sample);
    }
  }

  /** Notes the newest group that a server has. When its serial goes back, it has lost what it had. */
  #noteSeen(server: Server, { serial, showsChange }: ServerLook, sample: UnseenChange): void {
    const reached = server.hasSerialsOfPrimary ? this.#groupReachedBy(serial) : 0;
    const shown = showsChange ? Math.max(sample.group, reached) : 0;
    const wentBack = serial !== undefined && server.serial !== undefined && isOlder(serial, server.serial);
    if (shown > server.seen) server.lackingSince = undefined;
    server.seen = wentBack ? shown : Math.max(server.seen, shown);
    server.serial = serial ?? server.serial;
  }

  #takeVisible(looks: readonly ServerLook[]): readonly UnseenChange[] {
    if (looks.length === 0) return [];
    const seenByAll = Math.min(...looks.map(({ server }) => this.#serverOf(server).seen));
    const visible: UnseenChange[] = [];
    for (const [name, unseen] of this.#changes) {
      if (unseen.group > seenByAll) break;
      visible.push(unseen);
      this.#changes.delete(name);
    }
    return visible;
  }

  #findBehind(sample: UnseenChange, looks: readonly ServerLook[], now: number): Findings['behind'] {
    const behind: Findings['behind'][number][] = [];
    for (const unseen of this.#changes.values()) {
      if (now - unseen.made < BEHIND_AFTER) break;
      if (unseen.isTold) continue;
      for (const { server, has } of looks) {
        if (this.#serverOf(server).seen >= unseen.group) continue;
        // Only the sample was asked for. Whoever lacks another change has what was there before it.
        const had = unseen === sample ? has : has && (unseen.change.before ?? {});
        behind.push({ change: unseen.change, server, has: had });
        unseen.isTold = true;
      }
    }
    return behind;
  }

  /** A name that changes again before a server has it does not make the server less behind. */
  #findLaggards(looks: readonly ServerLook[], now: number): Findings['laggards'] {
    const laggards: Findings['laggards'][number][] = [];
    for (const { server, has, serial } of looks) {
      const known = this.#serverOf(server);
      const lacking = this.#firstAfter(known.seen);
      if (lacking === undefined) known.lackingSince = undefined;
      else known.lackingSince ??= lacking.made;
      const since = known.lackingSince ?? now;
      const isLate = now - since >= BEHIND_AFTER;
      const isOld = has === undefined || this.#groupReachedBy(serial) < (lacking?.group ?? 0);
      if (isLate && isOld && !known.isTold) laggards.push({ server, since });
      known.isTold = isLate && (isOld || known.isTold);
    }
    return laggards;
  }

  #firstAfter(group: number): UnseenChange | undefined {
    for (const unseen of this.#changes.values()) if (unseen.group > group) return unseen;
    return undefined;
  }

  /** The newest group that a server with this serial has, if it counts as the primary does. 0: none. */
  #groupReachedBy(serial: number | undefined): number {
    const isReached = (other: number | undefined) =>
      serial !== undefined && other !== undefined && !isOlder(serial, other);
    return this.#groups.findLast((group) => isReached(group.serial))?.number ?? 0;
  }

  #serverOf(name: string): Server {
    const server = this.#servers.get(name) ?? newServer();
    this.#servers.set(name, server);
    return server;
  }
}

const newServer = (): Server => ({
  seen: 0,
  serial: undefined,
  hasSerialsOfPrimary: true,
  lackingSince: undefined,
  isTold: false,
});
