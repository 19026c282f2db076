import type { DomainName } from '../../domain/domain-name.ts';
import type { IpAddress } from '../../domain/ip-address.ts';
import type { RecordSet, RecordType } from '../../domain/record-set.ts';
import type { SocketAddress } from '../../domain/socket-address.ts';

/** A question for one RRset, to all name servers of a zone. */
export type ServersQuestion = {
  readonly zone: DomainName;
  readonly name: DomainName;
  readonly type: RecordType;
  /** The servers to ask. None: those of the NS records of the zone, at all their addresses. */
  readonly servers: readonly SocketAddress[];
};

/** What one address of a name server answers. */
export type ServerView = {
  /** The name server as its NS record names it, or the socket where it was given as such. */
  readonly server: string;
  /** Undefined where the name server has no address that was found. */
  readonly address: IpAddress | undefined;
  readonly answer:
    | { readonly kind: 'records'; readonly recordSet: RecordSet }
    /** No answer that counts, and why, in a few words: it is silent, or does not serve the zone. */
    | { readonly kind: 'none'; readonly reason: string };
};

/** The serials (SOA) of a zone: one on the primary, and one on each of its name servers. */
export type ZoneSerials = {
  /** Undefined: the primary does not tell it. */
  readonly primary: number | undefined;
  /** One for each address, as the views of {@link AuthoritativeServers.ask}. Undefined: no answer that counts. */
  readonly servers: readonly { readonly server: string; readonly serial: number | undefined }[];
};

/** Tells what the public sees: the answers of the name servers of a zone, each asked directly. */
export interface AuthoritativeServers {
  /**
   * Asks all of them at once. Resolves to one view for each address, in the order of the names of the servers. It is
   * empty where nobody could tell the name servers of the zone. Ends within half a minute, may be called concurrently,
   * and never rejects for what a server does.
   */
  ask(question: ServersQuestion): Promise<readonly ServerView[]>;

  /** Asks the primary and the same name servers for the serial of the zone, in the same way. */
  serials(question: Pick<ServersQuestion, 'zone' | 'servers'>): Promise<ZoneSerials>;
}

/**
 * What each server answers at all its addresses, the RRsets and the reasons for none. One address that answers is enough
 * for a server, because this machine may lack the family of another. All addresses that answer have to agree.
 */
export function answersByServer(
  views: readonly ServerView[],
): ReadonlyMap<string, { readonly recordSets: readonly RecordSet[]; readonly reasons: readonly string[] }> {
  const servers = [...new Set(views.map(({ server }) => server))];
  return new Map(
    servers.map((server) => {
      const answers = views.filter((view) => view.server === server).map(({ answer }) => answer);
      const recordSets = answers.flatMap((answer) => (answer.kind === 'records' ? answer.recordSet : []));
      const reasons = answers.flatMap((answer) => (answer.kind === 'none' ? answer.reason : []));
      return [server, { recordSets, reasons }];
    }),
  );
}

/** The servers that do not show what `isShown` looks for, each once, with the reason; none when all show it. */
export function serversWithout(
  views: readonly ServerView[],
  isShown: (recordSet: RecordSet) => boolean,
): readonly string[] {
  const lacking: string[] = [];
  for (const [server, { recordSets, reasons }] of answersByServer(views)) {
    if (recordSets.length === 0) lacking.push(`${server}: ${reasons[0]}`);
    else if (!recordSets.every(isShown)) lacking.push(`${server}: not there yet`);
  }
  return lacking;
}
