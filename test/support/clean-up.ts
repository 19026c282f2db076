/** What must not outlive this process, in the order of its coming. */
const pending = new Set<() => void>();

/**
 * Has `action` done when this process ends, however it ends short of SIGKILL; the last that came goes first.
 * Returns the function that takes it back.
 */
export function atExit(action: () => void): () => void {
  pending.add(action);
  return () => pending.delete(action);
}

function cleanUp(): void {
  for (const action of [...pending].reverse()) {
    pending.delete(action);
    action();
  }
}

process.on('exit', cleanUp);
// The test runner ends a file that takes too long by SIGTERM, which would not come past `exit`.
for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    cleanUp();
    process.kill(process.pid, signal);
  });
}
