/** The first descriptor that systemd passes (SD_LISTEN_FDS_START of sd_listen_fds(3)). */
const FIRST = 3;

/** The sockets that systemd has opened for the service (`LISTEN_FDS`, `LISTEN_PID`), in the order of its unit. */
export function inheritedSockets(env: Readonly<Record<string, string | undefined>>): readonly number[] {
  const isForUs = Number(env['LISTEN_PID']) === process.pid;
  const count = isForUs ? Number(env['LISTEN_FDS'] ?? 0) : 0;
  return Array.from({ length: count }, (_, index) => FIRST + index);
}
