import type { DomainName } from '../../domain/domain-name.ts';
import { hostOf, type ServerSocket } from '../../domain/socket-address.ts';

/** What a client has to know to reach a server, for one user. */
export type Account = {
  /** Where the server is reached: `https://ddns.example.org`, without a final slash. */
  readonly url: URL;
  readonly user: string;
  /** At least one. */
  readonly domains: readonly DomainName[];
  /** Letters, digits, `_` and `-`. Without it, `PASSWORD` or `SECRET` stands where it goes. */
  readonly secret?: string | undefined;
  /** Where the built-in name server is reached; without it, at port 53 of the host in `url`. */
  readonly nameServer?: ServerSocket | undefined;
  /** A name of the server that has only an A record; without one, the name in `url`. */
  readonly ipv4Check?: DomainName | undefined;
  /** A name of the server that has only an AAAA record; without one, the name in `url`. */
  readonly ipv6Check?: DomainName | undefined;
};

/** Why a client cannot be used with an account, and which option has to have another value. */
export type Refusal = { readonly option: '--user' | '--url'; readonly reason: string };

/**
 * A text with placeholders. `{user}` is replaced by a value of {@link valuesFor}. `«{user}:PASSWORD»` is replaced by
 * the text between the marks, with its values, quoted as the format of the client needs it.
 */
export type Template = string;

/** Fields on a page of a device: their labels, and what to type into them. */
export type Fields = Readonly<Record<string, Template>>;

/** A configuration for one kind of client. `PASSWORD` or `SECRET` stands where the password goes. */
export type Client = {
  /** Its name on the command line. */
  readonly id: string;
  /** Its name for people. */
  readonly title: string;
  /** Where the text goes: a file, or the page of a device. */
  readonly place: string;
  /** What to do or to know before it works. Markdown. */
  readonly notes: readonly string[];
  /** Quotes a value for its format. Without it, a value stands as it is. */
  quote?(value: string): string;
  /** Written once, at the beginning. */
  readonly before?: Template;
  /** Written once for each name. */
  readonly each?: Template | Fields;
  /** Stands between two of these. Default: a line break, and an empty line between fields. */
  readonly between?: string;
  readonly after?: Template;
  /** Refuses values that this client would misread in any form. Without it, none is refused. */
  refuse?(account: Account): Refusal | undefined;
};

/** Notes that are needed only where the text has no secret in it. */
export const SECRET_NOTES = {
  placeholder:
    'Write the password in place of `SECRET`. All other words for it in the text are for the device, and stay as they are.',
  certificates:
    'Best give it a token that is good for certificates only: `dynonym configure users token add USER --certificates-only`. ' +
    'docs/certificates.md says for which names a user gets certificates.',
} as const;

/** The text of a client for an account. */
export function render(client: Client, account: Account): string {
  const { quote = (value) => value, before, each, after } = client;
  const placeholder = JSON.stringify([before, each, after]).includes('SECRET') ? 'SECRET' : 'PASSWORD';
  const { secret = placeholder } = account;
  const { between = typeof each === 'object' ? '\n\n' : '\n' } = client;
  const write = (part: Template | Fields | undefined, index: number): string => {
    const values = valuesFor(account, index);
    const fill = (template: Template): string =>
      template.replace(
        /«([^»]*)»|\{(\w+)\}|\b(?:PASSWORD|SECRET)\b/g,
        (whole, quoted?: string, name = '') => {
          if (whole === placeholder) return secret;
          return quoted === undefined ? (values[name] ?? whole) : quote(fill(quoted));
        },
      );
    return typeof part === 'object' ? rows(part, fill) : fill(part ?? '');
  };
  const parts = [
    write(before, 0),
    // Two names in one zone need that zone once.
    [...new Set(account.domains.map((_, index) => write(each, index)))].join(
      each === undefined ? '' : between,
    ),
    write(after, 0),
  ];
  return `${parts.filter((part) => part !== '').join('\n')}\n`;
}

function rows(fields: Fields, fill: (template: Template) => string): string {
  const width = Math.max(...Object.keys(fields).map((label) => label.length));
  return Object.entries(fields)
    .map(([label, template]) => `${`${label}:`.padEnd(width + 2)}${fill(template)}`)
    .join('\n');
}

/** @param index of the domain that `name`, `zone`, `lookup` and `number` are about */
function valuesFor(account: Account, index: number): Readonly<Record<string, string>> {
  const { url, user, domains, secret = 'PASSWORD', ipv4Check, ipv6Check } = account;
  const path = url.pathname.replace(/\/$/, '');
  const server = `${url.host}${path}`;
  const isHttps = url.protocol === 'https:';
  const port = url.port === '' ? '' : `:${url.port}`;
  const checkAt = (name: DomainName | undefined) =>
    `${url.protocol}//${name === undefined ? url.host : `${name}${port}`}${path}/checkip`;
  const name = domains[index] ?? '';
  const { nameServer = { host: url.hostname.replace(/^\[|\]$/g, ''), port: 53 } } = account;
  const dnsHost = hostOf(nameServer);
  const dnsPort = String(nameServer.port);
  return {
    user,
    /** The update URL. */
    update: `${url.protocol}//${server}/nic/update`,
    /** The same with credentials in it, for clients that have no field for them. */
    login: `${url.protocol}//${encodeURIComponent(user)}:${secret}@${server}/nic/update`,
    check4: checkAt(ipv4Check),
    check6: checkAt(ipv6Check),
    scheme: url.protocol.slice(0, -1),
    /** Host and port. */
    host: url.host,
    dnsHost,
    dnsPort,
    /** Both, with an IPv6 address in brackets. */
    dnsSocket: dnsHost.includes(':') ? `[${dnsHost}]:${dnsPort}` : `${dnsHost}:${dnsPort}`,
    /** Host, port, and the path in front of all routes: `ddns.example.org/sub`. */
    server,
    path,
    yesNo: isHttps ? 'yes' : 'no',
    oneZero: isHttps ? '1' : '0',
    isHttps: String(isHttps),
    name,
    /** The name, or the name above a wildcard: what a challenge is for. */
    base: name.replace(/^\*\./, ''),
    /** The name without its first label, which is most likely its zone. */
    zone: name.slice(name.indexOf('.') + 1),
    /** Something to look up: a name that a wildcard matches. */
    lookup: name.replace(/^\*/, 'any'),
    number: String(index + 1),
    index: String(index),
    names: domains.join(','),
    spacedNames: domains.join(', '),
    quotedNames: domains.map((domain) => `"${domain}"`).join(', '),
    /** All domains but the first, each behind a comma. */
    others: domains
      .slice(1)
      .map((domain) => `,${domain}`)
      .join(''),
  };
}

/** @param lost true when the user name would not arrive unchanged */
export function refuseUser(lost: boolean, reason: string): Refusal | undefined {
  return lost ? { option: '--user', reason: `${reason}; give this client a user of its own` } : undefined;
}

/** For clients that read a port behind the first colon of their server. */
export function refuseIpv6Server({ url }: Account, client: string): Refusal | undefined {
  if (!url.hostname.startsWith('[')) return undefined;
  return { option: '--url', reason: `${client} takes no IPv6 address for its server; use a name` };
}

/** For clients that cannot quote characters with a meaning in a URL. */
export function refuseUnlessPlain({ user }: Account, client: string): Refusal | undefined {
  return refuseUser(
    /[^A-Za-z0-9._~@-]/.test(user),
    `${client} may lose all but letters, digits and . _ ~ @ -`,
  );
}
