/** What systemd tells a service in its environment (sd_notify(3), sd_watchdog_enabled(3)). */
export type SystemdEnvironment = {
  /** True when systemd expects notifications. */
  readonly listens: boolean;
  /** Milliseconds after which systemd takes a silent service for dead. Undefined: never. */
  readonly watchdog: number | undefined;
};

export function systemdEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  pid: number,
): SystemdEnvironment {
  const microseconds = Number(env['WATCHDOG_USEC']);
  const isForUs = env['WATCHDOG_PID'] === undefined || Number(env['WATCHDOG_PID']) === pid;
  return {
    listens: (env['NOTIFY_SOCKET'] ?? '') !== '',
    watchdog: isForUs && microseconds > 0 ? microseconds / 1000 : undefined,
  };
}
