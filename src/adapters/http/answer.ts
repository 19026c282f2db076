import { STATUS_CODES } from 'node:http';
import type { HttpContext, HttpMiddleware, Refuse } from './context.ts';

/**
 * What holds of every answer on the wire. Koa writes a body of text in one call and with its Content-Length, never
 * chunked: ddclient 3.10 reads the size of a chunk as the status. The type is set here, because Koa would guess it
 * from the body, and take `<` for HTML.
 */
export const answerAsText: HttpMiddleware = (context, next) => {
  context.set('Content-Type', 'text/plain; charset=utf-8');
  // Another client, or the same one later, gets another answer.
  context.set('Cache-Control', 'no-store');
  return next();
};

/** Answers with a line of JSON. */
export function answerJson(context: HttpContext, type: string, members: object): void {
  context.set('Content-Type', type);
  context.body = `${JSON.stringify(members)}\n`;
}

/** RFC 9457 where the client prefers JSON, else one line of text. */
export const problem: Refuse = (context, status, detail) => {
  const title = STATUS_CODES[status] ?? '';
  context.status = status;
  if (prefersJson(context)) {
    const members = { type: 'about:blank', title, status, ...(detail !== undefined && { detail }) };
    answerJson(context, 'application/problem+json', members);
  } else {
    context.body = `${status} ${title}${detail === undefined ? '' : `: ${detail}`}\n`;
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

/**
 * Lets the listed methods through. The router itself would add HEAD to GET, but HEAD must never update. It would also
 * answer in words that are none of the protocol.
 */
export function only(...methods: readonly string[]): HttpMiddleware {
  const allow = methods.join(', ');
  return (context, next) => {
    if (methods.includes(context.method)) return next();
    context.set('Allow', allow);
    return context.state.refuse(context, 405);
  };
}
