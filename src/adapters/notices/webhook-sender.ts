import { promises as dns, type LookupAddress } from 'node:dns';
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Clock } from '../../application/ports/clock.ts';
import type { NoticeOutcome } from '../../application/ports/notice-sender.ts';
import { inTime } from '../../application/service/waiting.ts';
import type { Notice, NoticeTarget } from '../../domain/notice.ts';
import { reasonOf } from '../files/system-error.ts';
import { mayReach, readAddress } from './public-address.ts';
import { requestOf, type WebhookRequest } from './webhook-body.ts';

/** Milliseconds for the whole request. */
const PATIENCE = 10_000;
/** Statuses that judge the body of the request, and not who sent it or where it went. */
const REFUSALS: ReadonlySet<number> = new Set([400, 413, 422]);

/** The addresses of a host name. Rejects where there are none. */
export type ResolveHost = (host: string) => Promise<readonly string[]>;

/**
 * Posts notices to webhooks. A host name is looked up once for each request. Every address is checked, and the
 * connection goes to a checked one, so an answer of the DNS that changes leads nowhere else. Redirects are not
 * followed, and the body of the answer is not read.
 */
export class WebhookSender {
  readonly #clock: Clock;
  readonly #resolve: ResolveHost;

  constructor(clock: Clock, resolve: ResolveHost = resolveHost) {
    this.#clock = clock;
    this.#resolve = resolve;
  }

  /** Ends within ten seconds, and never rejects for what is there. */
  async send(target: NoticeTarget, url: string, notice: Notice): Promise<NoticeOutcome> {
    const ending = new AbortController();
    const request = requestOf(target, url, notice, this.#clock.now());
    try {
      return await inTime(this.#clock, PATIENCE, this.#post(request, target, ending.signal), () => {
        ending.abort();
        return failed('there is no answer in ten seconds');
      });
    } catch (error) {
      const [first = error] = error instanceof AggregateError ? error.errors : [];
      return failed(reasonOf(first));
    }
  }

  async #post(request: WebhookRequest, target: NoticeTarget, signal: AbortSignal): Promise<NoticeOutcome> {
    const url = new URL(request.url);
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const addresses = await this.#addressesOf(host);
    const barred = addresses.find(({ address }) => {
      const read = readAddress(address);
      return read === undefined || !mayReach(read, target.allow);
    });
    if (barred !== undefined)
      return failed(`it is at ${barred.address}, which is not public and not in allow`);
    const { status, retryAfter } = await exchange(url, request, { host, signal, lookup: pinned(addresses) });
    return this.#outcomeOf(status, retryAfter);
  }

  async #addressesOf(host: string): Promise<readonly LookupAddress[]> {
    const isLiteral = readAddress(host) !== undefined || host.includes(':');
    const addresses = isLiteral ? [host] : await this.#resolve(host);
    return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  }

  #outcomeOf(status: number, retryAfter: string | undefined): NoticeOutcome {
    if (status >= 200 && status < 300) return { kind: 'taken' };
    const isRedirect = status >= 300 && status < 400;
    const reason = isRedirect ? `it redirects (${status}), which is not followed` : `it answers ${status}`;
    const pause = /^\d{1,9}$/.test(retryAfter ?? '')
      ? Number(retryAfter) * 1000
      : Date.parse(retryAfter ?? '') - this.#clock.now();
    return {
      kind: 'failed',
      reason,
      refused: REFUSALS.has(status),
      retryAfter: pause > 0 ? pause : undefined,
    };
  }
}

const failed = (reason: string): NoticeOutcome => ({ kind: 'failed', reason, refused: false });

/** Leads every connection to these addresses. */
const pinned =
  (addresses: readonly LookupAddress[]): NonNullable<RequestOptions['lookup']> =>
  (_host, options, done) => {
    const [first] = addresses;
    if (options.all === true) done(null, [...addresses]);
    else done(null, first?.address ?? '', first?.family);
  };

function exchange(
  url: URL,
  { headers, body }: WebhookRequest,
  options: Pick<RequestOptions, 'host' | 'signal' | 'lookup'>,
): Promise<{ readonly status: number; readonly retryAfter: string | undefined }> {
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const login = [url.username, url.password].map(decodeURIComponent).join(':');
    const request = send({
      ...options,
      method: 'POST',
      port: url.port,
      path: `${url.pathname}${url.search}`,
      agent: false,
      ...(login !== ':' && { auth: login }),
      headers: { ...headers, host: url.host, 'content-length': Buffer.byteLength(body) },
    });
    request.on('response', ({ statusCode = 0, headers: answered }: IncomingMessage) => {
      resolve({ status: statusCode, retryAfter: answered['retry-after'] });
      request.destroy();
    });
    request.on('error', reject);
    request.end(body);
  });
}

/**
 * Asks the DNS directly. The lookup of the system would occupy a thread of the pool until a slow name server answers,
 * and users choose these names.
 */
async function resolveHost(host: string): Promise<readonly string[]> {
  if (host === 'localhost' || host.endsWith('.localhost')) return ['127.0.0.1', '::1'];
  const resolver = new dns.Resolver({ timeout: 2_000, tries: 2 });
  const answers = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
  const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  if (addresses.length === 0) throw new Error(`the DNS has no address of ${host}`);
  return addresses;
}
