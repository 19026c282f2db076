const MINUTE = 60_000;

/** How many different failures within ten minutes start a pause. */
export const MOST_FAILURES = {
  /** For one typed name from one site. */
  ofName: 10,
  /** From one site, whatever names were typed. */
  ofSite: 50,
  /** From one IPv6 /48. */
  ofNetwork: 500,
} as const;

const WINDOW = 10 * MINUTE;
/** The first pause; each further one is twice as long. */
const FIRST_PAUSE = MINUTE;
const LONGEST_PAUSE = 60 * MINUTE;
/** After this time without a failure, the next pause is as short as the first one. */
const MEMORY = 2 * LONGEST_PAUSE;

/** What is remembered of a name at a site, of a site, or of a network. All times are milliseconds of one clock. */
export type Failures = {
  /** When the failures since the last pause happened, the oldest first. */
  readonly times: readonly number[];
  readonly failedLast: number;
  readonly pausedUntil: number;
  /** Length of the next pause. */
  readonly nextPause: number;
};

const NO_FAILURES: Failures = { times: [], failedLast: 0, pausedUntil: 0, nextPause: FIRST_PAUSE };

/** What is remembered after one more failure. A pause starts when there are `most` failures in the window. */
export function afterFailure(before: Failures | undefined, most: number, now: number): Failures {
  const { times, nextPause } =
    before !== undefined && now - before.failedLast < MEMORY ? before : NO_FAILURES;
  const recent = [...times.filter((time) => now - time < WINDOW), now];
  if (recent.length < most) return { times: recent, failedLast: now, pausedUntil: 0, nextPause };
  const longer = Math.min(LONGEST_PAUSE, 2 * nextPause);
  return { times: [], failedLast: now, pausedUntil: now + nextPause, nextPause: longer };
}

/** How many failures count towards the next pause. */
export const recentFailures = ({ times }: Failures, now: number): number =>
  times.filter((time) => now - time < WINDOW).length;

/** Milliseconds until the pause ends; 0 when there is none. */
export const pauseLeft = (failures: Failures | undefined, now: number): number =>
  failures === undefined ? 0 : Math.max(0, failures.pausedUntil - now);
