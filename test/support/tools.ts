import { accessSync, constants, readdirSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

const NAME_SERVERS = {
  named: 'bind9',
  'named-rrchecker': 'bind9',
  dig: 'bind9-dnsutils',
  nsupdate: 'bind9-dnsutils',
  'named-checkconf': 'bind9-utils',
  'named-checkzone': 'bind9-utils',
  rndc: 'bind9-utils',
  knotd: 'knot',
  kdig: 'knot-dnsutils',
  knsupdate: 'knot-dnsutils',
  pdns_server: 'pdns-server',
  pdnsutil: 'pdns-server',
  '/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql': 'pdns-backend-sqlite3',
  sqlite3: 'sqlite3',
  nsd: 'nsd',
  'nsd-checkzone': 'nsd',
  knotc: 'knot',
  unbound: 'unbound',
  openssl: 'openssl',
} as const;

const CLIENTS = {
  ddclient: 'ddclient',
  '/usr/share/perl5/IO/Socket/SSL.pm': 'libio-socket-ssl-perl',
  inadyn: 'inadyn',
  wget: 'wget',
  busybox: 'busybox',
  curl: 'curl',
  lego: 'lego',
  certbot: 'certbot',
  '/usr/lib/python3/dist-packages/certbot_dns_rfc2136/__init__.py': 'python3-certbot-dns-rfc2136',
} as const;

const PROXIES = { nginx: 'nginx-light', caddy: 'caddy', haproxy: 'haproxy' } as const;

const SYSTEM = {
  'systemd-analyze': 'systemd',
  'systemd-notify': 'systemd',
  'systemd-socket-activate': 'systemd',
  python3: 'python3',
  promtool: 'prometheus',
} as const;

const PACKAGING = {
  mmdebstrap: 'mmdebstrap',
  lintian: 'lintian',
  'dpkg-deb': 'dpkg',
  unshare: 'util-linux',
} as const;

const MAIL_SERVERS = { exim4: 'exim4-daemon-light' } as const;

const AUTHORITIES = { pebble: 'pebble' } as const;

const BROWSERS = { chromium: 'chromium' } as const;

const DATABASES = {
  postgres: 'postgresql',
  initdb: 'postgresql',
  pg_ctl: 'postgresql',
  pg_basebackup: 'postgresql',
  psql: 'postgresql-client',
  createdb: 'postgresql-client',
  pg_dump: 'postgresql-client',
  pg_restore: 'postgresql-client',
  pgbouncer: 'pgbouncer',
} as const;

const SHELLS = { bash: 'bash', zsh: 'zsh', fish: 'fish' } as const;

const MANUALS = { mandoc: 'mandoc' } as const;

const LOAD_GENERATORS = { dnsperf: 'dnsperf' } as const;

/** The programs and files of others that tests and benchmarks use, each with the Debian package that has it. */
export const TOOLS = {
  ...NAME_SERVERS,
  ...CLIENTS,
  ...PROXIES,
  ...SYSTEM,
  ...AUTHORITIES,
  ...MAIL_SERVERS,
  ...PACKAGING,
  ...BROWSERS,
  ...DATABASES,
  ...SHELLS,
  ...MANUALS,
  ...LOAD_GENERATORS,
} as const;

export type Tool = keyof typeof TOOLS;

export const NAME_SERVER_TOOLS = Object.keys(NAME_SERVERS) as readonly Tool[];
export const DATABASE_TOOLS = Object.keys(DATABASES) as readonly Tool[];
export const LOAD_TOOLS = Object.keys(LOAD_GENERATORS) as readonly Tool[];

/** Servers live in sbin, which is not on the path of everybody. */
const FOLDERS = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin'];

/** Debian has a folder for each version of PostgreSQL. */
const POSTGRES = '/usr/lib/postgresql';

/** Where a tool is, or undefined where it is not installed. */
export function findTool(tool: Tool): string | undefined {
  if (isAbsolute(tool)) return isAccessible(tool, constants.R_OK) ? tool : undefined;
  const folders = tool in DATABASES ? [...postgresFolders(), ...FOLDERS] : FOLDERS;
  return folders.map((folder) => join(folder, tool)).find((path) => isAccessible(path, constants.X_OK));
}

/** Those of the newest version first. */
function postgresFolders(): readonly string[] {
  if (!isAccessible(POSTGRES, constants.R_OK)) return [];
  const versions = readdirSync(POSTGRES).sort((one, other) => Number(other) - Number(one));
  return versions.map((version) => join(POSTGRES, version, 'bin'));
}

/** Like {@link findTool} for tools that the test has already asked for (`describeWithTools`). */
export function toolPath(tool: Tool): string {
  const path = findTool(tool);
  if (path === undefined) throw new Error(`${tool} is not installed (Debian package ${TOOLS[tool]})`);
  return path;
}

function isAccessible(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}
