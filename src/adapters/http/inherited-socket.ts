import cluster from 'node:cluster';

/** The first descriptor that systemd passes (SD_LISTEN_FDS_START of sd_listen_fds(3)). */
const FIRST = 3;

/** The processes that the socket may be meant for: a worker gets it from the one that started it. */
const OURSELVES: readonly number[] = cluster.isWorker ? [process.pid, process.ppid] : [process.pid];

/** The socket that systemd has opened for the service, if it has (`LISTEN_FDS`, `LISTEN_PID`). */
export function inheritedSocket(
  env: Readonly<Record<string, string | undefined>>,
  pids: readonly number[] = OURSELVES,
): number | undefined {
  const isForUs = pids.includes(Number(env['LISTEN_PID']));
  return isForUs && Number(env['LISTEN_FDS']) > 0 ? FIRST : undefined;
}
