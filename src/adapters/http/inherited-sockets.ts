import cluster from 'node:cluster';

/** The first descriptor that systemd passes (SD_LISTEN_FDS_START of sd_listen_fds(3)). */
const FIRST = 3;

/** The processes that the sockets may be meant for: a worker gets them from the one that started it. */
const OURSELVES: readonly number[] = cluster.isWorker ? [process.pid, process.ppid] : [process.pid];

/** The sockets that systemd has opened for the service (`LISTEN_FDS`, `LISTEN_PID`), in the order of its unit. */
export function inheritedSockets(
  env: Readonly<Record<string, string | undefined>>,
  pids: readonly number[] = OURSELVES,
): readonly number[] {
  const isForUs = pids.includes(Number(env['LISTEN_PID']));
  const count = isForUs ? Number(env['LISTEN_FDS'] ?? 0) : 0;
  return Array.from({ length: count }, (_, index) => FIRST + index);
}
