import type { CliContext } from './context.ts';

const STOP_SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Runs something until a signal arrives. The first SIGINT or SIGTERM aborts `stop`, the second aborts `hurry`. */
export async function untilSignal<Outcome>(
  signals: CliContext['signals'],
  run: (stop: AbortSignal, hurry: AbortSignal) => Promise<Outcome>,
): Promise<Outcome> {
  const stop = new AbortController();
  const hurry = new AbortController();
  const onSignal = () => (stop.signal.aborted ? hurry : stop).abort();
  for (const signal of STOP_SIGNALS) signals.on(signal, onSignal);
  try {
    return await run(stop.signal, hurry.signal);
  } finally {
    for (const signal of STOP_SIGNALS) signals.off(signal, onSignal);
  }
}
