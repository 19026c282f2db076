/** The paths at which names are updated in the words of dyndns2. */
export const DYNDNS2_PATHS = [
  '/nic/update',
  '/v3/update',
  '/update',
  '/dyndns/update',
  '/nic/dyndns',
] as const;

/** The paths that tell clients how they are seen. */
export const ECHO_PATHS = ['/ip', '/port', '/socket', '/checkip', '/myip', '/nic/checkip.html'] as const;

/** All paths that are served, and that the configuration may name. */
export const SERVED_PATHS: readonly string[] = ['/', '/dns/update', ...DYNDNS2_PATHS, ...ECHO_PATHS];
