import type { DomainName } from './domain-name.ts';
import type { UserName } from './user.ts';

/**
 * Something that happened. It is plain data, so that it can be written down: addresses and networks are canonical text.
 *
 * Events of one name are told in the order in which they happened, with one exception: a report is told when the whole
 * request is answered, and by then a later request may have changed the name again. `at` shows the true order.
 */
export type Event =
  | NameEvent
  | LoginFailed
  | Challenged
  | Paused
  | PrimaryAway
  | PrimaryBack
  | SecondaryBehind
  | CertificateEnding
  | Managed;

/** An event of a single name. */
export type NameEvent = Reported | Changed | Visible | Behind | Silent | Back | TakenOff | Flapping;

export const isNameEvent = (event: Event): event is NameEvent => 'name' in event && event.kind !== 'managed';

/** `at`: milliseconds since 1970-01-01 UTC. */
type Happened<Kind extends string> = { readonly kind: Kind; readonly at: number };

/** The addresses of each family. A family that is missing was not touched, and one without addresses has none. */
export type Addresses = {
  readonly ipv4?: readonly string[] | undefined;
  readonly ipv6?: readonly string[] | undefined;
};

/** The addresses of both families, IPv4 first. */
export const addressesIn = ({ ipv4 = [], ipv6 = [] }: Addresses): readonly string[] => [...ipv4, ...ipv6];

/** A client reported a name, or a name that this one follows. `at` is when the request came. */
export type Reported = Happened<'reported'> & {
  readonly name: DomainName;
  readonly user: UserName;
  /** The name of the user's token, if the client used one. */
  readonly token?: string | undefined;
  /** The address of the client. */
  readonly from?: string | undefined;
  /** What the client calls itself (User-Agent), cut and in printable ASCII. */
  readonly program?: string | undefined;
  /** Addresses or a prefix in their canonical text. `offline`: the addresses are to be removed. */
  readonly asked: {
    readonly ipv4?: string | undefined;
    readonly ipv6?: string | undefined;
    /** For the hosts that follow the name. */
    readonly prefix?: string | undefined;
    readonly offline?: true | undefined;
  };
  /** What the client was told, whatever the words of its protocol. */
  readonly outcome: 'changed' | 'unchanged' | 'refused' | 'failed';
  /** Why it was refused (`not-yours`, …), or the code of the fault. */
  readonly reason?: string | undefined;
  /** What the DNS held after the report, in the families that were asked for and confirmed. */
  readonly addresses?: Addresses | undefined;
  /** The host that `name` follows: the client reported that host, and `name` was to move with it. */
  readonly follows?: DomainName | undefined;
  /**
   * How often the same report came in a row, and when the first of them came. `at` is the time of the last one.
   * Only a history sets this.
   */
  readonly repeated?: { readonly times: number; readonly since: number } | undefined;
};

/** The primary acknowledged a change. */
export type Changed = Happened<'changed'> & {
  readonly name: DomainName;
  readonly zone: DomainName;
  /**
   * Undefined where that is unknown: an earlier message of ours whose answer was lost made the change, or another
   * writer made the same one.
   */
  readonly before?: Addresses | undefined;
  readonly after: Addresses;
};

/** The last change is seen on all `servers` of the zone, this many milliseconds after it was made. */
export type Visible = Happened<'visible'> & {
  readonly name: DomainName;
  readonly after: number;
  readonly servers: number;
};

/** A name server of the zone does not have the last change. */
export type Behind = Happened<'behind'> & {
  readonly name: DomainName;
  readonly server: string;
  /** When the change was made. */
  readonly since: number;
  /** What it has. Undefined: it does not answer. */
  readonly has?: Addresses | undefined;
};

/** Nobody has reported the name for longer than `expected` milliseconds. `since`: the last report. */
export type Silent = Happened<'silent'> & {
  readonly name: DomainName;
  readonly since: number;
  readonly expected: number;
};

/** A silent name was reported again. `since`: the last report before. */
export type Back = Happened<'back'> & { readonly name: DomainName; readonly since: number };

/** The addresses were taken off the DNS, because the name was silent. `since`: the last report. */
export type TakenOff = Happened<'taken-off'> & { readonly name: DomainName; readonly since: number };

/** The name has changed this often within an hour. */
export type Flapping = Happened<'flapping'> & { readonly name: DomainName; readonly changes: number };

/** Somebody gave the name of a user, and was turned away. Only this user may learn of it. */
export type LoginFailed = Happened<'login-failed'> & {
  readonly user: UserName;
  readonly from: string;
  /** `elsewhere`: from outside of the networks of the user. `paused`: too many failed before. */
  readonly why: 'wrong' | 'elsewhere' | 'paused';
};

/** A certificate program asked for a challenge. */
export type Challenged = Happened<'challenged'> & {
  /** `_acme-challenge.N`, or the challenge name of an account. */
  readonly challenge: DomainName;
  readonly user: UserName;
  readonly token?: string | undefined;
  readonly outcome: 'presented' | 'refused' | 'failed';
  /** Why it was refused (`not-yours`, …), or the code of the fault. */
  readonly reason?: string | undefined;
};

/** Logins are paused after too many wrong credentials. */
export type Paused = Happened<'paused'> & {
  /** As it was typed; there may be no such user. Undefined: all logins from there. */
  readonly user?: string | undefined;
  readonly from: string;
  readonly until: number;
};

export type PrimaryAway = Happened<'primary-away'> & { readonly server: string; readonly reason: string };

export type PrimaryBack = Happened<'primary-back'> & { readonly server: string; readonly since: number };

/** A secondary has an older version of a zone than the primary. */
export type SecondaryBehind = Happened<'secondary-behind'> & {
  readonly zone: DomainName;
  readonly server: string;
  readonly since: number;
};

/** A certificate of our own ends soon and was not renewed. */
export type CertificateEnding = Happened<'certificate-ending'> & {
  readonly names: readonly string[];
  readonly until: number;
};

/** Somebody changed users, rights, tokens, hosts or settings. */
export type Managed = Happened<'managed'> & Actor & Deed;

/** Who changes something, and by which way. */
export type Actor = { readonly by: string; readonly way: 'command' | 'api' | 'page' };

/** What was done, and to whom or to what. */
export type Deed = {
  readonly deed:
    | 'user-added'
    | 'user-removed'
    | 'password-changed'
    | 'name-granted'
    | 'name-revoked'
    | 'networks-set'
    | 'certificates-set'
    | 'operator-set'
    | 'invitation-made'
    | 'invitation-revoked'
    | 'token-added'
    | 'token-removed'
    | 'passkey-added'
    | 'passkey-removed'
    | 'identity-set'
    | 'notice-added'
    | 'notice-confirmed'
    | 'notice-removed'
    | 'host-set'
    | 'host-cleared'
    | 'configuration-created'
    | 'settings-changed'
    | 'zone-added'
    | 'zone-removed';
  readonly user?: UserName | undefined;
  readonly name?: DomainName | undefined;
  readonly token?: string | undefined;
  readonly passkey?: string | undefined;
  /** The settings that were changed, never their values: they may be secrets. */
  readonly settings?: readonly string[] | undefined;
};
