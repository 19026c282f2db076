import type { Addresses, Changed } from '../../domain/event.ts';
import type { AddressType } from '../../domain/record-set.ts';
import { isOlder } from '../../domain/serial.ts';
import { answersByServer, type ServerView, type ZoneSerials } from '../ports/authoritative-servers.ts';

/** What one name server says of the zone, and of one change in it. */
export type ServerLook = {
  readonly server: string;
  /** The oldest one that an address of the server has. Undefined: it tells none. */
  readonly serial: number | undefined;
  /** What it has at the name of the change. Undefined: it does not answer. */
  readonly has: Addresses | undefined;
  readonly showsChange: boolean;
};

/** The RRset that shows whether a server has a change: one with addresses, if there is one. */
export function typeToAsk({ after: { ipv4, ipv6 } }: Changed): AddressType {
  if (ipv4 === undefined) return 'AAAA';
  return ipv4.length === 0 && ipv6 !== undefined ? 'AAAA' : 'A';
}

/** One look for each server. */
export function looksOf(
  serials: ZoneSerials,
  views: readonly ServerView[],
  change: Changed,
): readonly ServerLook[] {
  return [...answersByServer(views)].map(([server, { recordSets }]) => {
    const answers = recordSets.map(({ type, values }) => {
      const texts = values.map(({ text }) => text);
      return type === 'A' ? { ipv4: texts } : { ipv6: texts };
    });
    const told = serials.servers.flatMap((one) => (one.server === server ? (one.serial ?? []) : []));
    const lacking = answers.find((has) => !isShown(change, has));
    return {
      server,
      serial: told.toSorted((one, other) => (isOlder(one, other) ? -1 : 1))[0],
      has: lacking ?? answers[0],
      showsChange: answers.length > 0 && lacking === undefined,
    };
  });
}

/**
 * True when the answer shows the change: exactly the new addresses. Where the name lost its addresses, it is enough that
 * none of them is there, because a wildcard may show others.
 */
function isShown({ before, after }: Changed, has: Addresses): boolean {
  const family = has.ipv4 === undefined ? 'ipv6' : 'ipv4';
  const present = has[family] ?? [];
  const wanted = after[family] ?? [];
  return wanted.length === 0
    ? !(before?.[family] ?? []).some((text) => present.includes(text))
    : wanted.length === present.length && wanted.every((text) => present.includes(text));
}
