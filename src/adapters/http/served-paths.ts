import { closestMatch } from 'leven';
import { invalid, type Parsed, valid } from '../../domain/errors.ts';
import { comparablePath } from './request-target.ts';

/** The paths at which names are updated in the words of dyndns2. */
export const DYNDNS2_PATHS = [
  '/nic/update',
  '/v3/update',
  '/update',
  '/dyndns/update',
  '/nic/dyndns',
] as const;

/** The path at which nsupdate.info removes the addresses of a name. */
const DELETION_PATH = '/nic/delete';

/** The paths that tell clients how they are seen. */
export const ECHO_PATHS = ['/ip', '/port', '/socket', '/checkip', '/myip', '/nic/checkip.html'] as const;

/** The one route whose path may end with a name. */
const ACCOUNTS_PATH = '/acme-dns/accounts';
const ACCOUNT = new RegExp(`^${ACCOUNTS_PATH}/[^/]+$`);

/** The paths at which certificate programs present their challenges. */
const ACME_PATHS = [
  '/acme/present',
  '/acme/cleanup',
  '/acme-dns/register',
  '/acme-dns/update',
  '/acme-dns/health',
  ACCOUNTS_PATH,
] as const;

/** All paths that are served, and that a listener may be limited to. */
export const SERVED_PATHS: readonly string[] = [
  '/',
  '/dns/update',
  ...DYNDNS2_PATHS,
  DELETION_PATH,
  ...ECHO_PATHS,
  ...ACME_PATHS,
];

const ROUTES: ReadonlySet<string> = new Set(SERVED_PATHS);

/** The route of a path in any spelling, as {@link SERVED_PATHS} names it. Undefined where nothing is served. */
export function servedRouteOf(path: string): string | undefined {
  const plain = comparablePath(path);
  const route = ACCOUNT.test(plain) ? ACCOUNTS_PATH : plain;
  return ROUTES.has(route) ? route : undefined;
}

/** Reads a path at which something is served, in any spelling that means its route. */
export function parseRoute(text: string): Parsed<string> {
  const path = comparablePath(text);
  if (ROUTES.has(path)) return valid(text);
  const maxDistance = Math.max(1, Math.floor(path.length / 3));
  const near = closestMatch(path, [...SERVED_PATHS], { maxDistance });
  const help =
    near === undefined ? `routes are ${SERVED_PATHS.join(', ')}` : `did you mean ${JSON.stringify(near)}?`;
  return invalid(`nothing is served at this path; ${help}`);
}
