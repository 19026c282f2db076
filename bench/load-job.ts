/** One request, octet by octet, and the only body that counts as its success (with status 200). */
export type PlannedRequest = { readonly text: string; readonly body: string };

/** As fast as the connections go: each carries one request at a time. */
export type FloodJob = {
  readonly kind: 'flood';
  readonly port: number;
  readonly connections: number;
  readonly requests: readonly PlannedRequest[];
  /** For how long the requests are repeated; without it, each is sent once. */
  readonly seconds?: number;
};

/**
 * One request at a time at a fixed rate, each followed by the same change in one bare DNS message from the
 * same process, so that both meet the same machine; or by nothing.
 */
export type PacedJob = {
  readonly kind: 'paced';
  readonly port: number;
  readonly perSecond: number;
  readonly requests: readonly PlannedRequest[];
  readonly bare?: BareUpdates;
};

/** Requests with wrong passwords at a fixed rate, each for a client of its own that X-Forwarded-For names. */
export type GuessJob = {
  readonly kind: 'guess';
  readonly port: number;
  readonly perSecond: number;
  readonly seconds: number;
  /** Whose passwords are guessed, one after the other. */
  readonly users: readonly string[];
};

/** Several floods at the same time, each at a server of its own. */
export type FloodsJob = { readonly kind: 'floods'; readonly floods: readonly FloodJob[] };

/** On each connection so many octets of `GET /ip` without a pause, and the same again when all are answered. */
export type PipelineJob = {
  readonly kind: 'pipeline';
  readonly port: number;
  readonly connections: number;
  readonly octets: number;
  readonly seconds: number;
};

/** Updates without HTTP: the address that each name gets, in the order of the requests. */
export type BareUpdates = {
  readonly port: number;
  readonly zone: string;
  readonly key: { readonly name: string; readonly algorithm: string; readonly secret: string };
  readonly changes: readonly { readonly name: string; readonly from: string; readonly to: string }[];
};

export type LoadJob = FloodJob | FloodsJob | PacedJob | GuessJob | PipelineJob;

/** What became of a job. Requests that are not in `failed` had the answer that counts, each time. */
export type FloodResult = {
  readonly successes: number;
  readonly seconds: number;
  /** Indices of requests that once had another answer, or none. */
  readonly failed: readonly number[];
  /** Some of these answers. */
  readonly samples: readonly string[];
};

/** Milliseconds, one of each request that succeeded. */
export type PacedResult = FloodResult & {
  readonly http: readonly number[];
  readonly bare: readonly number[];
};

/** How many guesses there were, and what was answered: `badauth` or `911`. There should be no others. */
export type GuessResult = {
  readonly sent: number;
  readonly judged: number;
  readonly turnedAway: number;
  readonly others: readonly string[];
};

/** How many requests were answered, and how often a connection was closed before all of it was. */
export type PipelineResult = { readonly answered: number; readonly closed: number };

export type LoadResult = FloodResult | readonly FloodResult[] | PacedResult | GuessResult | PipelineResult;

export type LoadReply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly result: LoadResult }
  | { readonly kind: 'failed'; readonly reason: string };
