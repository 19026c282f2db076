import { STATUS_CODES } from 'node:http';
import type { HttpContext, HttpMiddleware, Refuse } from './context.ts';

const TEXT = 'text/plain; charset=utf-8';

/**
 * Writes an answer whole, in one call: always with Content-Length, never chunked (ddclient 3.10 reads the
 * size of a chunk as the status), and past Koa's own response, which costs a third of a small request and is not
 * asked for one: see app.ts.
 */
export function send(context: HttpContext, status: number, body: string, type = TEXT): void {
  context.res
    .writeHead(status, {
      'Content-Type': type,
      'Content-Length': Buffer.byteLength(body),
      // The next client, and the next moment, have another answer.
      'Cache-Control': 'no-store',
    })
    .end(body);
}

/** RFC 9457 where the client prefers JSON, else one line of text. */
export const problem: Refuse = (context, status, detail) => {
  const title = STATUS_CODES[status] ?? '';
  if (prefersJson(context)) {
    const members = { type: 'about:blank', title, status, ...(detail !== undefined && { detail }) };
    send(context, status, `${JSON.stringify(members)}\n`, 'application/problem+json');
  } else {
    send(context, status, `${status} ${title}${detail === undefined ? '' : `: ${detail}`}\n`);
  }
};

export function prefersJson(context: HttpContext): boolean {
  if (context.req.headers.accept === undefined) return false;
  const preferred = context.accepts('text/plain', 'application/json', 'application/problem+json');
  return preferred !== 'text/plain' && preferred !== false;
}

/** The challenge without which wget and others never send credentials (RFC 9110 section 11.6.1). */
export function challenge(context: HttpContext): void {
  context.set('WWW-Authenticate', 'Basic realm="dynonym"');
}

/** Lets the listed methods through. HEAD is only let through where it is listed. */
export function only(...methods: readonly string[]): HttpMiddleware {
  const allow = methods.join(', ');
  return (context, next) => (methods.includes(context.method) ? next() : refuseMethod(context, allow));
}

function refuseMethod(context: HttpContext, allow: string): void {
  context.set('Allow', allow);
  context.state.refuse(context, 405);
}
