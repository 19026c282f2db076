/** What the tables are, to this version. */
export type SchemaState = 'ready' | 'none' | 'older' | 'newer';

/** One of the hosts of the address of the database. */
export type InspectedHost = {
  readonly host: string;
} & (
  | {
      readonly state: 'primary' | 'standby';
      /** Milliseconds between a question and its answer, the best of several. */
      readonly latency: number;
      /** Octets of the log of the primary that a standby has not applied. Undefined where that is not visible. */
      readonly behind?: number | undefined;
    }
  | { readonly state: 'away'; readonly reason: string }
);

/** A server of dynonym that was heard of within the last minute. Times are milliseconds since 1970-01-01 UTC. */
export type InspectedInstance = {
  readonly host: string;
  readonly process: number;
  readonly version: string;
  readonly since: number;
  readonly seen: number;
  /** Whether it does the work that is done once for all. */
  readonly isHolder: boolean;
};

/** What only tables of this version tell. */
export type InspectedTables = {
  /** As PostgreSQL estimates them. Undefined: it has not counted yet. */
  readonly users: number | undefined;
  readonly names: number | undefined;
  readonly instances: readonly InspectedInstance[];
  /** Whether somebody does the common work. */
  readonly isLeaseHeld: boolean;
  /** Lines of the log of changes. */
  readonly changes: number;
  /** Tables and views on which a right is missing. */
  readonly forbidden: readonly string[];
};

export type StoreReport = {
  readonly hosts: readonly InspectedHost[];
  /** Of the primary, or of a standby where there is none. Undefined where nobody answers. */
  readonly database:
    | {
        readonly host: string;
        readonly isWritable: boolean;
        /** Of PostgreSQL. */
        readonly version: string;
        /** Octets. */
        readonly size: number;
        /** Milliseconds by which its clock is ahead of ours. */
        readonly clockAhead: number;
        readonly schema: SchemaState;
        /** Rights of the role that serving needs none of, by the words of PostgreSQL. */
        readonly needless: readonly string[];
        /** Whether a change is on the disk of the primary when it is acknowledged, and whether on that of a standby. */
        readonly acknowledges: { readonly written: boolean; readonly replicated: boolean };
        /** Undefined unless the schema is ready. */
        readonly tables: InspectedTables | undefined;
      }
    | undefined;
};

/** Looks at the database of users and hosts, as who operates it sees it. No question reads a whole table. */
export interface StoreInspector {
  /** Never rejects because of the database: what is wrong is in the report. */
  inspect(): Promise<StoreReport>;
}
