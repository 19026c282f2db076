import { invalid, type Parsed, valid } from '../../domain/errors.ts';
import { parseIpAddress } from '../../domain/ip-address.ts';
import { isLoopback } from '../../domain/network.ts';

/** Where a database is reached: a machine, or the folder of a Unix socket. */
export type DatabaseHost = { readonly host: string; readonly port: number };

/** How much TLS has to prove. `off`: there is none. */
export type DatabaseTls =
  | 'off'
  | {
      /** `name`: that it is the host that is named; `authority`: that a known authority signed; or `nothing`. */
      readonly proves: 'name' | 'authority' | 'nothing';
      /** Path of the certificates of authorities. Undefined: those that Node.js trusts. */
      readonly ca: string | undefined;
    };

export type DatabaseAddress = {
  /** At least one. Of several, the one that takes writes is used. */
  readonly hosts: readonly DatabaseHost[];
  readonly user: string;
  readonly password: string | undefined;
  readonly database: string;
  readonly tls: DatabaseTls;
};

const FORM =
  /^postgres(?:ql)?:\/\/(?:([^:@/?#]*)(?::([^@/?#]*))?@)?([^@/?#]*)(?:\/([^/?#]*))?(?:\?([^#]*))?$/i;

const MODES = {
  disable: 'off',
  require: 'nothing',
  'verify-ca': 'authority',
  'verify-full': 'name',
} as const;

const WRITTEN_LIKE = 'an address is written like postgres://user:password@host1,host2:5433/database';

/**
 * Reads the URL of a database in the form of libpq, with one host or several. Without `sslmode`, it is `verify-full`,
 * and `disable` where all hosts are on this machine. The reason never repeats the text, which may have a password.
 */
export function parseDatabaseAddress(text: string): Parsed<DatabaseAddress> {
  const [all, ...parts] = FORM.exec(text) ?? [];
  if (all === undefined) {
    return invalid(
      `${WRITTEN_LIKE}; in user and password, : / ? # @ and % are written as %3A %2F %3F %23 %40 %25`,
    );
  }
  const decoded = parts.slice(0, 4).map((part = '') => decodedText(part));
  if (decoded.includes(undefined))
    return invalid('a % is followed by two hexadecimal digits; % itself is %25');
  const [user = '', password = '', , database = ''] = decoded;
  if (user === '') return invalid(`it has no user; ${WRITTEN_LIKE}`);
  if (database === '') return invalid(`it names no database; ${WRITTEN_LIKE}`);
  if (decoded.some((part) => part?.includes('\0'))) return invalid('PostgreSQL takes no character NUL');
  const parameters = new Map(new URLSearchParams(parts[4] ?? ''));
  const hosts = hostsIn(parts[2] || (parameters.get('host') ?? ''));
  if (!hosts.ok) return hosts;
  const tls = tlsIn(parameters, hosts.value);
  if (!tls.ok) return tls;
  return valid({
    hosts: hosts.value,
    user,
    password: parts[1] === undefined ? undefined : password,
    database,
    tls: tls.value,
  });
}

/** A host for people: `db.example.org:5432`, `[2001:db8::1]:5432`, `/run/postgresql`. */
export function databaseHostText({ host, port }: DatabaseHost): string {
  if (host.startsWith('/')) return host;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function hostsIn(text: string): Parsed<readonly DatabaseHost[]> {
  const hosts: DatabaseHost[] = [];
  for (const one of text.split(',')) {
    const [, bracketed, plain = '', port = '5432'] =
      /^(?:\[([0-9a-f:.]+)\]|([^:[\]]*))(?::(\d+))?$/i.exec(one) ?? [];
    const host = bracketed ?? decodedText(plain);
    if (host === undefined || host === '') return invalid(`it names no host; ${WRITTEN_LIKE}`);
    if (Number(port) < 1 || Number(port) > 65_535) return invalid('a port is a number from 1 to 65535');
    hosts.push({ host, port: Number(port) });
  }
  return valid(hosts);
}

/** `target_session_attrs=read-write` is what we do anyway. */
const KNOWN = ['host', 'sslmode', 'sslrootcert', 'target_session_attrs'];

function tlsIn(parameters: ReadonlyMap<string, string>, hosts: readonly DatabaseHost[]): Parsed<DatabaseTls> {
  if ([...parameters.keys()].some((key) => !KNOWN.includes(key))) {
    return invalid('behind the ? there may be sslmode, sslrootcert and host, and nothing else');
  }
  if ((parameters.get('target_session_attrs') ?? 'read-write') !== 'read-write') {
    return invalid('target_session_attrs is read-write');
  }
  const mode = parameters.get('sslmode') ?? (hosts.every(isHere) ? 'disable' : 'verify-full');
  const proves = Object.hasOwn(MODES, mode) ? MODES[mode as keyof typeof MODES] : undefined;
  if (proves === undefined) return invalid(`sslmode is one of ${Object.keys(MODES).join(', ')}`);
  const ca = parameters.get('sslrootcert') ?? 'system';
  if (ca !== 'system' && !ca.startsWith('/')) return invalid('sslrootcert is an absolute path, or system');
  return valid(proves === 'off' ? 'off' : { proves, ca: ca === 'system' ? undefined : ca });
}

function isHere({ host }: DatabaseHost): boolean {
  const address = parseIpAddress(host);
  return host.startsWith('/') || host === 'localhost' || (address.ok && isLoopback(address.value));
}

function decodedText(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
