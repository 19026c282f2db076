import type { CliContext } from './context.ts';

const STOP_SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Runs something that goes on until it is told to stop: the first signal asks it to, the second presses it. */
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
