/** Where a request goes. The query is kept apart from the path, because it may hold credentials. */
export type RequestTarget = {
  /** Not decoded; runs of slashes are one slash, and a backslash is escaped. */
  readonly path: string;
  /** What stands behind the first question mark, not decoded. */
  readonly query: string;
};

/** Scheme and authority of an absolute-form target, which clients send to a proxy (RFC 9112 section 3.2.2). */
const AUTHORITY = /^https?:\/\/[^/?]*/i;

/**
 * Reads a request target of any form; there is none that fails. `//nic/update` is a path here: clients whose
 * configuration says `server/` and `/nic/update` send it, and a URL parser would take `nic` for a host.
 */
export function parseRequestTarget(target: string): RequestTarget {
  const local = target.startsWith('/') ? target : target.replace(AUTHORITY, '');
  const mark = local.indexOf('?');
  const path = mark === -1 ? local : local.slice(0, mark);
  const query = mark === -1 ? '' : local.slice(mark + 1);
  return { path: path === '' ? '/' : withoutHost(path), query };
}

/** URL parsers, Koa's too, take two slashes for the beginning of a host, and backslashes for slashes. */
function withoutHost(path: string): string {
  if (!path.includes('//') && !path.includes('\\')) return path;
  return path.replace(/\/{2,}/g, '/').replaceAll('\\', '%5C');
}

/** The same for all spellings of a path that mean one route: case and a final slash do not count, as for the router. */
export function comparablePath(path: string): string {
  const whole = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
  return whole.toLowerCase();
}
