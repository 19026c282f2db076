import type { DomainName } from '../../../domain/domain-name.ts';

/** What a client has to know to reach a server, for one user. */
export type Account = {
  /** Where the server is reached: `https://ddns.example.org`, without a final slash. */
  readonly url: URL;
  readonly user: string;
  /** At least one. */
  readonly domains: readonly DomainName[];
};

/** Why a client cannot serve an account, and the option in which the account would have to differ. */
export type Refusal = { readonly option: '--user' | '--url'; readonly reason: string };

/** A configuration for one kind of client. */
export type Snippet = {
  /** What the command calls it. */
  readonly id: string;
  /** What its makers call it. */
  readonly title: string;
  /** Where the text goes: a file, or the page of a device. */
  readonly place: string;
  /** Markdown for people: what to know before it works. */
  readonly notes: readonly string[];
  /** What this client would take for something else, however it is written. Without it: nothing. */
  refuse?(account: Account): Refusal | undefined;
  /** The text itself. {@link PASSWORD} stands where the password or a token goes. */
  write(account: Account): string;
};

/** A word that no shell, URL or configuration file reads as anything else. */
export const PASSWORD = 'PASSWORD';

/** @param lost whether the name would not arrive as it is. */
export function refuseUser(lost: boolean, reason: string): Refusal | undefined {
  return lost ? { option: '--user', reason: `${reason}; give this client a user of its own` } : undefined;
}

export const isHttps = ({ url }: Account): boolean => url.protocol === 'https:';

/** Host and port without the scheme, and the path in front of all routes: `ddns.example.org/sub`. */
export const hostAndPath = ({ url }: Account): string => `${url.host}${pathOf(url)}`;

/** The update URL with credentials in it, for clients that have no field for them. */
export function urlWithCredentials({ url, user }: Account): string {
  return `${url.protocol}//${encodeURIComponent(user)}:${PASSWORD}@${url.host}${pathOf(url)}/nic/update`;
}

export const updateUrl = ({ url }: Account): string => `${url.origin}${pathOf(url)}/nic/update`;

export const checkIpUrl = ({ url }: Account): string => `${url.origin}${pathOf(url)}/checkip`;

export const pathOf = (url: URL): string => url.pathname.replace(/\/$/, '');

export const firstOf = ({ domains }: Account): DomainName => {
  const [first] = domains;
  if (first === undefined) throw new RangeError('an account has at least one domain');
  return first;
};

/** For clients that take the first colon of their server for the beginning of its port. */
export function refuseIpv6Server({ url }: Account, client: string): Refusal | undefined {
  if (!url.hostname.startsWith('[')) return undefined;
  return { option: '--url', reason: `${client} takes no IPv6 address for its server; use a name` };
}

/** A part of the text for each name, with an empty line between. */
export function forEachDomain(
  { domains }: Account,
  write: (domain: DomainName, index: number) => string,
): string {
  return domains.map(write).join('\n');
}

/** Fields of a device's page, one a line. */
export function fields(values: Readonly<Record<string, string>>): string {
  const width = Math.max(...Object.keys(values).map((name) => name.length));
  return Object.entries(values)
    .map(([name, value]) => `${`${name}:`.padEnd(width + 2)}${value}\n`)
    .join('');
}
