import type { Next, ParameterizedContext } from 'koa';
import type { Origin } from '../../application/update/update-request.ts';
import type { SocketAddress } from '../../domain/socket-address.ts';
import type { Words } from './dyndns2/words.ts';

/** A name and a value of the query or of the body, decoded, in the order of the request. */
export type Parameter = readonly [name: string, value: string];

/** What the middleware list of app.ts finds out about a request, in that order. */
export type HttpState = {
  /** What stood behind the question mark. It may hold credentials, so nothing else of Koa gets to see it. */
  query: string;
  /** How errors of this route are worded. */
  refuse: Refuse;
  /** Who asks, as far as proxies are believed. */
  client: SocketAddress;
  /** Who asks, for the history. Known where there are pages, as what follows. */
  origin?: Origin;
  /** Whether it came by HTTPS all the way. */
  secure?: boolean;
  /** The body as text; undefined for one that is too long. */
  readBody?: () => Promise<string | undefined>;
  /** The path without secrets. */
  pathForLog?: () => string;
  /** Of the query, then of the body. Read only where a route takes any. */
  parameters: readonly Parameter[];
  /** Why the form of the request is wrong, in one sentence. It is told only after the credentials were accepted. */
  malformed: string | undefined;
  /** In which protocol a route of updates answers. */
  words: Words;
};

export type HttpContext = ParameterizedContext<HttpState>;

export type HttpMiddleware = (context: HttpContext, next: Next) => Promise<void> | void;

/**
 * Answers with an error. `detail` is one sentence that does not depend on what the client sent: an answer
 * never carries input back, so that no input can put a word of success into it (see docs/http.md).
 */
export type Refuse = (context: HttpContext, status: RefusalStatus, detail?: string) => void;

export type RefusalStatus = 400 | 401 | 403 | 404 | 405 | 413 | 429 | 500 | 503;
