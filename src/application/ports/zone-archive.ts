import type { DomainName } from '../../domain/domain-name.ts';
import type { DynonymError } from '../../domain/errors.ts';

/** The state of the files of a zone that the built-in name server serves. */
export type KeptZone =
  | { readonly kind: 'kept'; readonly name: DomainName; readonly serial: number; readonly records: number }
  /** It has no records yet. It gets them when the server starts, or by an import. */
  | { readonly kind: 'not-begun'; readonly name: DomainName }
  | { readonly kind: 'unreadable'; readonly name: DomainName; readonly fault: DynonymError };

/** What a zone has at one moment. */
export type ZoneCopy = {
  readonly serial: number;
  readonly records: number;
  /** The zone as a master file (RFC 1035 section 5). */
  readonly pieces: Iterable<string>;
};

/** Why no record of this zone would be seen at a name. */
export type Obstacle =
  /** `to`: undefined for a DNAME. */
  | { readonly kind: 'alias'; readonly at: DomainName; readonly to: DomainName | undefined }
  /** The name lies at or below `at`, which is delegated to other name servers. */
  | { readonly kind: 'delegation'; readonly at: DomainName };

/** The outcome of an import. */
export type ImportResult = {
  readonly serial: number;
  readonly changed: boolean;
  /** What is unusual in the file, one line each. */
  readonly warnings: readonly string[];
  /** The new places of files that were there before and could not be read. */
  readonly setAside: readonly string[];
};

/**
 * The files of the zones of the built-in name server. They can be read while a server runs, and show what it has made
 * durable. Every method rejects with a DynonymError that lists all problems.
 */
export interface ZoneArchive {
  /** The zones of the settings, in their order. */
  readonly zones: readonly DomainName[];

  list(): Promise<readonly KeptZone[]>;

  /** Undefined while the zone has no records yet. */
  masterFile(zone: DomainName): Promise<ZoneCopy | undefined>;

  /** One line for each record, with its full name: of one name, or of all. Undefined as above. */
  recordLines(zone: DomainName, name?: DomainName): Promise<readonly string[] | undefined>;

  /**
   * What keeps a record of the zone from being seen at a name. Undefined: nothing, or the zone has no records yet. Many
   * names may be asked about: the files are read once.
   */
  obstacleAt(zone: DomainName, name: DomainName): Promise<Obstacle | undefined>;

  /**
   * Replaces the records of the zone by those of a master file, durably. `place` is the path of the file: messages name
   * it, and included files are relative to it. Files of the zone that cannot be read are set aside. Rejects and leaves
   * the zone as it was when the file is not valid, and while a server runs on these zones.
   */
  import(zone: DomainName, octets: Uint8Array, place: string): Promise<ImportResult>;
}
