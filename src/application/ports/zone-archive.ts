import type { DomainName } from '../../domain/domain-name.ts';
import type { DynonymError } from '../../domain/errors.ts';

/** What is kept of a zone that the built-in name server serves. */
export type KeptZone =
  | { readonly kind: 'kept'; readonly name: DomainName; readonly serial: number; readonly records: number }
  /** It has no records yet: it begins when the server starts, or by an import. */
  | { readonly kind: 'not-begun'; readonly name: DomainName }
  | { readonly kind: 'unreadable'; readonly name: DomainName; readonly fault: DynonymError };

/** What an import has made of a zone. */
export type ImportResult = {
  readonly serial: number;
  readonly changed: boolean;
  /** What is odd about the file, a line each. */
  readonly warnings: readonly string[];
  /** Where that is now which was kept of the zone before, and could not be read; none where it could. */
  readonly setAside: readonly string[];
};

/**
 * The zones of the built-in name server where they are kept. Reading changes nothing, works beside a running
 * server, and shows what that one has made durable. Rejects with a DynonymError that lists all problems.
 */
export interface ZoneArchive {
  /** Those of the settings, in their order. */
  readonly zones: readonly DomainName[];

  list(): Promise<readonly KeptZone[]>;

  /** The zone as a master file (RFC 1035 section 5), in pieces; undefined before it has begun. */
  masterFile(zone: DomainName): Promise<Iterable<string> | undefined>;

  /** Each record in a line of its own with its whole name, at all names or at one; undefined as above. */
  recordLines(zone: DomainName, name?: DomainName): Promise<readonly string[] | undefined>;

  /**
   * Makes the zone what a master file says, durably. `place` names the file in what is said of it, and is where
   * files are looked for that it includes. What is kept of the zone and cannot be read is set aside. Rejects,
   * with the zone as it was, where it is no such file, and while a server runs on these zones.
   */
  import(zone: DomainName, octets: Uint8Array, place: string): Promise<ImportResult>;
}
